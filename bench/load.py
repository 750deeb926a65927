"""A closed loop of HTTP/1.1 connections: each sends its next request when it has an answer."""

from __future__ import annotations

import asyncio
import json
import pickle
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import cast

from bench.peering import ROOT

#: Seconds a server may take to answer what was sent last.
_PATIENCE = 60
_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Load:
    """Hold what is to be sent: lanes of requests, one connection each."""

    port: int
    #: Requests of each connection, in order; one list alone is shared by all.
    lanes: Sequence[Sequence[bytes]]
    connections: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Answers:
    """Hold how the server did."""

    count: int
    seconds: float
    p50_ms: float
    p99_ms: float
    longest_ms: float
    #: Status code to how often it came.
    statuses: dict[int, int]
    #: The answers' bodies, if they were asked for.
    bodies: list[str]

    @property
    def rate(self) -> float:
        """Return answers a second."""
        return self.count / self.seconds

    @property
    def errors(self) -> int:
        """Return how many answers were no 200."""
        return self.count - self.statuses.get(200, 0)


class _Connection(asyncio.Protocol):
    """Send requests one after the other and take the time of each."""

    def __init__(self, requests: Iterator[bytes], end: float, done: asyncio.Future[None]) -> None:
        self._requests, self._end, self._done = requests, end, done
        self._buffer = b""
        self._begun = 0.0
        self.taken: list[float] = []
        self.answers: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)
        self._next()

    def data_received(self, data: bytes) -> None:
        """Take an answer, which may come in pieces."""
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        length = _LENGTH.search(self._buffer, 0, head)
        if len(self._buffer) < head + 4 + (int(length.group(1)) if length else 0):
            return
        self.taken.append(time.perf_counter() - self._begun)
        self.answers.append(self._buffer)
        self._buffer = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        """End, also when the server hung up."""
        if not self._done.done():
            self._done.set_result(None)

    def _next(self) -> None:
        self._begun = time.perf_counter()
        request = next(self._requests, None) if self._begun < self._end else None
        if request is None:
            self._transport.close()
        else:
            self._transport.write(request)


def send(load: Load, *, keep_bodies: bool = False) -> Answers:
    """Send a load from a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.load", "keep" if keep_bodies else "count"],
        input=pickle.dumps(load),
        capture_output=True,
        cwd=ROOT,
        timeout=load.seconds + 120,
        check=True,
    )
    found = json.loads(done.stdout)
    statuses = {int(status): count for status, count in found.pop("statuses").items()}
    return Answers(**found, statuses=statuses)


async def _run(load: Load, keep_bodies: bool) -> Answers:
    loop = asyncio.get_running_loop()
    shared = iter(load.lanes[0])
    begun = time.perf_counter()
    connections = []
    waiting = []
    for number in range(load.connections):
        requests = shared if len(load.lanes) == 1 else iter(load.lanes[number])
        done: asyncio.Future[None] = loop.create_future()
        made = _Connection(requests, begun + load.seconds, done)
        await loop.create_connection(lambda made=made: made, "127.0.0.1", load.port)  # type: ignore[misc]
        connections.append(made)
        waiting.append(done)
    await asyncio.wait_for(asyncio.gather(*waiting), load.seconds + _PATIENCE)
    return _summary(connections, time.perf_counter() - begun, keep_bodies)


def _summary(made: Iterable[_Connection], seconds: float, keep_bodies: bool) -> Answers:
    taken = sorted(one for connection in made for one in connection.taken)
    answers = [one for connection in made for one in connection.answers]
    if not taken:
        raise RuntimeError("the server answered nothing")
    return Answers(
        count=len(taken),
        seconds=seconds,
        p50_ms=taken[len(taken) // 2] * 1e3,
        p99_ms=taken[int(len(taken) * 0.99)] * 1e3,
        longest_ms=taken[-1] * 1e3,
        statuses=dict(Counter(int(answer[9:12]) for answer in answers)),
        bodies=[_body(answer) for answer in answers] if keep_bodies else [],
    )


def _body(answer: bytes) -> str:
    return answer.partition(b"\r\n\r\n")[2].decode(errors="replace")


def main() -> None:
    """Read a load from standard input, send it, print what came of it."""
    import uvloop

    uvloop.install()
    load = pickle.load(sys.stdin.buffer)
    print(json.dumps(asdict(asyncio.run(_run(load, sys.argv[1] == "keep")))))


if __name__ == "__main__":
    main()
