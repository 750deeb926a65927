"""Where a list goes on, as text of an address; what cannot be read starts at the beginning."""

from __future__ import annotations

from datetime import datetime, timezone

from overture.store.reviewing import Mark, Place, Refusal


def write_place(place: Place) -> str:
    """Write an entry of a list."""
    return f"{_micros(place.at)}~{place.conversation_id}"


def read_place(text: str) -> Place | None:
    """Read an entry of a list."""
    at, _, conversation_id = text.partition("~")
    found = _instant(at)
    return Place(at=found, conversation_id=conversation_id) if found else None


def write_mark(mark: Mark) -> str:
    """Write how far back both sides were read."""
    return f"{mark.heard}~{mark.said}"


def read_mark(text: str) -> Mark | None:
    """Read how far back both sides were read."""
    heard, _, said = text.partition("~")
    first, second = read_number(heard), read_number(said)
    return None if first is None or second is None else Mark(heard=first, said=second)


def write_refusal(one: Refusal) -> str:
    """Write an entry of the list of what was withheld."""
    return f"{_micros(one.at)}~{one.number}"


def read_refusal(text: str) -> Refusal | None:
    """Read an entry of the list of what was withheld."""
    at, _, number = text.partition("~")
    found, row = _instant(at), read_number(number)
    if found is None or row is None:
        return None
    return Refusal(number=row, at=found, conversation_id="", reasons=())


def read_number(text: str) -> int | None:
    """Read a number of a row."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _micros(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)


def _instant(text: str) -> datetime | None:
    micros = read_number(text)
    if micros is None or micros > 10**17:
        return None
    return datetime.fromtimestamp(micros // 1_000_000, tz=timezone.utc).replace(
        microsecond=micros % 1_000_000
    )
