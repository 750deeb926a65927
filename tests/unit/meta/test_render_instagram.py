"""The Instagram form."""

from __future__ import annotations

from overture.meta.outbound import Button, OutboundMessage, Recipient
from overture.meta.render_instagram import render
from overture.meta.text import utf8_bytes

TO = Recipient(id="17900000000000301", persona_id="77")


def test_a_reply_has_neither_type_nor_persona():
    assert render(OutboundMessage(text="Good evening."), TO) == [
        {"recipient": {"id": TO.id}, "message": {"text": "Good evening."}}
    ]


def test_text_is_cut_at_a_thousand_bytes():
    bodies = render(OutboundMessage(text="Größe zählt. " * 100), TO)
    sizes = [utf8_bytes(body["message"]["text"]) for body in bodies]
    assert len(sizes) == 2
    assert max(sizes) <= 1000


def test_taps_are_quick_replies_and_links_are_written_out():
    buttons = (
        Button(title="Yes", payload="/affirm"),
        Button(title="Site", url="https://x.example"),
    )
    (body,) = render(OutboundMessage(text="This?", buttons=buttons), TO)
    assert body["message"] == {
        "text": "This?\nSite: https://x.example",
        "quick_replies": [{"content_type": "text", "title": "Yes", "payload": "/affirm"}],
    }


def test_an_image_comes_first():
    first, second = render(OutboundMessage(text="This.", image="https://x.example/i"), TO)
    assert first["message"]["attachment"]["type"] == "image"
    assert second["message"] == {"text": "This."}


def test_the_answered_message_is_named_once():
    first, second = render(OutboundMessage(text="a " * 700, reply_to="mid"), TO)
    assert first["reply_to"] == {"mid": "mid"}
    assert "reply_to" not in second
