"""WhatsApp Cloud API webhooks: changes, and where each thing in them goes.

``field`` is looked at before ``messages``: ``history`` brings old messages that must not be
answered. Fields that are skipped on purpose, and only counted: history, calls, contact sync
(``smb_app_state_sync``), flows and whatever Meta adds later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from overture.meta import wire
from overture.meta.reading import Reading
from overture.meta.whatsapp_changes import (
    NOTICES,
    read_echo,
    read_handover,
    read_id_update,
    read_notice,
    read_preference,
    read_status,
)
from overture.meta.whatsapp_frame import Scope
from overture.meta.whatsapp_messages import read_message

_Reader = Callable[[dict[str, Any], Scope, Reading], None]

#: Lists inside ``value`` that are read for each field, with the reader of one item.
_LISTS: Mapping[str, Mapping[str, _Reader]] = {
    "messages": {"messages": read_message, "statuses": read_status},
    "standby": {"messages": read_message, "message_echoes": read_echo, "statuses": read_status},
    "smb_message_echoes": {"message_echoes": read_echo, "messages": read_echo},
    "message_echoes": {"message_echoes": read_echo, "messages": read_echo},
    "user_preferences": {"user_preferences": read_preference},
    "user_id_update": {"user_id_update": read_id_update},
    "messaging_handovers": {"messaging_handovers": read_handover},
}


def read_envelope(envelope: dict[str, Any], reading: Reading) -> None:
    """Read an envelope, or a bare ``{"field", "value"}`` sample, into the reading."""
    if "field" in envelope or "sample" in envelope:
        _read_change(wire.mapping(envelope.get("sample")) or envelope, {}, reading)
    for entry in reading.objects(envelope.get("entry")):
        before = reading.seen
        for change in reading.objects(entry.get("changes")):
            _read_change(change, entry, reading)
        if "field" in entry:
            _read_change(entry, entry, reading)
        if reading.seen == before:
            reading.skip("empty")


def _read_change(change: dict[str, Any], entry: dict[str, Any], reading: Reading) -> None:
    field = wire.text(change.get("field")) or "messages"
    before = reading.seen
    for value in reading.objects(change.get("value")):
        scope = Scope.of(value, entry, field)
        if field in _LISTS:
            _read_lists(field, value, scope, reading)
        elif field in NOTICES:
            read_notice(value, scope, reading)
        else:
            reading.skip("other_field")
    if reading.seen == before:
        reading.skip("empty")


def _read_lists(field: str, value: dict[str, Any], scope: Scope, reading: Reading) -> None:
    before = reading.seen
    for name, read in _LISTS[field].items():
        for item in reading.objects(value.get(name)):
            if scope.account_id is None:
                reading.skip("no_account")
            else:
                read(item, scope, reading)
    if reading.seen == before and value.get("errors"):
        read_notice(value, scope, reading)
