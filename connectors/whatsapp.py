"""WhatsApp as a channel of Rasa."""

from __future__ import annotations

from connectors.channel import MetaInput


class WhatsAppInput(MetaInput):
    """Receive the webhooks of WhatsApp."""

    channel = "whatsapp"
