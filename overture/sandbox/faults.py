"""What can be made to go wrong, for people who test an integration."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

#: Name to what it does, as the page's menu and the docs tell it.
FAULTS = {
    "slow": "Graph calls are answered after some seconds",
    "server_error": "Graph calls are answered with 503 and code 2",
    "rate_limit": "Sends are refused with the rate-limit code of the app",
    "drop": "The message is taken, but the connection is cut before any answer",
    "refuse_connection": "The connection is cut before the message is taken",
    "window_closed": "Sends are refused as outside the 24-hour window",
    "expired_token": "Every call is refused with code 190",
    "blocked": "Sends are refused because the person cannot be reached",
    "late_failure": "WhatsApp takes the message and reports later that it failed",
    "duplicate_webhooks": "Every webhook is delivered twice",
}


@dataclass(kw_only=True)
class Fault:
    """One thing that goes wrong on a channel (``*``: on all), for good or a number of times."""

    kind: str
    channel: str = "*"
    seconds: float = 5.0
    #: None: until it is switched off.
    times: int | None = None


class Faults:
    """Hold the faults that are switched on."""

    def __init__(self) -> None:
        self._active: list[Fault] = []

    def switch_on(self, fault: Fault) -> None:
        """Switch one on; it replaces an earlier one of its kind and channel.

        Raises:
            ValueError: there is no such fault.
        """
        if fault.kind not in FAULTS:
            raise ValueError(f"no fault is called {fault.kind!r}; there are {', '.join(FAULTS)}")
        self.switch_off(fault.kind, fault.channel)
        self._active.append(fault)

    def switch_off(self, kind: str | None = None, channel: str | None = None) -> None:
        """Switch off those of a kind and channel, or all."""
        self._active = [
            fault
            for fault in self._active
            if kind not in (None, fault.kind) or channel not in (None, fault.channel)
        ]

    def take(self, kind: str, channel: str) -> Fault | None:
        """Return the fault if it is on for the channel, and count it down."""
        for fault in self._active:
            if fault.kind == kind and fault.channel in ("*", channel):
                self._count_down(fault)
                return fault
        return None

    def first(self, kinds: Iterable[str], channel: str) -> Fault | None:
        """Return the first of several faults that is on, counted down."""
        return next((fault for kind in kinds if (fault := self.take(kind, channel))), None)

    def to_json(self) -> list[dict[str, Any]]:
        """Return what is switched on."""
        return [asdict(fault) for fault in self._active]

    def _count_down(self, fault: Fault) -> None:
        if fault.times is None:
            return
        fault.times -= 1
        if fault.times <= 0:
            self._active.remove(fault)
