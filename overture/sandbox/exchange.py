"""The moving parts of one stand-in, held together: chats, clock, journal, faults, postman."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from overture.sandbox.config import Account, SandboxConfig
from overture.sandbox.faults import Faults
from overture.sandbox.journal import Broadcast, Journal
from overture.sandbox.postman import Letter, Postman
from overture.sandbox.rates import Rates
from overture.sandbox.state_file import StateFile
from overture.sandbox.threads import Bubble, Thread, World

#: Hours in which an account may answer what a person did.
WINDOW = timedelta(hours=24)
#: The same for what a human typed, on a Page or an Instagram account with that feature.
HUMAN_WINDOW = timedelta(days=7)
#: Silence of the person after which a message of the account counts as writing first.
WROTE_FIRST_AFTER = timedelta(minutes=15)

#: Answers ``overture why CONVERSATION --json``: conversation id to its facts and decisions.
#: None for a conversation that is not known.
Why = Callable[[str], Awaitable[Mapping[str, Any] | None]]


class WindableClock(Protocol):
    """A clock that a demo may move forward; a production clock raises `ClockLocked`."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""

    def wind(self, delta: timedelta) -> datetime:
        """Move forward and return the new time."""


class Exchange:
    """Hold the state of a stand-in and the few operations everything else is made of."""

    def __init__(
        self,
        config: SandboxConfig,
        clock: WindableClock,
        *,
        ids: Callable[[], str],
        why: Why | None = None,
    ) -> None:
        self.config = config
        self.clock = clock
        self.ids = ids
        self.why = why
        self.broadcast = Broadcast()
        self.journal = Journal(self.broadcast)
        self.faults = Faults()
        self.rates = Rates()
        self.postman = Postman(config, self.journal, self.faults, clock)
        self.state_file = StateFile(config.state_file)
        self.world = self.state_file.load() or World()
        self._tasks: set[asyncio.Task[Any]] = set()

    async def start(self) -> None:
        """Open connections."""
        await self.postman.start()

    async def stop(self) -> None:
        """End streams and background work, keep the chats."""
        self.broadcast.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.state_file.save(self.world)
        await self.postman.stop()

    def thread(self, account: Account, user_id: str) -> Thread:
        """Return the chat of a person with an account, a new one if need be."""
        known = len(self.world.people)
        thread = self.world.thread(account.channel, account.id, user_id, account.persona)
        if len(self.world.people) > known:
            self.publish_people()
        return thread

    def show(self, thread: Thread, bubble: Bubble) -> None:
        """Put a bubble on the phone."""
        thread.add(bubble)
        self.publish_thread("bubble", thread, bubble=bubble.to_json())
        self.save()

    def change(self, thread: Thread, bubble: Bubble, **fields: str) -> None:
        """Change a bubble that is on the phone already."""
        for name, value in fields.items():
            setattr(bubble, name, value)
        self.publish_thread("changed", thread, bubble=bubble.to_json())
        self.save()

    def publish_thread(self, event: str, thread: Thread, **data: Any) -> None:
        """Tell the pages about something in a chat."""
        acted = thread.last_user_action
        about = {
            "channel": thread.channel,
            "account_id": thread.account_id,
            "user_id": thread.user_id,
            "persona": thread.persona,
            "blocked": thread.blocked,
            "window_closes": (acted + WINDOW).isoformat() if acted else None,
        }
        self.broadcast.publish(event, {**about, **data})

    def publish_people(self) -> None:
        """Tell the pages who there is."""
        self.broadcast.publish("people", [person.ids for person in self.world.people])

    def window_open(self, thread: Thread, window: timedelta = WINDOW) -> bool:
        """Tell whether the account may write free-form now."""
        acted = thread.last_user_action
        return acted is not None and self.clock.now() < acted + window

    def send(self, letter: Letter) -> asyncio.Task[bool]:
        """Give a webhook to the postman."""
        return self.later(self.postman.deliver(letter))

    def later(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run something in the background and keep hold of it."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def save(self) -> None:
        """Keep the chats soon."""
        if self.state_file.due():
            self.later(self.state_file.save_soon(lambda: self.world))

    def reset(self) -> None:
        """Forget all chats, calls and faults; the clock stays where it is."""
        self.world = World()
        self.journal.clear()
        self.faults.switch_off()
        self.rates.clear()
        self.broadcast.publish("reset", {})
        self.save()
