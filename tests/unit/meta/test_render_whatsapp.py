"""The WhatsApp form."""

from __future__ import annotations

from typing import Any

import pytest

from overture.meta.outbound import Button, Card, Media, OutboundMessage, Recipient, Template
from overture.meta.render_whatsapp import merge, render

TO = Recipient(id="4915550100777")
YES, NO = Button(title="Yes", payload="/affirm"), Button(title="No", payload="/deny")
SITE = Button(title="Site", url="https://films.example")
IMAGE = "https://films.example/p.jpg"


def only(message: OutboundMessage) -> dict[str, Any]:
    (body,) = render(message, TO)
    return body


def test_a_reply_goes_to_a_number():
    assert only(OutboundMessage(text="Good evening.")) == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": TO.id,
        "type": "text",
        "text": {"body": "Good evening.", "preview_url": False},
    }


@pytest.mark.parametrize("scoped", ["DE.1349120865530274191", "US.ENT.118"])
def test_a_business_scoped_id_goes_into_its_own_field(scoped):
    (body,) = render(OutboundMessage(text="hi"), Recipient(id=scoped))
    assert body["recipient"] == scoped
    assert "to" not in body


def test_reference_and_answered_message_go_along():
    body = only(OutboundMessage(text="hi", reference="out-7", reply_to="wamid.1"))
    assert body["biz_opaque_callback_data"] == "out-7"
    assert body["context"] == {"message_id": "wamid.1"}


def test_up_to_three_taps_are_buttons():
    body = only(OutboundMessage(text="This?", buttons=(YES, NO)))
    assert body["interactive"] == {
        "type": "button",
        "body": {"text": "This?"},
        "action": {
            "buttons": [
                {"type": "reply", "reply": {"id": "/affirm", "title": "Yes"}},
                {"type": "reply", "reply": {"id": "/deny", "title": "No"}},
            ]
        },
    }


def test_more_taps_are_a_list():
    buttons = tuple(Button(title=f"Film {n}", payload=f"/f{n}") for n in range(12))
    body = only(OutboundMessage(text="Which?", buttons=buttons, list_label="Films"))
    interactive = body["interactive"]
    assert (interactive["type"], interactive["action"]["button"]) == ("list", "Films")
    assert len(interactive["action"]["sections"][0]["rows"]) == 10
    assert interactive["body"]["text"] == "Which?\n• Film 10\n• Film 11"


def test_a_long_row_is_told_in_full_below_its_title():
    buttons = tuple(
        Button(title=f"The Good, the Bad and the Ugly {n}", payload=f"/f{n}") for n in range(4)
    )
    rows = only(OutboundMessage(text="?", buttons=buttons))["interactive"]["action"]["sections"][0]
    assert rows["rows"][0] == {
        "id": "/f0",
        "title": "The Good, the Bad and…",
        "description": "The Good, the Bad and the Ugly 0",
    }


def test_titles_that_would_look_alike_are_a_list():
    buttons = tuple(
        Button(title=f"The Good, the Bad and the Ugly {n}", payload=f"/f{n}") for n in range(2)
    )
    assert only(OutboundMessage(text="?", buttons=buttons))["interactive"]["type"] == "list"


def test_two_taps_with_one_payload_are_one():
    twice = (YES, Button(title="Sure", payload="/affirm"))
    buttons = only(OutboundMessage(text="?", buttons=twice))["interactive"]["action"]["buttons"]
    assert [button["reply"]["title"] for button in buttons] == ["Yes"]


def test_a_lone_link_is_a_link_button():
    interactive = only(OutboundMessage(text="See", buttons=(SITE,)))["interactive"]
    assert interactive["type"] == "cta_url"
    assert interactive["action"] == {
        "name": "cta_url",
        "parameters": {"display_text": "Site", "url": "https://films.example"},
    }


def test_links_beside_taps_are_written_out():
    body = only(OutboundMessage(text="See", buttons=(SITE, YES)))
    assert body["interactive"]["body"]["text"] == "See\nSite: https://films.example"


def test_several_links_are_written_out_with_a_preview():
    body = only(OutboundMessage(text="See", buttons=(SITE, SITE)))
    assert body["text"]["preview_url"] is True


def test_an_image_carries_the_words():
    body = only(OutboundMessage(text="This?", image=IMAGE))
    assert body["image"] == {"link": IMAGE, "caption": "This?"}


def test_an_image_stands_above_the_buttons():
    interactive = only(OutboundMessage(text="This?", image=IMAGE, buttons=(YES,)))["interactive"]
    assert interactive["header"] == {"type": "image", "image": {"link": IMAGE}}


def test_an_image_with_long_words_goes_before_them():
    bodies = render(OutboundMessage(text="word " * 400, image=IMAGE), TO)
    assert [body["type"] for body in bodies] == ["image", "text"]


def test_long_words_go_before_the_buttons_they_do_not_fit_beside():
    bodies = render(OutboundMessage(text="Words and words. " * 150, buttons=(YES,)), TO)
    assert [body["type"] for body in bodies] == ["text", "interactive"]
    said = bodies[0]["text"]["body"] + " " + bodies[1]["interactive"]["body"]["text"]
    assert said == ("Words and words. " * 150).strip()


def test_choices_without_words_still_arrive():
    assert only(OutboundMessage(buttons=(YES,)))["interactive"]["body"]["text"] == "…"


def test_a_file_is_a_document_with_its_name():
    media = (Media(kind="file", url="https://x.example/p", filename="programme.pdf"),)
    body = only(OutboundMessage(media=media))
    assert body["document"] == {"link": "https://x.example/p", "filename": "programme.pdf"}


def test_cards_become_pictures_with_captions_or_texts():
    cards = (Card(title="Vertigo", subtitle="1958", image=IMAGE), Card(title="Rope"))
    first, second = render(OutboundMessage(cards=cards), TO)
    assert first["image"]["caption"] == "Vertigo\n1958"
    assert second["text"]["body"] == "Rope"


def test_a_template_has_its_values_on_one_line():
    template = Template(
        name="follow_up",
        language="en_US",
        body=("Ada", "film\n\nnight\tat  eight", "  "),
        payloads=("/follow_up_yes",),
    )
    body = only(OutboundMessage(text="left out", template=template, follow_up=True))
    assert body["template"] == {
        "name": "follow_up",
        "language": {"code": "en_US"},
        "components": [
            {
                "type": "body",
                "parameters": [
                    {"type": "text", "text": "Ada"},
                    {"type": "text", "text": "film night at eight"},
                    {"type": "text", "text": "-"},
                ],
            },
            {
                "type": "button",
                "sub_type": "quick_reply",
                "index": "0",
                "parameters": [{"type": "payload", "payload": "/follow_up_yes"}],
            },
        ],
    }


def test_a_template_without_values_has_no_components():
    body = only(OutboundMessage(template=Template(name="hello", language="en")))
    assert body["template"] == {"name": "hello", "language": {"code": "en"}}


def test_a_follow_up_with_an_image_is_one_message():
    message = OutboundMessage(text="word " * 1000, image=IMAGE, buttons=(YES,), follow_up=True)
    assert only(message)["interactive"]["body"]["text"].endswith("…")


@pytest.mark.parametrize(
    ("bubbles", "merged"),
    [
        # text and text, the last with buttons
        (
            [OutboundMessage(text="A"), OutboundMessage(text="B", buttons=(YES,))],
            [OutboundMessage(text="A\n\nB", buttons=(YES,))],
        ),
        # buttons end a bubble
        (
            [OutboundMessage(text="A", buttons=(YES,)), OutboundMessage(text="B")],
            [OutboundMessage(text="A", buttons=(YES,)), OutboundMessage(text="B")],
        ),
        # an image takes the text that follows
        (
            [OutboundMessage(image=IMAGE), OutboundMessage(text="B")],
            [OutboundMessage(image=IMAGE, text="B")],
        ),
        # but an image begins a bubble
        (
            [OutboundMessage(text="A"), OutboundMessage(image=IMAGE)],
            [OutboundMessage(text="A"), OutboundMessage(image=IMAGE)],
        ),
        # a follow-up stays what it is
        (
            [OutboundMessage(text="A"), OutboundMessage(text="B", follow_up=True)],
            [OutboundMessage(text="A"), OutboundMessage(text="B", follow_up=True)],
        ),
        # an answer to a certain message stays one
        (
            [OutboundMessage(text="A"), OutboundMessage(text="B", reply_to="w")],
            [OutboundMessage(text="A"), OutboundMessage(text="B", reply_to="w")],
        ),
        ([], []),
    ],
)
def test_bubbles_are_merged_as_far_as_they_can(bubbles, merged):
    assert merge(bubbles) == merged


def test_bubbles_are_merged_only_while_they_fit():
    bubbles = [OutboundMessage(text="a" * 3000), OutboundMessage(text="b" * 3000)]
    assert merge(bubbles) == bubbles
    beside = [OutboundMessage(text="a" * 900), OutboundMessage(text="b" * 200, buttons=(YES,))]
    assert merge(beside) == beside
