"""The dispatcher: claims what is due, has Rasa say it, sleeps until the next is due."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.engine import Connection

from overture.clock import Clock
from overture.services import catching_up, follow_up
from overture.services.deployment import Deployment
from overture.services.follow_up import Claims, Ticket
from overture.services.planning import replan_all
from overture.store.database import Database
from overture.store.sql import SqlLedger
from overture.workers import is_gone

logger = logging.getLogger(__name__)

Step = Callable[[], Awaitable[int]]

#: How many plans are claimed in one transaction, and how many turns run at once.
BATCH = 100
CONCURRENT = 16
#: How many batches are under way at once.
BATCHES = 2
#: Longest sleep in seconds; plans of other processes and a demo's clock are seen after it.
LONGEST_SLEEP = 1.0
#: Seconds between two looks for people who are owed a follow-up and have no plan, and between
#: the parts of one look.
LOOK_EVERY = 300.0
LOOK_ON = 1.0


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Tell what became of a ticket."""

    #: ``said``: the turn ran; ``silent``: it ran and will never say anything; ``later``: Rasa
    #: could not run it now.
    what: str
    because: str = ""


#: A ticket, what became of its turn, and when.
Ended = tuple[Ticket, Outcome, datetime]


class Speaker(Protocol):
    """Have a follow-up said."""

    async def say(self, ticket: Ticket) -> Outcome:
        """Run the turn of one ticket; never raises."""


class Dispatcher:
    """Share the due work of one database with any number of others."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        deployment: Deployment,
        speaker: Speaker,
        *,
        owner: str,
        lease: timedelta,
        batch: int = BATCH,
        concurrent: int = CONCURRENT,
    ) -> None:
        self._database = database
        self._clock = clock
        self._deployment = deployment
        self._speaker = speaker
        self._owner = owner
        self._lease = lease
        self._batch = batch
        self._turns = asyncio.Semaphore(concurrent)
        #: Turns that are over; the first to end notes them all.
        self._ended: list[Ended] = []
        #: When to look for the forgotten next, by the loop's time, and behind which conversation.
        self._look_at = 0.0
        self._look_behind = ""
        #: Whether the present look is for those with a plan too, as the limits have changed.
        self._look_anew = False
        #: Whether all proactive messages are stopped; set when that has ended.
        self._stopped = False
        self._goes_on = asyncio.Event()

    async def run(self) -> None:
        """Dispatch until cancelled; a failure is logged and tried again."""
        await self._settle(self.rescue)
        await self._settle(self.catch_up)
        looking = asyncio.ensure_future(self._keep_looking())
        try:
            while True:
                pause = await self._pause()
                if pause <= 0 and not await self._settle(self.dispatch_all):
                    pause = LONGEST_SLEEP  # others were quicker, or the database is away
                await asyncio.sleep(max(0.0, pause))
        finally:
            looking.cancel()

    async def _keep_looking(self) -> None:
        """Look for the forgotten from time to time, and once nothing is stopped any more."""
        while True:
            pause = self._look_at - asyncio.get_running_loop().time()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._goes_on.wait(), max(0.0, pause))
            self._goes_on.clear()
            await self._settle(self.catch_up)

    async def _settle(self, step: Step) -> int:
        try:
            return await step()
        except Exception as error:  # noqa: BLE001 - the loop must outlive a database that is away
            logger.warning("dispatcher.failed error=%s", type(error).__name__)
            return 0

    async def _pause(self) -> float:
        """Return the seconds until the next plan is due, at most ``LONGEST_SLEEP``; 0 if one is.

        This one read a second is all that an idle dispatcher asks of the database.
        """
        try:
            due, stopped = await self._database.read(_next)
        except Exception:  # noqa: BLE001 - see _settle
            return LONGEST_SLEEP
        if self._stopped and not stopped:
            self._goes_on.set()
        self._stopped = stopped
        if due is None:
            return LONGEST_SLEEP
        return min(LONGEST_SLEEP, (due - self._clock.now()).total_seconds())

    async def rescue(self) -> int:
        """Free the claims of dispatchers of this machine that have ended."""

        def free(connection: Connection) -> int:
            plans = SqlLedger(connection).plans
            gone = [owner for owner in plans.owners() if is_gone(owner)]
            return plans.release(gone, self._clock.now()) if gone else 0

        return await self._database.write(free)

    async def catch_up(self) -> int:
        """Plan some of those who are owed a follow-up and have no plan; return how many.

        After a change of the limits, plan those who have one anew as well.
        """
        self._look_at = asyncio.get_running_loop().time() + LOOK_EVERY
        now = self._clock.now()
        found = await self._database.read(lambda connection: self._look(SqlLedger(connection), now))
        whole = len(found) < BATCH
        if found or (whole and self._look_anew):
            await self._database.write(
                lambda connection: self._plan(SqlLedger(connection), found, now, whole)
            )
        self._look_behind = "" if whole else found[-1]
        self._look_at += 0.0 if whole else LOOK_ON - LOOK_EVERY
        return len(found)

    def _look(self, ledger: SqlLedger, now: datetime) -> list[str]:
        if catching_up.all_is_stopped(ledger):
            self._look_anew = False
            return []
        behind = self._look_behind
        if not behind:
            self._look_anew = catching_up.planned_under_others(ledger, self._deployment)
        return catching_up.left_out(
            ledger, now, behind=behind, limit=BATCH, planned_too=self._look_anew
        )

    def _plan(self, ledger: SqlLedger, found: list[str], now: datetime, whole: bool) -> None:
        replan_all(ledger, found, now, self._deployment, asked=True)
        if whole and self._look_anew:
            catching_up.note_planned(ledger, self._deployment, now)

    async def dispatch_all(self) -> int:
        """Dispatch until nothing is due; return how many plans were.

        The next batch is claimed while one is being said: turns need not wait for its last.
        """
        rounds = [self._drain() for _ in range(BATCHES)]
        drained = await asyncio.gather(*rounds, return_exceptions=True)
        failed = [one for one in drained if isinstance(one, BaseException)]
        if failed:
            raise failed[0]
        return sum(one for one in drained if isinstance(one, int))

    async def _drain(self) -> int:
        total = 0
        while due := await self.dispatch_due():
            total += due
        return total

    async def dispatch_due(self) -> int:
        """Claim one batch of due plans and have them said; return how many were due."""
        claims = await self._database.write(self._claim)
        for one in claims.withheld:
            logger.info("follow_up.withheld reasons=%s", ",".join(one.reasons))
        await asyncio.gather(*(self._say(ticket) for ticket in claims.tickets))
        return claims.due

    def _claim(self, connection: Connection) -> Claims:
        return follow_up.claim_due(
            SqlLedger(connection),
            self._clock.now(),
            self._deployment,
            limit=self._batch,
            owner=self._owner,
            lease=self._lease,
        )

    async def _say(self, ticket: Ticket) -> None:
        async with self._turns:
            outcome = await self._speaker.say(ticket)
        now = self._clock.now()
        if outcome.what != "said":
            logger.warning("follow_up.%s because=%s", outcome.what, outcome.because)
        await self._note((ticket, outcome, now))

    async def _note(self, ended: Ended) -> None:
        """Note the end of a turn, together with others that end at the same moment."""
        self._ended.append(ended)
        if len(self._ended) == 1:
            await asyncio.sleep(0)
            together, self._ended = self._ended, []
            await self._database.write(lambda connection: _settle(connection, together))


def _next(connection: Connection) -> tuple[datetime | None, bool]:
    """Return when the next plan can be claimed, and whether everything is stopped."""
    ledger = SqlLedger(connection)
    return ledger.plans.next_due(), catching_up.all_is_stopped(ledger)


def _settle(connection: Connection, ended: Sequence[Ended]) -> None:
    """Note the end of turns; those that were sent have no plan any more."""
    ledger = SqlLedger(connection)
    left = ledger.plans.planned([ticket.conversation_id for ticket, _, _ in ended])
    for ticket, outcome, now in ended:
        if ticket.conversation_id not in left:
            continue
        if outcome.what == "later":
            follow_up.try_later(ledger, ticket, now)
        else:
            follow_up.end_turn(ledger, ticket, now, outcome.because)
