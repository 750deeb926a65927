"""Words in a replay mean what intake makes of them, only quicker where they repeat."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest
from click.testing import CliRunner

from overture.cli import replay
from overture.memory import extract
from overture.replay import ahead, words
from overture.replay.history import Event
from overture.safety import screen
from tests.unit.replay.histories import DAY, HOUR, START, encode, end, stamp

NOW = datetime(2026, 3, 1, 10, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "text",
    [
        "hi",
        "stop",
        "are you a bot?",
        "My name is Ada and I live in Berlin.",
        "I love Blade Runner",
        "We have a movie night on Friday",
        "what about Hans Zimmer",
        "",
        "😀",
        "ok\n\nok",
    ],
)
def test_a_text_gives_what_intake_gives(text: str) -> None:
    assert words.screen(text) == screen(text)
    assert tuple(words.extract(text, NOW, "Europe/Berlin")) == extract(text, NOW, "Europe/Berlin")


def read_ahead(lines: list[tuple[Event, int]]) -> Iterator[tuple[ahead.Ahead, Event]]:
    """Pass events on as a long history would, with two processes that read ahead."""
    with ahead.reading(10**9) as reader:
        for event, _ in reader.events(iter(lines)):
            yield reader, event


def test_what_was_read_ahead_is_what_intake_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    """In order, in the zone a person had told by then; nothing is read a second time."""
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(ahead, "_BATCH", 4)
    zones = ["Asia/Tokyo", None, "America/New_York"]
    lines: list[tuple[Event, int]] = []
    for number in range(60):
        here = f"rest:demo:u{number % 2}:maestro"
        at = NOW + timedelta(hours=number)
        if number % 7 == 0:
            told = {"timezone": zones[number % 3]}
            lines.append((Event(at=at, type="profile", conversation=here, profile=told), 1))
        text = "We have a movie night tomorrow" if number % 3 else f"stop {number}"
        lines.append((Event(at=at, type="user_message", conversation=here, id="m", text=text), 1))
    told_so_far: dict[str | None, str | None] = {}
    passed = []
    for reader, event in read_ahead(lines):
        passed.append(event)
        if event.type == "profile":
            told_so_far[event.conversation] = event.profile["timezone"]
            continue
        assert event.text is not None
        zone = told_so_far.get(event.conversation)
        assert reader.screen(event.text) == screen(event.text)
        assert tuple(reader._facts[event.text, event.at, zone]) == extract(
            event.text, event.at, zone
        )
    assert passed == [event for event, _ in lines]


def test_a_history_gives_the_same_lines_whoever_reads_its_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With plans that move a follow-up, a stop, and zones told along the way."""
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(ahead, "_BATCH", 3)
    words_of = ["hi", "movie night on friday", "I love jazz", "stop", "start", "really {n}?"]
    history = []
    for number in range(90):
        person, at = f"rest:demo:u{number % 5}:maestro", START + number * HOUR
        if number % 11 == 0:
            told = {"timezone": ["Asia/Tokyo", "America/New_York"][number % 2]}
            history.append({"at": stamp(at), "type": "profile", "conversation": person, **told})
        text = words_of[number // 5 % 6].format(n=number)
        what = {"type": "user_message", "conversation": person, "id": f"m{number}", "text": text}
        history.append({"at": stamp(at), **what})
    body = encode([*history, end(START + 9 * DAY)])
    alone = CliRunner(mix_stderr=False).invoke(replay.command, [], input=body)
    monkeypatch.setattr(ahead, "_SHORT", 0)
    monkeypatch.setattr(words, "screen", None)  # of this process alone: others read the words
    together = CliRunner(mix_stderr=False).invoke(replay.command, [], input=body)
    assert "follow_up_sent" in alone.stdout
    assert together.stdout == alone.stdout
