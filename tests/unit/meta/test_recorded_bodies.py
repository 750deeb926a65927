"""Every recorded body is read as written down, and none is forgotten."""

from __future__ import annotations

import pytest

from overture.meta import wire
from overture.meta.events import KINDS
from overture.meta.inbound import parse
from tests.unit.meta.recorded import EXPECTED, WEBHOOKS, body_of, channel_of

NAMES = [name for name, _, _ in EXPECTED]


@pytest.mark.parametrize(("name", "messages", "ignored"), EXPECTED, ids=NAMES)
def test_recorded_body_is_read_as_expected(name, messages, ignored):
    parsed = parse(channel_of(name), body_of(name))
    found = [(one.kind, one.text, one.payload) for one in parsed.messages]
    assert (found, parsed.ignored) == (messages, ignored), dict(parsed.skipped)


def test_every_recorded_body_has_an_expectation():
    assert {path.stem for path in WEBHOOKS.glob("*.json")} == set(NAMES)


def test_recorded_bodies_show_every_kind_of_message():
    shown = {kind for _, messages, _ in EXPECTED for kind, _, _ in messages}
    assert shown == KINDS


@pytest.mark.parametrize("name", NAMES)
def test_messages_of_recorded_bodies_have_all_their_ids_and_a_time(name):
    for message in parse(channel_of(name), body_of(name)).messages:
        assert message.channel == channel_of(name)
        assert message.account_id
        assert message.user_id
        assert message.message_id
        assert message.occurred_at is not None
        assert 2015 < message.occurred_at.year < 2030


@pytest.mark.parametrize("name", NAMES)
def test_a_redelivered_body_brings_the_same_message_ids(name):
    first, again = (parse(channel_of(name), body_of(name)) for _ in range(2))
    assert [m.message_id for m in first.messages] == [m.message_id for m in again.messages]


@pytest.mark.parametrize("name", NAMES)
def test_an_array_of_envelopes_is_read_like_its_envelopes(name):
    once = parse(channel_of(name), body_of(name))
    twice = parse(channel_of(name), [body_of(name), body_of(name)])
    assert twice.messages == once.messages * 2
    assert twice.ignored == once.ignored * 2


@pytest.mark.parametrize("name", NAMES)
def test_an_envelope_of_another_product_is_skipped_whole(name):
    body = body_of(name)
    if "object" in body:
        body["object"] = "user"
        parsed = parse(channel_of(name), body)
        assert (parsed.messages, parsed.ignored) == ((), 1)


def test_recorded_bytes_decode_as_they_stand():
    for path in WEBHOOKS.glob("*.json"):
        assert wire.decode(path.read_bytes()) == body_of(path.stem)
