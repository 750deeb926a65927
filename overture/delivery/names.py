"""The names under which a page speaks: Messenger's personas, made when one is first needed.

Nothing waits for a name: until it is there, the page speaks under its own.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from overture.accounts import Account, ChannelConfig
from overture.clock import Clock
from overture.delivery.graph import Ambiguous, Answer, Rejected
from overture.store.database import Database
from overture.store.records import Outbound
from overture.store.sql import SqlLedger

logger = logging.getLogger(__name__)

#: Longest name the platform takes.
_NAME = 50
#: How long after a failure a name is not asked for again.
_LATER = timedelta(hours=1)


class Naming(Protocol):
    """Know under which names accounts speak."""

    def named(self, message: Outbound, body: dict[str, Any]) -> dict[str, Any]:
        """Return a body with the name of its persona, if there is one."""

    def refused(self, message: Outbound, body: Mapping[str, Any], answer: Answer) -> bool:
        """Return whether a body should be sent again without its name."""


class Nameless:
    """Speak under the accounts' own names."""

    def named(self, message: Outbound, body: dict[str, Any]) -> dict[str, Any]:
        """Return the body as it is."""
        return body

    def refused(self, message: Outbound, body: Mapping[str, Any], answer: Answer) -> bool:
        """Return False: there was no name."""
        return False


class Maker(Protocol):
    """Make personas on the platform."""

    async def make_persona(
        self, account_id: str, name: str, picture: str | None
    ) -> str | Rejected | Ambiguous:
        """Return the id of a new name."""


class PersonaNames:
    """Keep the ids of names by account and persona; in the ledger, and in memory."""

    def __init__(
        self,
        database: Database,
        maker: Maker,
        channels: Mapping[str, ChannelConfig],
        clock: Clock,
        name_of: Callable[[str], str | None],
    ) -> None:
        self._database = database
        self._maker = maker
        self._channels = channels
        self._clock = clock
        #: Persona's id to the name on its card; None if there is no such card.
        self._name_of = name_of
        self._ids: dict[tuple[str, str], str] = {}
        self._making: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._not_before: dict[tuple[str, str], datetime] = {}

    def named(self, message: Outbound, body: dict[str, Any]) -> dict[str, Any]:
        """Return a body with the name of its persona; have the name made if it is missing."""
        if message.kind == "person":
            return body  # a human does not speak under the name of a persona
        persona = self.id_of(message.conversation_id)
        return body if persona is None else {**body, "persona_id": persona}

    def id_of(self, conversation_id: str) -> str | None:
        """Return the name's id for a conversation; None until there is one."""
        channel, account_id, _, persona_id = conversation_id.split(":")
        config = self._channels.get(channel) if channel == "messenger" else None
        account = config.accounts.get(account_id) if config else None
        if account is None or not account.use_personas:
            return None
        key = (account_id, persona_id)
        if key not in self._ids and key not in self._making:
            self._make_soon(key, account)
        return self._ids.get(key)

    def refused(self, message: Outbound, body: Mapping[str, Any], answer: Answer) -> bool:
        """Return whether a name may be why a body was refused; it is made anew then."""
        wrong = isinstance(answer, Rejected) and answer.failure.action == "config"
        if not wrong or "persona_id" not in body:
            return False
        _, account_id, _, persona_id = message.conversation_id.split(":")
        self._ids.pop((account_id, persona_id), None)
        self._not_before[(account_id, persona_id)] = self._clock.now() + _LATER
        return True

    def _make_soon(self, key: tuple[str, str], account: Account) -> None:
        not_before = self._not_before.get(key)
        if not_before is not None and self._clock.now() < not_before:
            return
        task = asyncio.get_running_loop().create_task(self._make(key, account))
        self._making[key] = task
        task.add_done_callback(lambda done: self._made(key, done))

    def _made(self, key: tuple[str, str], task: asyncio.Task[None]) -> None:
        self._making.pop(key, None)
        if not task.cancelled() and task.exception() is not None:
            self._not_before[key] = self._clock.now() + _LATER
            logger.warning("persona.failed error=%s", type(task.exception()).__name__)

    async def _make(self, key: tuple[str, str], account: Account) -> None:
        account_id, persona_id = key
        name = (self._name_of(persona_id) or "")[:_NAME]
        if not name:
            return
        kept = await self._kept(account_id)
        known = kept.get(persona_id)
        if known and known["name"] == name and key not in self._not_before:
            self._ids[key] = known["id"]
            return
        picture = (account.persona_picture or "").replace("{persona}", persona_id) or None
        self._not_before[key] = self._clock.now() + _LATER
        made = await self._maker.make_persona(account_id, name, picture)
        if not isinstance(made, str):
            logger.warning("persona.not_made account=%s persona=%s", account_id, persona_id)
            return
        self._ids[key] = made
        await self._keep(account_id, persona_id, {"id": made, "name": name})

    async def _kept(self, account_id: str) -> dict[str, Any]:
        kept = await self._database.read(
            lambda connection: SqlLedger(connection).account_kept("messenger", account_id)
        )
        return dict(kept.get("personas") or {})

    async def _keep(self, account_id: str, persona_id: str, made: dict[str, str]) -> None:
        def keep(connection: Any) -> None:
            ledger = SqlLedger(connection)
            known = ledger.account_kept("messenger", account_id).get("personas") or {}
            ledger.keep_for_account("messenger", account_id, personas={**known, persona_id: made})

        await self._database.write(keep)
