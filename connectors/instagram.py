"""Instagram as a channel of Rasa."""

from __future__ import annotations

from connectors.channel import MetaInput


class InstagramInput(MetaInput):
    """Receive the webhooks of Instagram."""

    channel = "instagram"
