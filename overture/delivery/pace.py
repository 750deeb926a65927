"""How fast an account may send, and how fast to one person; nobody waits for anybody else's pace.

A lane is kept in memory for each account. After a pause or a rate error its messages go one
at a time until the platform takes one again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from overture.clock import Clock
from overture.meta.limits import PACES, Pace

Sleep = Callable[[float], Awaitable[None]]

#: Longest sleep in seconds: a demo's clock may be wound, an operator may end a pause.
_NAP = 1.0
#: Share of an allowance, in percent, from which on an account goes slowly, and how slowly.
_NEARLY_USED = 90.0
_SLOWLY = 0.1
#: Share of a second's messages that may go at once, so that a few never wait.
_BURST = 0.1
#: How many people's buckets are kept before those that are full are let go.
_PAIRS = 1000
_RECORDINGS = frozenset({"audio", "video"})


@dataclass
class Bucket:
    """Hold credit for a burst, gained back at a steady rate."""

    #: Gained in a second.
    rate: float
    #: Most that can be held.
    burst: float
    credit: float
    at: datetime

    def fill(self, now: datetime) -> None:
        """Add what was gained since the last look."""
        gained = max(0.0, (now - self.at).total_seconds()) * self.rate
        self.credit, self.at = min(self.burst, self.credit + gained), now

    def take(self, now: datetime) -> float:
        """Take one and return the seconds to wait for it; who comes later waits longer."""
        self.fill(now)
        self.credit -= 1.0
        return max(0.0, -self.credit / self.rate)


@dataclass
class Lane:
    """Hold the pace of one account."""

    pace: Pace
    clock: Clock
    sleep: Sleep
    #: Nothing is sent before this instant.
    held_until: datetime | None = None
    _slow: bool = False
    _probing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _account: Bucket | None = None
    _media: Bucket | None = None
    _pairs: dict[str, Bucket] = field(default_factory=dict)

    async def ready(self, contact_id: str, request: Mapping[str, Any]) -> None:
        """Wait until one more message may go to a person, by the pace alone."""
        now = self.clock.now()
        waits = [self._pair(contact_id, now).take(now), self._all(now).take(now)]
        if _is_recording(request):
            waits.append(self._recordings(now).take(now))
        await self.nap(max(waits))

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait while the account is held; then go, one at a time until one was taken."""
        if not self.is_held():
            yield
            return
        async with self._probing:
            while self._seconds_held() > 0:
                await self.sleep(min(_NAP, self._seconds_held()))
            if self.is_held():  # nobody has got through yet
                yield
                return
        yield

    def is_held(self) -> bool:
        """Return whether the platform has refused the account since it last took a message."""
        return self.held_until is not None

    def _seconds_held(self) -> float:
        now = self.clock.now()
        return ((self.held_until or now) - now).total_seconds()

    def hold(self, until: datetime) -> None:
        """Send nothing before an instant."""
        self.held_until = max(until, self.held_until or until)

    def taken(self, used: float | None) -> None:
        """Note that the platform took a message, and how much of an allowance is used."""
        self.held_until = None
        slow = used is not None and used >= _NEARLY_USED
        if slow != self._slow and self._account is not None:
            self._account.rate = self.pace.account_per_second * (_SLOWLY if slow else 1 - _BURST)
        self._slow = slow

    async def nap(self, seconds: float) -> None:
        """Sleep for some seconds by the clock."""
        end = self.clock.now() + timedelta(seconds=seconds)
        while (left := (end - self.clock.now()).total_seconds()) > 0:
            await self.sleep(min(_NAP, left))

    def _all(self, now: datetime) -> Bucket:
        if self._account is None:
            self._account = _burst_bucket(self.pace.account_per_second, now)
        return self._account

    def _recordings(self, now: datetime) -> Bucket:
        if self._media is None:
            self._media = _burst_bucket(self.pace.media_per_second, now)
        return self._media

    def _pair(self, contact_id: str, now: datetime) -> Bucket:
        if contact_id not in self._pairs:
            if len(self._pairs) >= _PAIRS:
                self._let_go(now)
            rate = 1.0 / self.pace.pair_every.total_seconds()
            self._pairs[contact_id] = _bucket(rate, float(self.pace.pair_burst), now)
        return self._pairs[contact_id]

    def _let_go(self, now: datetime) -> None:
        """Forget the buckets that are full: a new one would be the same."""
        for bucket in self._pairs.values():
            bucket.fill(now)
        self._pairs = {
            name: bucket for name, bucket in self._pairs.items() if bucket.credit < bucket.burst
        }


class Lanes:
    """Hand out the lane of each account."""

    def __init__(self, clock: Clock, sleep: Sleep) -> None:
        self._clock = clock
        self._sleep = sleep
        self._lanes: dict[tuple[str, str], Lane] = {}

    def of(self, contact_id: str) -> Lane:
        """Return the lane a person's messages go by."""
        channel, account_id, _ = contact_id.split(":")
        key = (channel, account_id)
        if key not in self._lanes:
            self._lanes[key] = Lane(pace=PACES[channel], clock=self._clock, sleep=self._sleep)
        return self._lanes[key]


def _bucket(rate: float, burst: float, now: datetime) -> Bucket:
    return Bucket(rate=rate, burst=burst, credit=burst, at=now)


def _burst_bucket(per_second: float, now: datetime) -> Bucket:
    """Return a bucket that never lets out more than so many in any second."""
    burst = max(1.0, per_second * _BURST)
    return _bucket(per_second - burst, burst, now)


def _is_recording(request: Mapping[str, Any]) -> bool:
    message = request.get("message")
    attachment = message.get("attachment") if isinstance(message, Mapping) else None
    kind = attachment.get("type") if isinstance(attachment, Mapping) else request.get("type")
    return kind in _RECORDINGS
