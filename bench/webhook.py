"""Webhooks verified and stored before the 200, with one connection and with many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial

import sqlalchemy as sa

from bench.bodies import webhooks
from bench.databases import fresh_url, kinds, open_ledger
from bench.load import Answers, Load, send
from bench.models import stock_model
from bench.results import Finding, Goal, Measured, Role, Row, at_least, at_most, ratio
from bench.running import Contender, Run
from bench.servers import started
from overture.store.schema import inbound

_BARE = "Sanic and HMAC alone"
_RASA = "Rasa's Facebook channel"
#: What stores messages, and the names in the tables.
_STORING: Mapping[str, Role] = {"overture": "ours", "rows": "other"}
_NAMES = {"overture": "Overture", "rows": "the same rows"}
_SHARE = {"PostgreSQL": 0.55, "SQLite": 0.40}


@dataclass(frozen=True, kw_only=True)
class Server:
    """Hold a server that runs, and all it has answered."""

    port: int
    role: Role
    #: Signed the old way.
    sha1: bool = False
    #: Requests a second at most, to make enough of them beforehand.
    fastest: int
    database: str | None = None
    answers: dict[int, list[Answers]] = field(default_factory=dict)


def run(run: Run) -> list[Finding]:
    """Measure all servers with each number of connections."""
    counts, seconds = run.size([1, 8], [1, 16, 64]), run.size(0.5, 4.0)
    findings: list[Finding] = []
    with _servers() as servers:
        for connections in counts:
            contenders = [
                Contender(
                    name=name, role=one.role, measure=partial(_rate, one, connections, seconds)
                )
                for name, one in servers.items()
            ]
            rows = run.interleave(f"{connections} connections", contenders)
            findings += _tables(connections, rows, servers, last=connections == counts[-1])
        _nothing_lost(servers)
    return findings


@contextmanager
def _servers() -> Iterator[Mapping[str, Server]]:
    with ExitStack() as stack:
        begin = stack.enter_context
        servers = {_BARE: Server(port=begin(started("bare")), role="raw", fastest=40_000)}
        for kind in kinds():
            for server, role in _STORING.items():
                url = begin(fresh_url(kind))
                with open_ledger(url):
                    port = begin(started(server, url))
                name = f"{_NAMES[server]}, {kind}"
                servers[name] = Server(port=port, role=role, fastest=25_000, database=url)
        graph = begin(started("graph", 0))
        port = begin(started("facebook", stock_model(), f"http://127.0.0.1:{graph}"))
        servers[_RASA] = Server(port=port, role="peer", sha1=True, fastest=500)
        yield servers


def _rate(server: Server, connections: int, seconds: float) -> float:
    count = int(server.fastest * seconds)
    answers = send(
        Load(
            port=server.port,
            lanes=[list(webhooks(count, people=1000, sha1=server.sha1))],
            connections=connections,
            seconds=seconds,
        )
    )
    if answers.errors:
        raise RuntimeError(f"answers were {answers.statuses}")
    server.answers.setdefault(connections, []).append(answers)
    return answers.rate


def _tables(
    connections: int, rows: list[Row], servers: Mapping[str, Server], last: bool
) -> list[Measured]:
    title = f"Webhooks answered with 200, {connections} connections"
    rates = Measured(title=title, unit="per second", rows=rows)
    slowest = Measured(
        title=f"The slowest of a hundred, {connections} connections",
        unit="ms",
        more_is_better=False,
        rows=[
            Row(
                name=name,
                role=one.role,
                values=tuple(answers.p99_ms for answers in one.answers[connections]),
            )
            for name, one in servers.items()
        ],
        how="Closed loop: a connection sends again when it has its answer. No turns run.",
    )
    if not last:
        return [rates, slowest]
    return [
        Measured(**{**vars(rates), "goals": _shares(rates)}),
        Measured(**{**vars(slowest), "goals": _waits(slowest)}),
    ]


def _shares(rates: Measured) -> list[Goal]:
    return [
        at_least(
            f"{kind}: at least {_SHARE[kind]} of the bare handler",
            ratio(rates.row(f"Overture, {kind}").median, rates.raw()),
            _SHARE[kind],
            "x",
        )
        for kind in kinds()
    ]


def _waits(slowest: Measured) -> list[Goal]:
    return [
        at_most(f"{kind}: p99 under 15 ms", slowest.row(f"Overture, {kind}").median, 15, "ms")
        for kind in kinds()
    ]


def _nothing_lost(servers: Mapping[str, Server]) -> None:
    """Make sure that what was answered is stored.

    Raises:
        RuntimeError: a message that was answered with 200 is not there.
    """
    for name, server in servers.items():
        if server.database is None:
            continue
        answered = sum(one.count for runs in server.answers.values() for one in runs)
        with open_ledger(server.database) as database, database.engine.connect() as connection:
            query = sa.select(sa.func.count()).select_from(inbound)
            stored = int(connection.execute(query).scalar_one())
        if stored < answered:
            raise RuntimeError(f"{name} answered {answered} and stored {stored}")
