"""One turn of the dialogue for one message, run by Rasa; its answer is handed back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import aiohttp
from rasa.core.channels.channel import UserMessage
from sanic import Sanic

from overture.accounts import ChannelConfig
from overture.bootstrap import Runtime
from overture.delivery.rendering import recipient_of
from overture.delivery.turns import Said
from overture.errors import ActionFailed, TurnError
from overture.identity import Conversation
from overture.meta.render import render_read, render_typing
from overture.rasa_ext.outputs import ReplyOutput
from overture.rasa_ext.watching import WatchedActions
from overture.store.records import Inbound

logger = logging.getLogger(__name__)

#: Seconds for which an action server that answered is believed to be there.
_FRESH = 2.0
_TIMEOUT = aiohttp.ClientTimeout(total=3)


class RasaTurn:
    """Run turns of one channel through Rasa's agent."""

    def __init__(
        self,
        parts: Runtime,
        config: ChannelConfig,
        on_new_message: Callable[[UserMessage], Awaitable[Any]],
        app: Sanic,
    ) -> None:
        self._runtime = parts
        self._config = config
        self._on_new_message = on_new_message
        self._app = app
        self._seen_at = float("-inf")
        self._actions = WatchedActions()
        self._marks: set[asyncio.Task[Any]] = set()

    async def run(self, message: Inbound, text: str, again: bool) -> Said:
        """Run the turn of a message and return what was said.

        Raises:
            TurnError: Rasa has no model, or the action server does not answer.
            ActionFailed: an action ended with an error.
        """
        conversation_id = message.conversation_id
        assert conversation_id is not None
        await self._check_ready()
        self._mark(message)
        if again and self._runtime.trackers is not None:
            await self._runtime.trackers.rewind(conversation_id, message.message_id)
        output = ReplyOutput(self._config.channel)
        failed = self._actions.begin()
        await self._on_new_message(
            UserMessage(
                text,
                output,
                sender_id=conversation_id,
                input_channel=self._config.channel,
                message_id=message.message_id,
                metadata={"kind": message.kind},
            )
        )
        if failed:
            self._seen_at = float("-inf")
            await self._check_ready()
            raise ActionFailed(failed[0], output.said)
        return output.said

    async def _check_ready(self) -> None:
        agent = getattr(self._app.ctx, "agent", None)
        if agent is None or not agent.is_ready():
            raise TurnError("Rasa has no model loaded")
        endpoint = getattr(agent, "action_endpoint", None)
        now = asyncio.get_running_loop().time()
        if endpoint is None or not endpoint.url or now - self._seen_at < _FRESH:
            return
        self._actions.watch(endpoint)
        if not await _answers(endpoint.url.rsplit("/", 1)[0] + "/health"):
            raise TurnError("the action server does not answer")
        self._seen_at = now

    def _mark(self, message: Inbound) -> None:
        """Show that the message was read and an answer is coming, without waiting for it."""
        assert message.conversation_id is not None
        if self._runtime.sender.is_held(str(message.contact)):
            return
        to = replace(
            recipient_of(Conversation.parse(message.conversation_id)),
            persona_id=self._runtime.names.id_of(message.conversation_id),
        )
        channel = self._config.channel
        bodies = [render_typing(channel, to, message_id=message.message_id)]
        if channel != "whatsapp":  # there the typing mark marks as read too
            bodies.insert(0, render_read(channel, to, message.message_id))
        task = asyncio.get_running_loop().create_task(
            self._post_marks(message.account_id, [one for one in bodies if one])
        )
        self._marks.add(task)
        task.add_done_callback(self._marks.discard)

    async def _post_marks(self, account_id: str, bodies: list[dict[str, Any]]) -> None:
        for body in bodies:
            await self._runtime.graph.send(self._config.channel, account_id, body)


async def _answers(url: str) -> bool:
    try:
        async with aiohttp.ClientSession(timeout=_TIMEOUT) as session, session.get(url) as answer:
            return answer.status < 500
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
        return False
