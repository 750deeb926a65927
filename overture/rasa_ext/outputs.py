"""Where the dialogue's words go: kept as the answer of a turn, or to the gate."""

from __future__ import annotations

import copy
import logging
from typing import Any

from rasa.core.channels.channel import OutputChannel

from overture.delivery.proactive import ProactiveSender
from overture.errors import PermitRefused

logger = logging.getLogger(__name__)


class ReplyOutput(OutputChannel):
    """Keep what is said in one turn; it is stored when the turn is over, then sent."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        #: Messages in the order they were said.
        self.said: list[dict[str, Any]] = []

    def name(self) -> str:
        """Return the channel's name, which responses can be made for."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one message."""
        self.said.append(copy.deepcopy(message))


class ProactiveOutput(OutputChannel):
    """Send what nobody asked for, one message for each permit; anything else stays inside."""

    def __init__(self, channel: str, proactive: ProactiveSender) -> None:
        self._channel = channel
        self._proactive = proactive

    def name(self) -> str:
        """Return the channel's name."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Spend the conversation's permit and send, or withhold the message.

        Args:
            recipient_id: conversation id, as Rasa's ``sender_id``.
            message: what the dialogue said, with the ids of the memories it ``uses``.
        """
        try:
            await self._proactive.send(recipient_id, message)
        except PermitRefused as refusal:
            logger.warning("proactive.withheld reasons=%s", ",".join(refusal.reasons))
