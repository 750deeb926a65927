"""One door for the webhook bodies of all three channels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from overture.meta import direct, whatsapp
from overture.meta.events import Parsed
from overture.meta.reading import Reading

_READERS: Mapping[str, Callable[[dict[str, Any], Reading], None]] = MappingProxyType(
    {
        "messenger": direct.read_envelope,
        "instagram": direct.read_envelope,
        "whatsapp": whatsapp.read_envelope,
    }
)
#: ``object`` of the envelopes of each channel.
OBJECTS: Mapping[str, str] = MappingProxyType(
    {
        "messenger": "page",
        "instagram": "instagram",
        "whatsapp": "whatsapp_business_account",
    }
)
CHANNELS = tuple(OBJECTS)


def parse(channel: str, body: Any) -> Parsed:
    """Read a decoded webhook body; whatever its shape, what can be read is read.

    Args:
        channel: One of ``CHANNELS``.
        body: Decoded JSON: an envelope, an array of envelopes, or a bare dashboard sample
            (``{"field", "value"}``).

    Returns:
        The messages from people, and beside them every event that others act on. ``ignored``
        counts what is not a message from a person to us, each thing once: an item of
        ``messaging``, ``standby``, ``messages``, ``statuses``, ``message_echoes``,
        ``user_preferences`` or ``user_id_update``; a change of any other field (history, comments,
        calls ...) as a whole; an envelope, entry or change in which nothing was found; an envelope
        for another product; anything that should be an object and is none. ``contacts`` and the
        ``errors`` beside a message belong to their message and are not counted.

    Raises:
        ValueError: When the channel is unknown. No body raises.
    """
    if channel not in _READERS:
        raise ValueError(f"unknown channel {channel!r}; one of {', '.join(CHANNELS)}")
    reading = Reading(channel)
    for envelope in reading.objects(body):
        _envelope(envelope, reading)
    return reading.result()


def _envelope(envelope: dict[str, Any], reading: Reading) -> None:
    declared = envelope.get("object")
    if isinstance(declared, str) and declared != OBJECTS[reading.channel]:
        reading.skip("other_product")
        return
    before = reading.seen
    _READERS[reading.channel](envelope, reading)
    if reading.seen == before:
        reading.skip("empty")
