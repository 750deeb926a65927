"""Whatever happens to a body, parsing never raises and a good neighbour survives."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from overture.meta import wire
from overture.meta.events import KINDS
from overture.meta.inbound import CHANNELS, OBJECTS, parse
from tests.unit.meta.factories import NUMBER_ID, PAGE, said, value, wrote
from tests.unit.meta.recorded import EXPECTED, body_of, channel_of

NAMES = [name for name, _, _ in EXPECTED]
_ODD_VALUES: list[Any] = [
    *(None, True, False, 0, -1, 1.5, 1e300, 10**30, float("nan")),
    *("", "x", "TEST_MESSAGE", "\ud800", "\x00", "1781514000"),
    *([], {}, [None], [[]], [{}], {"id": None}, {"x": {"y": []}}),
]
ODD = st.sampled_from(_ODD_VALUES).map(copy.deepcopy)
_WORDS = [
    *("object", "entry", "messaging", "standby", "changes", "field", "value", "message"),
    *("messages", "statuses", "contacts", "metadata", "sender", "recipient", "from", "id"),
    *("type", "text", "attachments", "payload", "interactive"),
]
SLOW_OK = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List every place in a body, the body itself excepted."""
    keys: Any = (
        node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    )
    return [spot for key in keys for spot in ((*path, key), *places(node[key], (*path, key)))]


def parent_of(body: Any, path: tuple[Any, ...]) -> Any:
    for key in path[:-1]:
        body = body[key]
    return body


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, Any]:
    """Break a recorded body in up to four places: replace, delete, double, rename or nest."""
    name = draw(st.sampled_from(NAMES))
    body = copy.deepcopy(body_of(name))
    for _ in range(draw(st.integers(1, 4))):
        spots = places(body)
        if not spots:
            break
        path = draw(st.sampled_from(spots))
        break_at(parent_of(body, path), path[-1], draw)
    return channel_of(name), body


def break_at(parent: Any, key: Any, draw: st.DrawFn) -> None:
    how = draw(st.sampled_from(["replace", "delete", "wrap", "rename", "double"]))
    if how == "replace":
        parent[key] = draw(ODD)
    elif how == "delete":
        del parent[key]
    elif how == "wrap":
        parent[key] = draw(st.sampled_from([[parent[key]], {"value": parent[key]}]))
    elif isinstance(parent, list):
        parent.append(copy.deepcopy(parent[key]))
    else:
        parent[draw(st.sampled_from(["field", "message", "type", "id", "extra"]))] = parent[key]


def neighbour(channel: str) -> dict[str, Any]:
    """Return an entry with one good message."""
    if channel == "whatsapp":
        good = wrote(id="wamid.good", text={"body": "good neighbour"})
        return {"id": "22", "changes": [{"field": "messages", "value": value(good)}]}
    return {"id": PAGE, "time": 1, "messaging": [said(mid="m_good", text="good neighbour")]}


def check(parsed: Any, channel: str) -> None:
    assert parsed.ignored >= 0
    for message in parsed.messages:
        assert message.channel == channel
        assert message.kind in KINDS
        for one in (message.account_id, message.user_id, message.message_id):
            assert one == one.strip()
            assert one.encode()
        json.dumps([message.text, message.payload]).encode()
    for event in (*parsed.events, *parsed.statuses):
        assert event.channel == channel
        assert event.user_id is None or event.user_id


@SLOW_OK
@given(mutated())
def test_a_broken_body_never_raises(case):
    channel, body = case
    parsed = parse(channel, body)
    check(parsed, channel)
    assert parsed.messages or parsed.ignored


@SLOW_OK
@given(mutated(), st.booleans())
def test_a_good_neighbour_survives_a_broken_body(case, before):
    channel, body = case
    broken = body.get("entry") if isinstance(body, dict) else None
    broken = broken if isinstance(broken, list) else [broken]
    entries = [neighbour(channel), *broken] if before else [*broken, neighbour(channel)]
    parsed = parse(channel, {"object": OBJECTS[channel], "entry": entries})
    assert "good neighbour" in [message.text for message in parsed.messages]


@SLOW_OK
@given(st.sampled_from(CHANNELS), st.lists(ODD, max_size=4), st.data())
def test_a_good_event_survives_bad_events_in_its_own_list(channel, bad, data):
    place = data.draw(st.integers(0, len(bad)))
    entry = neighbour(channel)
    inner = (
        entry["changes"][0]["value"]["messages"] if channel == "whatsapp" else entry["messaging"]
    )
    inner[:] = [*bad[:place], *inner, *bad[place:]]
    parsed = parse(channel, {"object": OBJECTS[channel], "entry": [entry]})
    assert "good neighbour" in [message.text for message in parsed.messages]
    assert len(parsed.messages) + parsed.ignored >= 1 + len(bad)


@SLOW_OK
@given(
    st.sampled_from(CHANNELS),
    st.recursive(
        ODD,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(_WORDS),
                inner,
                max_size=5,
            )
        ),
        max_leaves=25,
    ),
)
def test_any_json_made_of_the_right_words_never_raises(channel, body):
    check(parse(channel, body), channel)


@SLOW_OK
@given(st.sampled_from(NAMES), st.data())
def test_damaged_bytes_are_read_or_refused(name, data):
    raw = bytearray(json.dumps(body_of(name)).encode())
    for _ in range(data.draw(st.integers(1, 5))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        body = wire.decode(bytes(raw))
    except wire.Unreadable:
        return
    check(parse(channel_of(name), body), channel_of(name))


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("body", [None, 5, "x", True, 1.5, [], [[]], [None, 3]])
def test_a_body_that_is_no_object_is_counted_and_not_read(channel, body):
    parsed = parse(channel, body)
    assert not parsed.messages
    assert parsed.ignored == (len(body) if isinstance(body, list) else 0 if body is None else 1)


def test_an_unknown_channel_is_refused():
    with pytest.raises(ValueError, match="unknown channel 'telegram'"):
        parse("telegram", {})


def test_a_huge_batch_is_read_whole():
    messages = [wrote(id=f"wamid.{n}") for n in range(1000)]
    change = {"field": "messages", "value": value(*messages)}
    parsed = parse("whatsapp", {"entry": [{"id": "22", "changes": [change]}]})
    assert len({message.message_id for message in parsed.messages}) == 1000
    assert {message.account_id for message in parsed.messages} == {NUMBER_ID}


@pytest.mark.parametrize("channel", CHANNELS)
def test_deeply_nested_neighbours_cost_nothing(channel):
    good = json.dumps(neighbour(channel))
    deep = '{"messaging":' + "[" * 50_000 + "]" * 50_000 + "}"
    body = wire.decode(f'{{"entry":[{deep},{good}]}}'.encode())
    assert [one.text for one in parse(channel, body).messages] == ["good neighbour"]
