"""How long each channel lets a bot write after the person last acted: data, no behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

#: A channel that is not listed below is held to the window of the strictest known platform.
STRICTEST_WINDOW = timedelta(hours=24)

#: None: no platform stands between the bot and the person. Source of the 24 hours: Meta's rule
#: for automated messages on Messenger, Instagram and WhatsApp (META-24H).
CHANNEL_WINDOWS: Mapping[str, timedelta | None] = MappingProxyType(
    {
        "messenger": timedelta(hours=24),
        "instagram": timedelta(hours=24),
        "whatsapp": timedelta(hours=24),
        "rest": None,
        "cmdline": None,
    }
)

#: Channels on which an approved template may be sent after the window has closed.
TEMPLATE_CHANNELS = frozenset({"whatsapp"})
