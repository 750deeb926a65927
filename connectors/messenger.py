"""Messenger as a channel of Rasa."""

from __future__ import annotations

from connectors.channel import MetaInput


class MessengerInput(MetaInput):
    """Receive the webhooks of Messenger."""

    channel = "messenger"
