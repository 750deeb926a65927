"""What every channel's rendering must keep: lengths, order, one request for a follow-up."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overture.meta.inbound import CHANNELS
from overture.meta.limits import LIMITS
from overture.meta.outbound import Button, Card, Media, OutboundMessage, Recipient
from overture.meta.render import merge, render, render_read, render_typing
from overture.meta.text import utf16_units

TO = Recipient(id="24000000000000001")
WORDS = st.text(alphabet="ab .,!?\n\U0001f600éß", max_size=30)
TEXTS = st.one_of(WORDS, WORDS.map(lambda text: text * 300), st.none())
BUTTONS = st.lists(
    st.builds(
        Button,
        title=st.text(alphabet="ab \U0001f600", min_size=1, max_size=90).map(lambda t: f"T{t}"),
        payload=st.one_of(st.none(), st.text(alphabet="/xy", max_size=1200)),
        url=st.one_of(st.none(), st.none(), st.just("https://films.example/x")),
    ),
    max_size=16,
).map(tuple)
MESSAGES = st.builds(
    OutboundMessage,
    text=TEXTS,
    buttons=BUTTONS,
    image=st.one_of(st.none(), st.just("https://films.example/i.jpg")),
    media=st.lists(st.just(Media(kind="audio", url="https://films.example/a.mp3")), max_size=2).map(
        tuple
    ),
    cards=st.lists(st.just(Card(title="C" * 100, subtitle="S" * 100)), max_size=12).map(tuple),
    reference=st.one_of(st.none(), st.text(alphabet="r", max_size=1100)),
    follow_up=st.booleans(),
)


def texts_of(node: Any) -> list[tuple[str, str]]:
    """List every text in a body with its key."""
    if isinstance(node, dict):
        own = [(key, value) for key, value in node.items() if isinstance(value, str)]
        return own + [pair for value in node.values() for pair in texts_of(value)]
    return [pair for value in node for pair in texts_of(value)] if isinstance(node, list) else []


def places_of(node: Any, key: str) -> list[Any]:
    if isinstance(node, dict):
        own = [node[key]] if key in node else []
        return own + [found for value in node.values() for found in places_of(value, key)]
    return (
        [found for value in node for found in places_of(value, key)]
        if isinstance(node, list)
        else []
    )


@given(st.sampled_from(["messenger", "instagram"]), MESSAGES)
def test_messenger_and_instagram_bodies_keep_every_limit(channel, message):
    limits = LIMITS[channel]
    for body in render(channel, message, TO):
        content = body["message"]
        if "text" in content:
            assert content["text"].strip()
            assert limits.size(content["text"]) <= limits.text
        for replies in places_of(content, "quick_replies"):
            assert 1 <= len(replies) <= 13
        for payload in places_of(content, "payload"):
            assert not isinstance(payload, str) or 0 < len(payload) <= 1000
        for title in places_of(content, "title"):
            assert 0 < utf16_units(title) <= 80
        for template in [p for p in places_of(content, "payload") if isinstance(p, dict)]:
            assert len(template.get("elements", [])) <= 10
            assert len(template.get("buttons", [])) <= 3
            assert len(template.get("text", "")) <= 640
        assert len(content.get("metadata", "")) <= 1000


@given(MESSAGES)
def test_whatsapp_bodies_keep_every_limit(message):
    for body in render("whatsapp", message, TO):
        for text in places_of(body, "caption"):
            assert utf16_units(text) <= 1024
        for text in [found for found in places_of(body, "body") if isinstance(found, str)]:
            assert 0 < utf16_units(text) <= 4096
        interactive = body.get("interactive")
        if interactive:
            check_interactive(interactive)
        assert len(body.get("biz_opaque_callback_data", "")) <= 512


def check_interactive(interactive: dict[str, Any]) -> None:
    text = interactive["body"]["text"]
    assert text.strip()
    assert utf16_units(text) <= (4096 if interactive["type"] == "list" else 1024)
    ids = [found for found in places_of(interactive, "id") if isinstance(found, str)]
    assert len(set(ids)) == len(ids)
    if interactive["type"] == "button":
        replies = places_of(interactive, "reply")
        titles = [reply["title"] for reply in replies]
        assert 1 <= len(replies) <= 3
        assert len(set(titles)) == len(titles)
        assert all(utf16_units(title) <= 20 for title in titles)
        assert all(0 < len(one) <= 256 for one in ids)
    if interactive["type"] == "list":
        rows = interactive["action"]["sections"][0]["rows"]
        assert 1 <= len(rows) <= 10
        assert all(utf16_units(row["title"]) <= 24 for row in rows)
        assert all(utf16_units(row.get("description", "")) <= 72 for row in rows)
        assert all(0 < len(one) <= 200 for one in ids)


@given(st.sampled_from(CHANNELS), MESSAGES)
def test_a_follow_up_is_exactly_one_request(channel, message):
    bodies = render(channel, message, TO)
    if message.follow_up:
        assert len(bodies) <= 1
    said = (message.text or "").strip() or message.buttons or message.image
    assert bool(bodies) == bool(said or message.media or message.cards)


@given(st.sampled_from(CHANNELS), MESSAGES)
def test_bodies_are_plain_json_and_say_the_same_twice(channel, message):
    assert json.dumps(render(channel, message, TO)) == json.dumps(render(channel, message, TO))


@given(st.sampled_from(CHANNELS), TEXTS)
def test_no_word_of_a_reply_is_lost(channel, text):
    bodies = render(channel, OutboundMessage(text=text), TO)
    key = "body" if channel == "whatsapp" else "text"
    said = "".join(
        found for body in bodies for found in places_of(body, key) if isinstance(found, str)
    )
    assert re.sub(r"\s", "", said) == re.sub(r"\s", "", text or "")


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("text", [None, "", "   ", "\n"])
def test_a_blank_message_is_no_request(channel, text):
    assert render(channel, OutboundMessage(text=text), TO) == []


@pytest.mark.parametrize("channel", CHANNELS)
def test_an_unknown_channel_is_an_error(channel):
    with pytest.raises(KeyError):
        render(channel.upper(), OutboundMessage(text="hi"), TO)


def test_typing_and_read_marks_of_messenger_and_instagram_go_alone():
    assert render_typing("instagram", TO) == {
        "recipient": {"id": TO.id},
        "sender_action": "typing_on",
    }
    assert render_typing("messenger", TO, on=False) == {
        "recipient": {"id": TO.id},
        "sender_action": "typing_off",
    }
    assert render_read("messenger", TO) == {
        "recipient": {"id": TO.id},
        "sender_action": "mark_seen",
    }


def test_the_persona_types_on_messenger_only():
    to = Recipient(id="1", persona_id="77")
    assert (render_typing("messenger", to) or {})["persona_id"] == "77"
    assert "persona_id" not in (render_typing("instagram", to) or {})


def test_whatsapp_types_and_reads_in_one_call_about_a_message():
    assert render_typing("whatsapp", TO, message_id="wamid.1") == {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": "wamid.1",
        "typing_indicator": {"type": "text"},
    }
    assert render_read("whatsapp", TO, "wamid.1") == {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": "wamid.1",
    }


def test_whatsapp_has_no_mark_without_a_message():
    assert render_typing("whatsapp", TO) is None
    assert render_typing("whatsapp", TO, on=False, message_id="wamid.1") is None
    assert render_read("whatsapp", TO) is None


def test_bubbles_are_merged_where_each_costs_money():
    bubbles = [OutboundMessage(text="One."), OutboundMessage(text="Two.")]
    assert merge("whatsapp", bubbles) == [OutboundMessage(text="One.\n\nTwo.")]
    assert merge("messenger", bubbles) == bubbles
    assert merge("instagram", bubbles) == bubbles
