"""What was said lately in a conversation, read from the events of a tracker.

Pure. Only the newest events are looked at, so a long history costs no more than a short one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

#: How many events are looked back upon.
LOOK_BACK = 400
#: Slot that the first message sets.
MET = "met"
#: Answers that are given without the words of a first contact.
WITHOUT_DISCLOSURE = frozenset({"opt_out", "crisis", "minor", "disclosure", "bot_challenge"})


@dataclass(frozen=True, kw_only=True)
class Said:
    """Hold what is known of one message of the persona."""

    #: Response key, without ``utter_``; empty for a text that came without one.
    key: str
    #: Id of the line.
    line: str
    #: Id of the item it named.
    work: str
    #: Words of the wish it answered.
    wish: str = ""
    #: Ids of the memories it spoke of.
    uses: tuple[str, ...] = ()

    @classmethod
    def read(cls, metadata: Mapping[str, Any] | None) -> Said:
        """Read the metadata of a bot message."""
        held = metadata or {}
        return cls(
            key=str(held.get("utter_action") or "").removeprefix("utter_"),
            line=str(held.get("line") or ""),
            work=str(held.get("work") or ""),
            wish=str(held.get("wish") or ""),
            uses=tuple(str(one) for one in held.get("uses") or ()),
        )


@dataclass(frozen=True, kw_only=True)
class Transcript:
    """Hold the newest part of a conversation, the oldest first."""

    said: tuple[Said, ...] = ()
    #: Intents of the person's messages, the present one last.
    intents: tuple[str, ...] = ()
    #: Whether the person had already met this persona in an earlier session.
    met_before: bool = False

    @classmethod
    def read(cls, events: Sequence[Mapping[str, Any]]) -> Transcript:
        """Read events as Rasa writes them in JSON.

        Args:
            events: the oldest first.
        """
        newest = list(islice(reversed(events), LOOK_BACK))[::-1]
        return cls(
            said=tuple(Said.read(one.get("metadata")) for one in newest if _is(one, "bot")),
            intents=tuple(_intent(one) for one in newest if _is(one, "user")),
            met_before=len(events) > LOOK_BACK or _carried_over(newest),
        )

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the ids of the lines said, the oldest first."""
        return tuple(one.line for one in self.said if one.line)

    @property
    def works(self) -> tuple[str, ...]:
        """Return the ids of the items named, the oldest first."""
        return tuple(one.work for one in self.said if one.work)

    @property
    def last_work(self) -> str:
        """Return the id of the item named last."""
        return self.works[-1] if self.works else ""

    @property
    def last_wish(self) -> str:
        """Return the words of the wish that was answered last."""
        return next((one.wish for one in reversed(self.said) if one.wish), "")

    @property
    def last_key(self) -> str:
        """Return the response key of the last message of the persona."""
        return self.said[-1].key if self.said else ""

    @property
    def intent(self) -> str:
        """Return the intent of the present message."""
        return self.intents[-1] if self.intents else ""

    @property
    def undisclosed(self) -> bool:
        """Say whether the person has not yet been told that this is a machine."""
        return not self.met_before and all(one.key in WITHOUT_DISCLOSURE for one in self.said)


def _is(event: Mapping[str, Any], kind: str) -> bool:
    return event.get("event") == kind


def _intent(event: Mapping[str, Any]) -> str:
    parsed = event.get("parse_data") or {}
    return str((parsed.get("intent") or {}).get("name") or "")


def _carried_over(events: Iterable[Mapping[str, Any]]) -> bool:
    """Say whether a slot of an earlier session comes before the first message."""
    for event in events:
        if _is(event, "user"):
            return False
        if _is(event, "slot") and event.get("name") == MET and event.get("value"):
            return True
    return False
