"""What a reviewer may do with a conversation: each act is one call of a use case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from overture.console import keys, notes
from overture.identity import Conversation
from overture.services import consent
from overture.services.deployment import Deployment
from overture.store.sql import SqlLedger

#: What stands in the ledger in place of the message that asked for an opt-out.
_BY_CONSOLE = "console"
#: Spans a pause may have, in days.
PAUSES = (1, 3, 7, 30)

Form = Mapping[str, str]
Act = Callable[[SqlLedger, str, datetime, Deployment, Form], object]


def _take_over(
    ledger: SqlLedger, conversation_id: str, now: datetime, deployment: Deployment, form: Form
) -> None:
    consent.take_over(ledger, conversation_id, now, deployment)


def _looked_after(
    ledger: SqlLedger, conversation_id: str, now: datetime, deployment: Deployment, form: Form
) -> None:
    consent.settle(ledger, conversation_id, now, deployment)


def _hand_back(
    ledger: SqlLedger, conversation_id: str, now: datetime, deployment: Deployment, form: Form
) -> None:
    consent.hand_back(ledger, conversation_id, now, deployment)


def _pause(
    ledger: SqlLedger, conversation_id: str, now: datetime, deployment: Deployment, form: Form
) -> None:
    days = keys.read_number(form.get("days", ""))
    until = now + timedelta(days=days if days in PAUSES else PAUSES[0])
    consent.pause(ledger, conversation_id, now, deployment, until=until)


def _end_pause(
    ledger: SqlLedger, conversation_id: str, now: datetime, deployment: Deployment, form: Form
) -> None:
    consent.pause(ledger, conversation_id, now, deployment, until=None)


def _release_hold(
    ledger: SqlLedger, conversation_id: str, now: datetime, deployment: Deployment, form: Form
) -> None:
    consent.release_hold(ledger, _contact(conversation_id), now, deployment)


def _lift_minor(
    ledger: SqlLedger, conversation_id: str, now: datetime, deployment: Deployment, form: Form
) -> None:
    consent.lift_minor(ledger, _contact(conversation_id), now, deployment)


def _opt_out(
    ledger: SqlLedger, conversation_id: str, now: datetime, deployment: Deployment, form: Form
) -> None:
    consent.opt_out(ledger, _contact(conversation_id), now, deployment, by=_BY_CONSOLE)


def _forget(
    ledger: SqlLedger, conversation_id: str, now: datetime, deployment: Deployment, form: Form
) -> None:
    chosen = {keys.read_number(form.get("memory", ""))}
    for old in reversed(ledger.memory.history(conversation_id)):
        if old.superseded_by in chosen and old.superseded_by is not None:
            chosen.add(old.id)  # forgetting leaves no older version
    ledger.memory.delete(conversation_id, [one for one in chosen if one is not None])


def _reviewed(
    ledger: SqlLedger, conversation_id: str, now: datetime, deployment: Deployment, form: Form
) -> None:
    ledger.notes.set_state(conversation_id, "reviewed", now)


def _later(
    ledger: SqlLedger, conversation_id: str, now: datetime, deployment: Deployment, form: Form
) -> None:
    ledger.notes.set_state(conversation_id, "later", now)


def _not_reviewed(
    ledger: SqlLedger, conversation_id: str, now: datetime, deployment: Deployment, form: Form
) -> None:
    ledger.notes.set_state(conversation_id, None, now)


def _note(
    ledger: SqlLedger, conversation_id: str, now: datetime, deployment: Deployment, form: Form
) -> None:
    ledger.notes.set_tags(conversation_id, notes.read_tags(form.get("tags", "")), now)
    ledger.notes.set_note(conversation_id, notes.read_note(form.get("note", "")))


def _correct(
    ledger: SqlLedger, conversation_id: str, now: datetime, deployment: Deployment, form: Form
) -> None:
    one, intent = Conversation.parse(conversation_id), notes.read_intent(form.get("intent", ""))
    key = (one.channel, one.account_id, one.user_id, form.get("message", ""))
    message = ledger.inbox.one(*key)
    if message is not None and message.conversation_id == conversation_id:
        ledger.notes.correct(conversation_id, message.message_id, intent, now)


def _contact(conversation_id: str) -> str:
    return str(Conversation.parse(conversation_id).contact)


ACTS: Mapping[str, Act] = MappingProxyType(
    {
        "take-over": _take_over,
        "looked-after": _looked_after,
        "hand-back": _hand_back,
        "pause": _pause,
        "end-pause": _end_pause,
        "release-hold": _release_hold,
        "lift-minor": _lift_minor,
        "opt-out": _opt_out,
        "forget": _forget,
        "reviewed": _reviewed,
        "later": _later,
        "not-reviewed": _not_reviewed,
        "note": _note,
        "correct": _correct,
    }
)
