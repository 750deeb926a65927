"""The tally kept while one webhook body is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from overture.meta import wire
from overture.meta.events import DeliveryStatus, Event, InboundMessage, Parsed


class Reading:
    """Collect what is found in a body and count what is skipped, by reason."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self._messages: list[InboundMessage] = []
        self._statuses: list[DeliveryStatus] = []
        self._events: list[Event] = []
        self._skipped: dict[str, int] = {}
        self.seen = 0  #: how much was found so far, messages and skipped things alike

    def message(self, message: InboundMessage) -> None:
        """Keep a message from a person."""
        self.seen += 1
        self._messages.append(message)

    def skip(self, reason: str, *events: Event) -> None:
        """Count one thing that is not a message, and keep what it says."""
        self.seen += 1
        self._skipped[reason] = self._skipped.get(reason, 0) + 1
        for event in events:
            self.note(event)

    def note(self, event: Event) -> None:
        """Keep an event without counting it."""
        if isinstance(event, DeliveryStatus):
            self._statuses.append(event)
        else:
            self._events.append(event)

    def objects(self, value: Any) -> Sequence[dict[str, Any]]:
        """Return the objects of a list (or the lone object); count what is none."""
        if value is None:
            return ()
        if type(value) is list and len(value) == 1 and type(value[0]) is dict:
            return value  # as nearly always
        objects = []
        for item in wire.items(value):
            if isinstance(item, dict):
                objects.append(item)
            else:
                self.skip("malformed")
        return objects

    def result(self) -> Parsed:
        """Return what was found."""
        return Parsed(
            messages=tuple(self._messages),
            statuses=tuple(self._statuses),
            events=tuple(self._events),
            skipped=self._skipped,
        )
