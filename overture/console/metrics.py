"""Figures for those who watch a deployment, in the form that Prometheus reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.registry import Collector
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from overture.console.desk import KILL_SWITCH, Desk
from overture.store.rooms import Waiting
from overture.store.sql import SqlLedger

#: What happened to follow-ups in the time up to now.
_LATELY = timedelta(hours=24)


def blueprint(desk: Desk) -> Blueprint:
    """Return the route of the figures."""
    routes = Blueprint("console_metrics")

    async def metrics(_: Request) -> HTTPResponse:
        now = desk.parts.clock.now()
        found = await desk.parts.read(lambda ledger: list(figures(ledger, now)))
        registry = CollectorRegistry()
        registry.register(_Found(found))
        return raw(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    routes.add_route(metrics, "/metrics")
    return routes


class _Found(Collector):
    """Hand over figures that were read already, in one transaction."""

    def __init__(self, found: Sequence[Gauge]) -> None:
        self._found = found

    def collect(self) -> Sequence[Gauge]:
        """Return the figures."""
        return self._found


def figures(ledger: SqlLedger, now: datetime) -> Iterator[Gauge]:
    """Read what waits, what rests, and what became of follow-ups."""
    backlog = ledger.backlog
    yield from _waiting("messages", "Messages of people without a turn", backlog.messages(), now)
    yield from _waiting(
        "outgoing", "Messages the platforms have not taken", backlog.outgoing(), now
    )
    yield from _waiting("follow_ups_due", "Follow-ups nobody has claimed", backlog.due(now), now)
    yield Gauge(
        "overture_conversations_needing_human",
        "Conversations in which a person waits for a human.",
        value=ledger.attention.count(),
    )
    yield Gauge(
        "overture_kill_switch",
        "1 while all follow-ups are stopped.",
        value=ledger.switch(KILL_SWITCH) == "on",
    )
    yield _paused(ledger, now)
    yield _follow_ups(ledger, now)


def _waiting(name: str, what: str, found: Waiting, now: datetime) -> Iterator[Gauge]:
    yield Gauge(f"overture_{name}_waiting", f"{what} yet.", value=found.count)
    age = max(now - found.since, timedelta()) if found.since else timedelta()
    yield Gauge(
        f"overture_{name}_waiting_seconds",
        f"How long the first of them has waited: {what.lower()} yet.",
        value=age.total_seconds(),
    )


def _paused(ledger: SqlLedger, now: datetime) -> Gauge:
    gauge = Gauge(
        "overture_account_paused",
        "1 while nothing is sent from an account.",
        labels=["channel", "account"],
    )
    for one in ledger.accounts():
        until = one["paused_until"]
        gauge.add_metric([one["channel"], one["account_id"]], until is not None and until > now)
    return gauge


def _follow_ups(ledger: SqlLedger, now: datetime) -> Gauge:
    gauge = Gauge(
        "overture_follow_ups_last_day",
        "Follow-ups of the last 24 hours: answered, unanswered, or withheld and why.",
        labels=["outcome", "reasons"],
    )
    counts: dict[tuple[str, str], int] = {}
    for one in ledger.review.by_day(now - _LATELY):
        key = (one.what, " ".join(sorted(one.reasons)))
        counts[key] = counts.get(key, 0) + one.count
    for (what, reasons), count in sorted(counts.items()):
        gauge.add_metric([what, reasons], count)
    return gauge
