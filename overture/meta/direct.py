"""Messenger and Instagram webhooks: the frame both share, and where each event in it goes.

Rows of the platform that are skipped on purpose: comments, live comments, mentions, feed and other
page ``changes`` (a persona does not answer in public), account linking, feedback, shop orders and
coupon events. They are counted, nothing else.
"""

from __future__ import annotations

from typing import Any

from overture.meta import wire
from overture.meta.direct_events import EVENT_READERS, read_echo
from overture.meta.direct_frame import Frame
from overture.meta.direct_messages import MESSAGE_READERS
from overture.meta.reading import Reading

_READERS = {**MESSAGE_READERS, **EVENT_READERS}
#: Fields under which dashboards and some subscriptions put one event of the usual frame.
_FRAMED_FIELDS = ("messag", "standby")
#: What our side sent; in a sample nothing else says so.
_OWN_FIELDS = frozenset({"message_echoes", "messaging_message_echoes"})


def read_envelope(envelope: dict[str, Any], reading: Reading) -> None:
    """Read an envelope, or a bare ``{"field", "value"}`` sample, into the reading."""
    if "field" in envelope or "sample" in envelope:
        _read_change(wire.mapping(envelope.get("sample")) or envelope, {}, reading)
    for entry in reading.objects(envelope.get("entry")):
        _read_entry(entry, reading)


def _read_entry(entry: dict[str, Any], reading: Reading) -> None:
    before = reading.seen
    for event in reading.objects(entry.get("messaging")):
        _read_event(event, entry, reading)
    for event in reading.objects(entry.get("standby")):
        _read_event(event, entry, reading, standby=True)
    for change in reading.objects(entry.get("changes")):
        _read_change(change, entry, reading)
    if "field" in entry:
        _read_change(entry, entry, reading)
    if reading.seen == before:
        reading.skip("empty")


def _read_change(change: dict[str, Any], entry: dict[str, Any], reading: Reading) -> None:
    field = wire.text(change.get("field")) or ""
    value = change.get("value")
    if not field.startswith(_FRAMED_FIELDS) or field in _OWN_FIELDS:
        reading.skip("other_field")
        return
    before = reading.seen
    for event in reading.objects(value):
        _read_event(event, entry, reading, standby=field == "standby")
    if reading.seen == before:
        reading.skip("empty")


def _read_event(
    event: dict[str, Any], entry: dict[str, Any], reading: Reading, *, standby: bool = False
) -> None:
    frame = Frame.of(event, entry, reading.channel, standby=standby)
    if frame is None:
        reading.skip("no_account")
        return
    if frame.own:
        read_echo(frame, wire.mapping(event.get("message")), reading)
        return
    for key, read in _READERS.items():
        if event.get(key) is not None:
            read(frame, event[key], reading)
            return
    reading.skip("unknown_event")
