"""A history is read line by line; what is wrong is told with its line and nothing else is done."""

from __future__ import annotations

import io
import json
from datetime import datetime, timezone
from typing import Any

import pytest

from overture.replay.history import LONGEST_LINE, Event, InvalidHistory, read_history

GOOD = (
    '{"at":"2026-03-01T10:00:00Z","type":"user_message",'
    '"conversation":"rest:demo:u1:maestro","id":"m1"}'
)
WHERE = "rest:demo:u1:maestro"


def read(text: str | bytes) -> list[Event]:
    raw = text if isinstance(text, bytes) else text.encode()
    return [event for event, _ in read_history(io.BytesIO(raw))]


def one(**members: Any) -> Event:
    given = {"at": "2026-03-01T10:00:00Z", "conversation": WHERE, **members}
    return read(json.dumps({k: v for k, v in given.items() if v is not None}))[0]


def test_nothing_is_a_history_too() -> None:
    assert read("") == []
    assert read("\n\n") == []


def test_a_message_is_read_with_and_without_text() -> None:
    (event,) = read(GOOD)
    at = datetime(2026, 3, 1, 10, tzinfo=timezone.utc)
    assert event == Event(at=at, type="user_message", conversation=WHERE, id="m1")
    assert one(type="user_message", id="m1", text="hi").text == "hi"
    assert one(type="user_message", id="m1", text="").text is None
    assert one(type="user_message", id="m1", text="half \ud83d").text == "half \ufffd"


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-03-01T10:00:00Z", (2026, 3, 1, 10)),
        ("2026-03-01t10:00:00z", (2026, 3, 1, 10)),
        ("2026-03-01 10:00:00Z", (2026, 3, 1, 10)),
        ("2026-03-01T10:00:00+05:30", (2026, 3, 1, 4, 30)),
        ("2026-03-01T10:00:00-12:00", (2026, 3, 1, 22)),
        ("2026-03-01T10:00:00.5Z", (2026, 3, 1, 10, 0, 0, 500_000)),
        ("2026-03-01T10:00:00.1234567Z", (2026, 3, 1, 10, 0, 0, 123_456)),
        ("2028-02-29T00:00:00Z", (2028, 2, 29)),
    ],
)
def test_times_are_those_of_rfc_3339(text: str, utc: tuple[int, ...]) -> None:
    assert one(at=text, type="opt_out").at == datetime(*utc, tzinfo=timezone.utc)  # type: ignore[arg-type,misc]


def test_every_type_of_line_is_read() -> None:
    for kind in ("opt_out", "opt_in", "crisis_hold", "release_hold", "takeover", "hand_back"):
        assert one(type=kind) == Event(at=one(type=kind).at, type=kind, conversation=WHERE)
    assert one(type="pause", until="2026-03-02T10:00:00+01:00").until == datetime(
        2026, 3, 2, 9, tzinfo=timezone.utc
    )
    profile = {"timezone": "Europe/Berlin", "birth_year": 1990, "region": "US-TN"}
    assert one(type="profile", **profile).profile == profile
    assert one(type="profile").profile == {}
    assert one(type="end", conversation=None).conversation is None


def test_lines_may_end_as_on_windows_and_the_file_with_empty_ones() -> None:
    assert len(read(f"\ufeff{GOOD}\r\n{GOOD}\r\n\r\n")) == 2


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("not json", "not JSON: Expecting value at column 1"),
        ('{"at":', "not JSON"),
        ("[1]", "not a JSON object"),
        ("null", "not a JSON object"),
        (GOOD + GOOD, "not JSON: Extra data"),
        (b"\xff\xfe", "not UTF-8"),
        (GOOD.replace('"m1"', "NaN"), "NaN is no JSON value"),
        ("[" * 100_000, "not JSON that can be read"),
        (GOOD.replace('"m1"', "9" * 5000), "not JSON that can be read"),
        ("{" + " " * LONGEST_LINE + "}", "longer than 1000000 bytes"),
        ("", "empty"),
        ("   ", "empty"),
        (GOOD.replace('"id"', '"id":"m0","id"'), "member 'id' is repeated"),
        (GOOD.replace('"m1"', '{"a":1,"a":2}'), "member 'a' is repeated"),
        (GOOD.replace("2026-03-01T10", "2026-03-01T09"), "time runs backwards"),
        (GOOD.replace("10:00:00Z", "10:00:00"), "at must be a time of RFC 3339 with offset"),
        (GOOD.replace("10:00:00Z", "10:00Z"), "at must be a time of RFC 3339"),
        (GOOD.replace("10:00:00Z", "10:00:00+0100"), "at must be a time of RFC 3339"),
        (GOOD.replace("03-01T", "02-30T"), "at is no time of the calendar"),
        (GOOD.replace("10:00:00Z", "10:00:60Z"), "at is no time of the calendar"),
        (GOOD.replace('"2026-03-01T10:00:00Z"', "1772359200"), "at must be a time of RFC 3339"),
        (GOOD.replace("2026", "9999"), "at must lie in the years 1970 to 9900"),
        (GOOD.replace('"at"', '"time"'), "at is missing"),
        (GOOD.replace('"type":"user_message",', ""), "type is missing"),
        (GOOD.replace("user_message", "message"), "unknown type 'message'; one of user_message"),
        (GOOD.replace('"user_message"', '["end"]'), "unknown type"),
        (GOOD.replace(',"id":"m1"', ""), "id is missing"),
        (GOOD.replace('"m1"', '""'), "id must be a text that is not empty"),
        (GOOD.replace('"m1"', "1"), "id must be a text"),
        (GOOD.replace('"m1"', '"\\ud800"'), "id must be a text"),
        (GOOD.replace('"m1"', '"' + "x" * 1001 + '"'), "id must be a text"),
        (GOOD.replace('"m1"', '"m1","text":5'), "text must be a text"),
        (GOOD.replace('"m1"', '"m1","persona":"x"'), "unknown member 'persona' in a line of type"),
        (GOOD.replace(":maestro", ""), "conversation must be channel:account:user:persona"),
        (GOOD.replace(":maestro", ":maestro:x"), "conversation must be"),
        (GOOD.replace("demo", ""), "conversation must be"),
        (GOOD.replace('"rest:demo:u1:maestro"', "null"), "conversation must be"),
        (GOOD.replace('"conversation":"rest:demo:u1:maestro",', ""), "conversation is missing"),
    ],
)
def test_a_line_that_is_not_valid_is_named_with_what_is_wrong(
    line: str | bytes, problem: str
) -> None:
    raw = line if isinstance(line, bytes) else line.encode()
    with pytest.raises(InvalidHistory) as caught:
        read(GOOD.encode() + b"\n" + raw + b"\n" + GOOD.encode() + b"\n")
    assert caught.value.line == 2
    assert str(caught.value).startswith("line 2: ")
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"timezone": "Mars/Olympus"}, "unknown time zone: 'Mars/Olympus'"),
        ({"timezone": "europe/berlin"}, "unknown time zone"),
        ({"timezone": "../etc/passwd"}, "unknown time zone"),
        ({"timezone": ""}, "unknown time zone"),
        ({"timezone": 1}, "unknown time zone"),
        ({"birth_year": "1990"}, "birth_year must be a year from 1900 on"),
        ({"birth_year": 1990.0}, "birth_year must be a year"),
        ({"birth_year": True}, "birth_year must be a year"),
        ({"birth_year": 1899}, "birth_year must be a year"),
        ({"birth_year": 2027}, "birth_year lies in the future: 2027"),
        ({"region": "Tennessee"}, "region must be a code of ISO 3166"),
        ({"region": "us-tn"}, "region must be a code"),
        ({"region": 1}, "region must be a code"),
        ({"name": "Ada"}, "unknown member 'name'"),
    ],
)
def test_a_profile_holds_only_what_can_be(members: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidHistory, match=problem):
        one(type="profile", **members)


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"type": "pause"}, "until is missing"),
        ({"type": "pause", "until": "2026-03-02"}, "until must be a time"),
        ({"type": "opt_out", "until": "2026-03-02T00:00:00Z"}, "unknown member 'until'"),
        ({"type": "end"}, "unknown member 'conversation'"),
    ],
)
def test_each_type_has_its_own_members(members: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidHistory, match=problem):
        one(**members)


def test_nothing_follows_the_end() -> None:
    last = '{"at":"2026-03-01T10:00:00Z","type":"end"}'
    assert len(read(f"{GOOD}\n{last}\n")) == 2
    with pytest.raises(InvalidHistory, match="line 2: nothing may follow the end"):
        read(f"{last}\n{GOOD}\n")


def test_an_empty_line_is_named_where_it_stands() -> None:
    with pytest.raises(InvalidHistory, match="line 2: empty"):
        read(f"{GOOD}\n\n\n{GOOD}\n")
