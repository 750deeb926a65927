"""Histories for tests: written by hand or drawn at random, and run through the real use cases."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, cast

from hypothesis import strategies as st

from overture.policy import Policy
from overture.replay.engine import Replay
from overture.replay.history import read_history
from overture.replay.ledger import ReplayLedger
from overture.services.deployment import Deployment
from overture.store.ports import Ledger

Line = dict[str, Any]

START = datetime(2026, 3, 1, 10, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ME = "rest:demo:u1:maestro"


def stamp(at: datetime) -> str:
    """Write an instant as a history has it."""
    return at.isoformat().replace("+00:00", "Z")


def line(type_: str, at: datetime, conversation: str | None = ME, **more: Any) -> Line:
    """Return one line of a history."""
    where = {} if conversation is None else {"conversation": conversation}
    return {"at": stamp(at), "type": type_, **where, **more}


def messages(count: int, start: datetime = START, conversation: str = ME) -> list[Line]:
    """Return messages a minute apart, the first at start, with ids of their own."""
    return [
        line(
            "user_message", start + n * timedelta(minutes=1), conversation, id=f"{stamp(start)}-{n}"
        )
        for n in range(count)
    ]


def end(at: datetime) -> Line:
    """Return the last line of a history."""
    return line("end", at, None)


def encode(lines: Iterable[Line]) -> bytes:
    """Write lines as the bytes of a file."""
    return "".join(json.dumps(one) + "\n" for one in lines).encode()


def run(
    lines: Sequence[Line], policy: Policy | None = None, ledger: Ledger | None = None, **more: Any
) -> list[Line]:
    """Run a history and return the lines of output."""
    deployment = Deployment(policy=policy or Policy(), **more)
    replay = Replay(ledger or cast(Ledger, ReplayLedger()), deployment, START - 9999 * DAY)
    found: list[Line] = []
    for event, _ in read_history(io.BytesIO(encode(lines))):
        found += replay.apply(event)
    return [*found, *replay.finish()]


def sent(output: Iterable[Line]) -> list[str]:
    """Return the times at which follow-ups were sent."""
    return [one["at"] for one in output if one["type"] == "follow_up_sent"]


def withheld(output: Iterable[Line]) -> list[list[str]]:
    """Return the reasons of everything that was withheld."""
    return [one["reasons"] for one in output if one["type"] == "follow_up_withheld"]


CONVERSATIONS = (
    ME,
    "rest:demo:u1:chef",
    "messenger:1:u1:maestro",
    "whatsapp:1:u2:maestro",
    "cmdline:local:u3:maestro",
)


@st.composite
def histories(draw: st.DrawFn) -> list[Line]:
    """Draw a history of several people over some weeks, with every type of line."""
    lines: list[Line] = []
    at = START
    for number in range(draw(st.integers(5, 40))):
        minutes = draw(st.one_of(st.integers(0, 5), st.integers(0, 5), st.integers(0, 3 * 1440)))
        at += timedelta(minutes=minutes)
        where = draw(st.sampled_from(CONVERSATIONS))
        lines.append(draw(_lines(at, where, number)))
        if draw(st.integers(0, 4)) == 0:
            lines += messages(5, at, where)
            at += timedelta(minutes=5)
    return [*lines, end(at + draw(st.integers(0, 20)) * DAY)]


@st.composite
def _lines(draw: st.DrawFn, at: datetime, where: str, number: int) -> Line:
    kind = draw(st.sampled_from(["user_message"] * 12 + OTHERS))
    if kind == "user_message":
        return line(kind, at, where, id=f"m{draw(st.sampled_from([number, number, 1]))}")
    if kind == "pause":
        return line(kind, at, where, until=stamp(at + draw(st.integers(-1, 90)) * HOUR))
    if kind == "profile":
        return line(kind, at, where, **draw(st.sampled_from(PROFILES)))
    return line(kind, at, where)


OTHERS = [
    "opt_out",
    "opt_in",
    "pause",
    "crisis_hold",
    "release_hold",
    "takeover",
    "hand_back",
    "profile",
]
PROFILES: list[dict[str, Any]] = [
    {"timezone": "America/New_York"},
    {"timezone": "Pacific/Kiritimati", "birth_year": 1990},
    {"birth_year": 2012, "region": "US-TN"},
    {"birth_year": 1980},
    {"region": "DE"},
    {},
]
