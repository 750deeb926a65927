"""A replay of any history answers as a second reading of the contract does."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from overture.policy import Policy
from tests.unit.policy.strategies import ANCHORS, ZONES, policies
from tests.unit.replay.histories import DAY, HOUR, Line, end, line, messages, run, stamp
from tests.unit.replay.model import Model

MINUTE = timedelta(minutes=1)
PEOPLE = ("messenger:1:u1", "instagram:1:u1", "whatsapp:1:u2", "rest:a:u1", "cmdline:l:u3")
FIRST = datetime(2026, 1, 5, 10, tzinfo=timezone.utc)
pauses = st.integers(-30, 400).map(lambda hours: hours * HOUR)
silences = st.one_of(
    st.just(timedelta(0)),
    st.integers(0, 5).map(lambda n: n * MINUTE),
    st.integers(0, 48).map(lambda n: n * HOUR),
    st.integers(0, 20).map(lambda n: n * DAY),
    st.timedeltas(timedelta(0), 3 * DAY),
    st.sampled_from([14 * DAY, 14 * DAY - 4 * MINUTE, 20 * HOUR, 24 * HOUR, 23 * HOUR]),
)


@st.composite
def lives(draw: st.DrawFn) -> list[Line]:
    """Draw a history of few people and much trouble, at any time of any year."""
    at = draw(st.sampled_from([*ANCHORS, FIRST])) - draw(st.integers(0, 14)) * DAY
    at += draw(st.integers(0, 1439)) * MINUTE
    contacts = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2, unique=True))
    talks = [f"{who}:{persona}" for who in contacts for persona in ("maestro", "chef")]
    found: list[Line] = []
    for number in range(draw(st.integers(1, 14))):
        where = draw(st.sampled_from(talks))
        if draw(st.booleans()):
            found += messages(draw(st.integers(1, 6)), at, where)
            at += 5 * MINUTE
        else:
            found.append(draw(events(at, where, number)))
        at += draw(silences)
    return [*found, end(at + draw(silences))]


@st.composite
def events(draw: st.DrawFn, at: datetime, where: str, number: int) -> Line:
    """Draw one thing that is no conversation."""
    kind = draw(st.sampled_from([*_PLAIN, "pause", "profile", "profile", "user_message"]))
    if kind == "user_message":
        return line(kind, at, where, id=f"m{draw(st.sampled_from([number, 1]))}")
    if kind == "pause":
        return line(kind, at, where, until=stamp(at + draw(pauses)))
    if kind == "profile":
        given: dict[str, Any] = {
            "timezone": draw(st.sampled_from(ZONES)),
            "birth_year": at.year - draw(st.sampled_from([40, 19, 18, 18, 17])),
            "region": draw(st.sampled_from(["DE", "US-TN", "US-CA"])),
        }
        names = draw(st.sets(st.sampled_from(sorted(given))))
        return line(kind, at, where, **{name: given[name] for name in names})
    return line(kind, at, where)


_PLAIN = ("opt_out", "opt_in", "crisis_hold", "release_hold", "takeover", "hand_back")


@given(lives(), st.one_of(st.just(Policy()), policies))
def test_a_replay_answers_as_the_contract_reads(history: list[Line], policy: Policy) -> None:
    assert Model(policy).differences(history, run(history, policy)) == []


def test_a_message_to_one_persona_opens_the_platforms_window_for_another() -> None:
    """The pause ends too late at first; the platform's window belongs to the person."""
    me, other = "messenger:1:u1:maestro", "messenger:1:u1:chef"
    until = FIRST + 30 * HOUR
    lines = [*messages(5, FIRST, me), line("pause", FIRST + HOUR, me, until=stamp(until))]
    alone = run([*lines, end(FIRST + 9 * DAY)])
    assert [one["reasons"] for one in alone] == [["channel_window", "paused"]]
    both = [*lines, *messages(1, FIRST + 20 * HOUR, other), end(FIRST + 9 * DAY)]
    assert [one["at"] for one in run(both) if one["type"] == "follow_up_sent"] == [stamp(until)]
    assert Model(Policy()).differences(both, run(both)) == []
