"""Messages as Rasa writes them, and answers as the platform gives them."""

from __future__ import annotations

import pytest

from overture.meta.outbound import (
    Button,
    Card,
    Media,
    OutboundMessage,
    Sent,
    from_bot_message,
    sent_from,
)


def test_a_bot_message_keeps_words_buttons_and_image():
    message = from_bot_message(
        {
            "text": "This?",
            "image": "https://x.example/i.jpg",
            "buttons": [
                {"title": " Yes ", "payload": "/affirm"},
                {"title": "Site", "type": "web_url", "url": "https://x.example"},
            ],
            "quick_replies": [{"title": "No", "payload": "/deny"}],
        }
    )
    assert message == OutboundMessage(
        text="This?",
        image="https://x.example/i.jpg",
        buttons=(
            Button(title="Yes", payload="/affirm"),
            Button(title="Site", url="https://x.example"),
            Button(title="No", payload="/deny"),
        ),
    )


@pytest.mark.parametrize(
    ("attachment", "media"),
    [
        ("https://x.example/f.pdf", Media(kind="file", url="https://x.example/f.pdf")),
        (
            {"type": "audio", "payload": {"url": "https://x.example/a.mp3"}},
            Media(kind="audio", url="https://x.example/a.mp3"),
        ),
        (
            {"type": "video", "payload": {"src": "https://x.example/v"}},
            Media(kind="video", url="https://x.example/v"),
        ),
        (
            {"type": "template", "payload": {"url": "https://x.example"}},
            Media(kind="file", url="https://x.example"),
        ),
    ],
)
def test_an_attachment_comes_as_address_or_in_messengers_form(attachment, media):
    assert from_bot_message({"attachment": attachment}).media == (media,)


def test_elements_become_cards():
    element = {
        "title": "Vertigo",
        "subtitle": "1958",
        "image_url": "https://x.example/v.jpg",
        "default_action": {"type": "web_url", "url": "https://x.example/v"},
        "buttons": [{"title": "More", "payload": "/more"}],
    }
    assert from_bot_message({"elements": [element, {"subtitle": "no title"}]}).cards == (
        Card(
            title="Vertigo",
            subtitle="1958",
            image="https://x.example/v.jpg",
            url="https://x.example/v",
            buttons=(Button(title="More", payload="/more"),),
        ),
    )


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"text": None, "buttons": None, "image": None, "attachment": None, "elements": None},
        {"buttons": ["x", None, {}, {"title": ""}, {"title": "  "}, {"payload": "/x"}]},
        {"attachment": {"type": "image"}, "elements": ["x"]},
        {"attachment": 5},
    ],
)
def test_what_says_nothing_is_an_empty_message(message):
    assert from_bot_message(message) == OutboundMessage()


def test_the_callers_message_is_left_as_it_is():
    source = {"text": "hi", "buttons": [{"title": " Yes ", "payload": "/affirm"}]}
    from_bot_message(source)
    assert source == {"text": "hi", "buttons": [{"title": " Yes ", "payload": "/affirm"}]}


def test_media_of_an_unknown_kind_are_refused():
    with pytest.raises(ValueError, match="unknown media kind 'hologram'"):
        Media(kind="hologram", url="https://x.example")


@pytest.mark.parametrize(
    ("answer", "sent"),
    [
        (
            {"recipient_id": "24", "message_id": "m_1"},
            Sent(message_id="m_1", recipient_id="24"),
        ),
        (
            {
                "messaging_product": "whatsapp",
                "contacts": [{"input": "49", "wa_id": "4915"}],
                "messages": [{"id": "wamid.1", "message_status": "accepted"}],
            },
            Sent(message_id="wamid.1", recipient_id="4915", status="accepted"),
        ),
        (
            {"contacts": [{"input": "DE.1", "user_id": "DE.1"}], "messages": [{"id": "wamid.1"}]},
            Sent(message_id="wamid.1", recipient_id="DE.1"),
        ),
        ({"success": True}, Sent()),
        ({}, Sent()),
        (None, Sent()),
        ("ok", Sent()),
        ({"messages": [], "contacts": "x"}, Sent()),
    ],
)
def test_the_answer_to_a_send_names_the_message(answer, sent):
    assert sent_from(answer) == sent
