"""A naive judge of a finished replay: reads the two logs and nothing of the code under test."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Line = dict[str, Any]


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def violations(history: list[Line], output: list[Line]) -> list[str]:
    """Return what is wrong with the follow-ups of a replay under the default policy."""
    found: list[str] = []
    previous: dict[str, datetime] = {}
    for one in output:
        if one["type"] == "follow_up_sent":
            at, conversation = instant(one["at"]), one["conversation"]
            before = [line for line in history if instant(line["at"]) <= at]
            found += _judge(conversation, at, before, previous.get(conversation), one["cycle"])
            previous[conversation] = at
    times = [instant(one["at"]) for one in output]
    return found + (["output is not in order of time"] if times != sorted(times) else [])


def _judge(
    conversation: str, at: datetime, before: list[Line], previous: datetime | None, cycle: int
) -> list[str]:
    contact = conversation.rsplit(":", 1)[0]
    told = [line for line in before if line.get("conversation", "").startswith(contact + ":")]
    mine = [line for line in told if line["conversation"] == conversation]
    times = _distinct_messages(mine)
    window = _window(times)
    state = _state(told, mine)
    zone = ZoneInfo(state.get("timezone", "UTC"))
    local = at.astimezone(zone)
    checks = {
        "no window is open": not window or at > window[0] + timedelta(days=14),
        "fewer than five messages": len(window) < 5,
        "wrong cycle": cycle != len(times),
        "unanswered": previous is not None and (not times or max(times) <= previous),
        "gap": previous is not None and at < previous + timedelta(hours=24),
        "opted out": state["opted_out"],
        "held": state["held"],
        "taken over": state["taken_over"],
        "paused": state["paused_until"] is not None and at < state["paused_until"],
        "minor": "birth_year" in state and local.year - state["birth_year"] <= 18,
        "quiet hours": local.hour >= 22 or local.hour < 9,
        "channel window": _late(conversation, at, told),
    }
    return [f"{conversation} at {at}: {name}" for name, broken in checks.items() if broken]


def _distinct_messages(lines: list[Line]) -> list[datetime]:
    seen: dict[str, datetime] = {}
    for line in lines:
        if line["type"] == "user_message":
            seen.setdefault(line["id"], instant(line["at"]))
    return list(seen.values())


def _window(times: list[datetime]) -> list[datetime]:
    """Return the messages of the last window."""
    window: list[datetime] = []
    for at in times:
        if window and at <= window[0] + timedelta(days=14):
            window.append(at)
        else:
            window = [at]
    return window


def _state(told: list[Line], mine: list[Line]) -> dict[str, Any]:
    state: dict[str, Any] = defaultdict(lambda: None)
    state.update(opted_out=False, held=False, taken_over=False, paused_until=None)
    for line in told:
        kind = line["type"]
        if kind in ("opt_out", "opt_in"):
            state["opted_out"] = kind == "opt_out"
        if kind in ("crisis_hold", "release_hold"):
            state["held"] = kind == "crisis_hold"
        if kind == "profile":
            given = ("timezone", "birth_year", "region")
            state.update({name: line[name] for name in given if name in line})
    for line in mine:
        if line["type"] in ("takeover", "hand_back"):
            state["taken_over"] = line["type"] == "takeover"
        if line["type"] == "pause":
            state["paused_until"] = instant(line["until"])
    return state


def _late(conversation: str, at: datetime, told: list[Line]) -> bool:
    if conversation.split(":", maxsplit=1)[0] in ("rest", "cmdline"):
        return False
    # The platform's window belongs to the person, whichever persona was written to.
    acted = [instant(line["at"]) for line in told if line["type"] == "user_message"]
    return at >= max(acted) + timedelta(hours=23, minutes=30)
