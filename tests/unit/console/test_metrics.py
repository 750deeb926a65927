"""Figures for Prometheus: what waits, what rests, what became of follow-ups."""

from __future__ import annotations

from datetime import timedelta

from prometheus_client.parser import text_string_to_metric_families

from tests.unit.console.conftest import Visitor, visiting
from tests.unit.console.house import House


async def figures(visitor: Visitor) -> dict[tuple[str, ...], float]:
    """Return each figure by its name and labels."""
    text = await visitor.get("/metrics")
    assert visitor.headers["Content-Type"].startswith("text/plain")
    return {
        (sample.name.removeprefix("overture_"), *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_a_quiet_house_has_nothing_waiting(visitor: Visitor) -> None:
    """Every figure is there from the start, so that an alarm can be set on it."""
    assert await figures(visitor) == {
        ("messages_waiting",): 0,
        ("messages_waiting_seconds",): 0,
        ("outgoing_waiting",): 0,
        ("outgoing_waiting_seconds",): 0,
        ("follow_ups_due_waiting",): 0,
        ("follow_ups_due_waiting_seconds",): 0,
        ("conversations_needing_human",): 0,
        ("kill_switch",): 0,
    }


async def test_figures_tell_what_waits_and_what_rests(house: House, visitor: Visitor) -> None:
    """Of each kind how many, and how long the first of them has waited."""
    talk = house.talk("anna")
    house.hear("ben", "human please")
    house.answer(talk, "one moment", state="queued")
    due = house.read(lambda ledger: ledger.people.standing(talk)).plan.due_at
    house.clock.set(due + timedelta(seconds=90))
    now = house.clock.now()
    later = now + timedelta(hours=1)
    house.write(lambda ledger: ledger.set_switch("kill_switch", "on", now))
    house.write(lambda ledger: ledger.pause_account("messenger", "607", later, "a token"))
    found = await figures(visitor)
    assert found["follow_ups_due_waiting",] == 1
    assert found["follow_ups_due_waiting_seconds",] == 90
    assert found["outgoing_waiting",] == 1
    assert found["outgoing_waiting_seconds",] > 90
    assert found["conversations_needing_human",] == 1
    assert found["kill_switch",] == 1
    assert found["account_paused", "607", "messenger"] == 1


async def test_figures_tell_what_became_of_follow_ups(house: House, visitor: Visitor) -> None:
    """For a day; what was withheld has its reasons."""
    talk = house.talk("anna")
    house.clock.set(house.read(lambda ledger: ledger.people.standing(talk)).plan.due_at)
    house.dispatch()
    assert (await figures(visitor))["follow_ups_last_day", "", "unanswered"] == 1
    house.hear("anna", "great")
    assert (await figures(visitor))["follow_ups_last_day", "", "answered"] == 1
    house.clock.wind(timedelta(hours=25))
    assert not [key for key in await figures(visitor) if key[0] == "follow_ups_last_day"]


async def test_figures_need_the_token(house: House) -> None:
    """They name accounts."""
    house.write(lambda ledger: ledger.pause_account("messenger", "607", None, ""))
    async for visitor in visiting(house, token="open sesame"):
        assert "607" not in await visitor.get("/metrics")
        page = await visitor.get("/metrics", headers={"Authorization": "Bearer open sesame"})
        assert 'overture_account_paused{account="607",channel="messenger"} 0.0' in page
