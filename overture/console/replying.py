"""The form in which a human answers: what may be typed, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from overture.accounts import PUSH_CHANNELS
from overture.console import wording
from overture.delivery.rendering import typed_rows
from overture.identity import Conversation
from overture.services.answering import Way, answer, way_to
from overture.services.deployment import Deployment
from overture.store.records import Standing
from overture.store.sql import SqlLedger

#: Characters of one answer.
LONGEST = 2000


@dataclass(frozen=True, kw_only=True)
class Typed:
    """Hold a form as it was sent."""

    text: str
    #: Names the form; a second press of its button sends nothing.
    key: str


def typed(form: Mapping[str, str], fallback: str) -> Typed:
    """Read a form.

    Args:
        fallback: names a form that brings no key, as a script may send it.
    """
    text = form.get("text", "").replace("\r\n", "\n").strip()
    return Typed(text=text, key=form.get("once") or fallback)


def way(identity: Conversation, standing: Standing) -> Way | None:
    """Return until when the person can be answered; None where there is no way to them."""
    return way_to(standing) if identity.channel in PUSH_CHANNELS else None


def send(
    ledger: SqlLedger, identity: Conversation, said: Typed, now: datetime, deployment: Deployment
) -> str | None:
    """Hand an answer to the sender; return what is wrong with it, in words, if anything is."""
    if not 0 < len(said.text) <= LONGEST:
        return wording.UNSENT["length"].format(longest=LONGEST)
    if identity.channel not in PUSH_CHANNELS:
        return wording.UNSENT["nowhere"]
    rows = typed_rows(identity, said.text, now)
    if not answer(ledger, str(identity), rows, said.key, now, deployment):
        return wording.UNSENT["closed"].format(channel=wording.channel(identity.channel))
    return None
