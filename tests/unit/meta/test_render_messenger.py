"""The Messenger form."""

from __future__ import annotations

from overture.meta.outbound import Button, Card, Media, OutboundMessage, Recipient
from overture.meta.render_messenger import render

TO = Recipient(id="24000000000000001")
YES, NO = Button(title="Yes", payload="/affirm"), Button(title="No", payload="/deny")
SITE = Button(title="Site", url="https://films.example")


def contents(message: OutboundMessage) -> list[dict[str, object]]:
    return [body["message"] for body in render(message, TO)]


def test_a_reply_is_a_response_to_the_person():
    assert render(OutboundMessage(text="Good evening."), TO) == [
        {
            "recipient": {"id": TO.id},
            "messaging_type": "RESPONSE",
            "message": {"text": "Good evening."},
        }
    ]


def test_a_follow_up_is_an_update():
    body = render(OutboundMessage(text="How was it?", follow_up=True), TO)[0]
    assert body["messaging_type"] == "UPDATE"


def test_persona_reference_and_answered_message_go_along():
    message = OutboundMessage(text="a " * 1500, reference="out-7", reply_to="m_1")
    first, second = render(message, Recipient(id="1", persona_id="77"))
    assert (first["persona_id"], first["reply_to"]) == ("77", {"mid": "m_1"})
    assert first["message"]["metadata"] == "out-7"
    assert "reply_to" not in second


def test_a_one_time_token_stands_for_the_person():
    to = Recipient(id="1", one_time_token="otn")
    assert render(OutboundMessage(text="hi"), to)[0]["recipient"] == {"one_time_notif_token": "otn"}


def test_taps_become_quick_replies_on_the_last_message():
    first, second = contents(OutboundMessage(text="a " * 1500, buttons=(YES, NO)))
    assert "quick_replies" not in first
    assert second["quick_replies"] == [
        {"content_type": "text", "title": "Yes", "payload": "/affirm"},
        {"content_type": "text", "title": "No", "payload": "/deny"},
    ]


def test_a_tap_without_payload_says_its_title():
    (content,) = contents(OutboundMessage(text="?", buttons=(Button(title="Maybe"),)))
    assert content["quick_replies"][0]["payload"] == "Maybe"


def test_a_payload_that_does_not_fit_is_never_cut():
    (content,) = contents(
        OutboundMessage(text="?", buttons=(Button(title="Long", payload="/x" * 600),))
    )
    assert content["quick_replies"][0]["payload"] == "Long"


def test_more_than_thirteen_choices_are_still_all_named():
    buttons = tuple(Button(title=f"Film {n}", payload=f"/f{n}") for n in range(15))
    (content,) = contents(OutboundMessage(text="Which?", buttons=buttons))
    assert len(content["quick_replies"]) == 13
    assert content["text"] == "Which?\n• Film 13\n• Film 14"


def test_links_become_a_button_template_with_the_taps_below():
    (content,) = contents(OutboundMessage(text="See", buttons=(SITE, YES)))
    assert content["attachment"] == {
        "type": "template",
        "payload": {
            "template_type": "button",
            "text": "See",
            "buttons": [{"type": "web_url", "title": "Site", "url": "https://films.example"}],
        },
    }
    assert content["quick_replies"][0]["payload"] == "/affirm"


def test_text_that_does_not_fit_beside_links_goes_before_them():
    sent = contents(OutboundMessage(text="Words and words. " * 60, buttons=(SITE,)))
    assert [("text" in one) for one in sent] == [True, False]


def test_more_than_three_links_are_written_out():
    links = tuple(Button(title=f"L{n}", url=f"https://x.example/{n}") for n in range(5))
    (content,) = contents(OutboundMessage(text="See", buttons=links))
    assert content["attachment"]["payload"]["text"] == (
        "See\nL3: https://x.example/3\nL4: https://x.example/4"
    )


def test_choices_without_words_still_arrive():
    (content,) = contents(OutboundMessage(buttons=(YES,)))
    assert content["text"] == "…"


def test_an_image_comes_before_the_words_that_carry_the_choices():
    image, text = contents(
        OutboundMessage(text="This?", image="https://films.example/p.jpg", buttons=(YES,))
    )
    assert image["attachment"] == {
        "type": "image",
        "payload": {"url": "https://films.example/p.jpg", "is_reusable": True},
    }
    assert text["quick_replies"]


def test_of_a_follow_up_with_image_the_words_are_sent():
    message = OutboundMessage(text="word " * 1000, image="https://x.example/i", follow_up=True)
    (content,) = contents(message)
    assert content["text"].endswith("…")


def test_recordings_and_files_keep_their_kind():
    media = tuple(Media(kind=kind, url="https://x.example") for kind in ("audio", "video", "file"))
    sent = contents(OutboundMessage(media=media))
    assert [one["attachment"]["type"] for one in sent] == ["audio", "video", "file"]


def test_cards_are_a_generic_template():
    card = Card(
        title="Vertigo",
        subtitle="1958",
        image="https://x.example/v.jpg",
        url="https://x.example/v",
        buttons=(YES, SITE, NO, NO),
    )
    (content,) = contents(OutboundMessage(cards=(card,)))
    assert content["attachment"]["payload"] == {
        "template_type": "generic",
        "elements": [
            {
                "title": "Vertigo",
                "subtitle": "1958",
                "image_url": "https://x.example/v.jpg",
                "default_action": {"type": "web_url", "url": "https://x.example/v"},
                "buttons": [
                    {"type": "postback", "title": "Yes", "payload": "/affirm"},
                    {"type": "web_url", "title": "Site", "url": "https://films.example"},
                    {"type": "postback", "title": "No", "payload": "/deny"},
                ],
            }
        ],
    }
