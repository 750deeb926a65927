"""The only way out for a message nobody asked for: no permit, no call."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy.engine import Connection

from overture.clock import Clock
from overture.delivery.rendering import follow_up_body
from overture.delivery.sender import Sender
from overture.delivery.turns import Worker
from overture.errors import PermitRefused
from overture.identity import Conversation
from overture.services.deployment import Deployment
from overture.services.follow_up import Refused, Spending, Spent, spend
from overture.store.database import Database
from overture.store.records import Outbound
from overture.store.sql import SqlLedger

logger = logging.getLogger(__name__)

#: How long after a person's last act WhatsApp takes words of our own.
_FREE_WINDOW = timedelta(hours=24)


class ProactiveSender:
    """Spend a permit and send one message, in that order."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        deployment: Deployment,
        sender: Sender,
        worker: Worker,
    ) -> None:
        self._database = database
        self._clock = clock
        self._deployment = deployment
        self._sender = sender
        self._worker = worker
        self._under_way: set[asyncio.Task[Spent | Refused]] = set()

    async def send(self, conversation_id: str, message: Mapping[str, Any]) -> Spent:
        """Send one follow-up to a conversation that has an open permit.

        Args:
            message: as Rasa's output channels get it; ``uses`` names memories by id.

        Raises:
            PermitRefused: there is no open permit, or the gate says no at this moment.
        """
        conversation = Conversation.parse(conversation_id)
        template = await self._template(conversation)
        rendered = follow_up_body(conversation, message, template)
        if rendered is None:
            raise PermitRefused(conversation_id, ["nothing_to_say"])
        spoken, body = rendered
        request = Spending(
            conversation_id=conversation_id,
            now=self._clock.now(),
            text=spoken.text,
            request=body,
            uses=tuple(int(one) for one in message.get("uses") or ()),
        )
        await self._sender.ready(str(conversation.contact), body)
        # A dispatcher that dies hangs up, and its turn is cancelled; what is spent goes out.
        answer = await asyncio.shield(self._spend_and_deliver(request))
        if isinstance(answer, Refused):
            logger.info("follow_up.refused reasons=%s", ",".join(answer.reasons))
            raise PermitRefused(conversation_id, answer.reasons)
        return answer

    def _spend_and_deliver(self, request: Spending) -> asyncio.Task[Spent | Refused]:
        """Begin what is not to be stopped on its way."""

        async def work() -> Spent | Refused:
            answer = await self._database.write_bulk(self._spend, request)
            if isinstance(answer, Spent):
                row = _row(request, answer)
                if await self._sender.deliver(row) is not None:
                    self._sender.wake(row.contact_id)
            return answer

        task = asyncio.ensure_future(work())
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def _template(self, conversation: Conversation) -> Mapping[str, str] | None:
        """Return the template that a follow-up after WhatsApp's free window needs."""
        if conversation.channel != "whatsapp":
            return None
        standing = await self._database.read(
            lambda connection: SqlLedger(connection).people.standing(str(conversation))
        )
        last = standing.contact.last_action_at if standing else None
        if standing is None or last is None or self._clock.now() < last + _FREE_WINDOW:
            return None
        return standing.account_detail.get("template") or None

    def _spend(
        self, connection: Connection, requests: Sequence[Spending]
    ) -> Sequence[Spent | Refused]:
        now = self._clock.now()  # however long the database kept them waiting
        return spend(
            SqlLedger(connection),
            [replace(request, now=now) for request in requests],
            self._deployment,
            owner=self._worker.owner,
            lease_until=self._worker.until(),
        )


def _row(request: Spending, spent: Spent) -> Outbound:
    """Return the row that ``spend`` stored, as the sender needs it."""
    return Outbound(
        id=spent.outbound_id,
        conversation_id=request.conversation_id,
        contact_id=str(Conversation.parse(request.conversation_id).contact),
        kind="follow_up",
        permit_id=spent.permit_id,
        text=request.text,
        request=request.request,
        uses=request.uses,
        state="sending",
        attempts=1,
        created_at=request.now,
    )
