"""Rasa's own reminders: a stock agent whose reminders are due at the same second."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel
from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ReminderScheduled

#: Seconds without a reminder after which none is waited for any more.
_QUIET = 3.0


class FileOutput(OutputChannel):
    """Note whom a reminder reached."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self.last = 0.0

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return "file"

    async def send_text_message(self, recipient_id: str, text: str, **_: Any) -> None:
        """Note a message."""
        os.write(self._file, f"{recipient_id}\n".encode())
        self.last = asyncio.get_running_loop().time()


async def main() -> None:
    """Schedule reminders and wait until none runs any more; ``again`` schedules none."""
    mode, model, store, count, path = sys.argv[1:]
    output = FileOutput(path)
    agent = Agent.load(model)
    agent.tracker_store = _store(store, agent.domain)
    agent.processor.tracker_store = agent.tracker_store
    if mode == "run":
        await _schedule(agent, output, int(count))
    now = asyncio.get_running_loop().time
    begun = now()
    while now() - max(output.last, begun) < _QUIET:  # noqa: ASYNC110 - Rasa tells nobody
        await asyncio.sleep(0.1)


async def _schedule(agent: Agent, output: FileOutput, count: int) -> None:
    """Store every history first, which takes long; Rasa knows a reminder by its name alone."""
    trackers = []
    for number in range(count):
        tracker = await agent.tracker_store.get_or_create_tracker(f"p{number}")
        tracker.update(_reminder(number, datetime.now(timezone.utc)))
        await agent.tracker_store.save(tracker)
        trackers.append(tracker)
    due = datetime.now(timezone.utc) + timedelta(seconds=1 + count / 500)
    for number, tracker in enumerate(trackers):
        await agent.processor._schedule_reminders([_reminder(number, due)], tracker, output)
    await asyncio.sleep((due - datetime.now(timezone.utc)).total_seconds())


def _reminder(number: int, due: datetime) -> ReminderScheduled:
    return ReminderScheduled("EXTERNAL_reminder", trigger_date_time=due, name=f"r{number}")


def _store(store: str, domain: Domain) -> TrackerStore:
    if store == "memory":
        return InMemoryTrackerStore(domain)
    return SQLTrackerStore(domain, dialect="sqlite", db=str(Path(store)))


if __name__ == "__main__":
    asyncio.run(main())
