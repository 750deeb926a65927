"""What follows from the platform's answer to something we sent, at once or later."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from overture.meta.errors import Failure
from overture.policy.decision import Send, decide
from overture.services import accounts, consent
from overture.services.answering import HUMAN_AGENT, way_to
from overture.services.deployment import Deployment
from overture.services.standing import facts_of, policy_of
from overture.store.ports import Ledger
from overture.store.records import DecisionRow, Outbound, Standing

#: How long an account rests after an error that only an operator can mend, before it is tried.
REST = timedelta(minutes=15)
#: Longest wait after a rate error where the platform names no longer one.
_SOON = timedelta(seconds=30)
#: How long a message waits for an account that may not send; then its window is over anyway.
_PATIENCE = timedelta(hours=24)
#: Actions after which an account sends nothing for a while.
ACCOUNT_STOPS = frozenset({"pause_account", "alarm"})
#: Another app owns the thread.
_NOT_OURS = 2018300
#: What a message has set in force stays so when its words are taken back.
_HOLDS_ON = frozenset({"crisis", "opt_out"})
#: Rate errors that are about one person or thread; all others hold up the whole account.
_OF_PAIR = frozenset({131056, _NOT_OURS})


def accepted(
    ledger: Ledger, message: Outbound, platform_message_id: str | None, posted_at: datetime
) -> None:
    """Note that the platform took a message; whether it arrives is told later."""
    ledger.outbox.advance(
        message.id,
        state="sent",
        platform_message_id=platform_message_id,
        sent_at=posted_at,
    )
    channel, account_id, _ = message.contact_id.split(":")
    accounts.took_a_message(ledger, channel, account_id, posted_at)


def unknown(ledger: Ledger, message: Outbound, because: str) -> None:
    """Note that nobody knows whether the platform took a message; it is not sent again."""
    ledger.outbox.advance(message.id, state="unknown", error={"message": because})


def rejected(
    ledger: Ledger,
    message: Outbound,
    failure: Failure,
    now: datetime,
    deployment: Deployment,
    *,
    posted_at: datetime,
) -> datetime | None:
    """Note a refusal and what it means for the person and the account.

    Args:
        now: when the platform's answer is here.
        posted_at: when the message was posted: what the person has done since, the platform
            did not know of.

    Returns:
        When to try again; None if not.
    """
    again = _again(message, failure, now)
    ledger.outbox.update(
        message.id,
        state="queued" if again else "failed",
        error=_error(failure),
        next_attempt_at=again,
    )
    _heed(ledger, message, failure, now, deployment, posted_at)
    return again


def refused_later(
    ledger: Ledger,
    message: Outbound,
    failure: Failure,
    now: datetime,
    deployment: Deployment,
    *,
    detail: str | None = None,
) -> None:
    """Note that a message the platform had taken was not delivered; it is not sent again."""
    error = _error(failure) | {"detail": detail}
    ledger.outbox.advance(message.id, state="failed", error=error)
    _heed(ledger, message, failure, now, deployment, min(message.sent_at or now, now))


def holds_account(failure: Failure) -> bool:
    """Return whether nobody else can be sent anything from the account now either."""
    if failure.action in ACCOUNT_STOPS:
        return True
    return failure.action == "wait" and not _OF_PAIR & {failure.code, failure.subcode}


def _error(failure: Failure) -> dict[str, Any]:
    return {"code": failure.code, "subcode": failure.subcode, "message": failure.meaning}


def _again(message: Outbound, failure: Failure, now: datetime) -> datetime | None:
    if failure.action in ACCOUNT_STOPS:
        return now + rest(failure) if now - message.created_at < _PATIENCE else None
    delay = failure.delay(message.attempts)
    if delay is None:
        return None
    wait = timedelta(seconds=delay)
    if failure.action == "wait" and not _is_elsewhere(failure):
        wait = max(min(wait, _SOON), timedelta(seconds=failure.named or 0.0))
    return now + wait


def rest(failure: Failure) -> timedelta:
    """Return how long an account is left alone after an error about it."""
    return timedelta(seconds=failure.retry_after) if failure.retry_after else REST


def _heed(
    ledger: Ledger,
    message: Outbound,
    failure: Failure,
    now: datetime,
    deployment: Deployment,
    posted_at: datetime,
) -> None:
    """Turn a refusal into a state, so that the gate knows before the next attempt."""
    channel, account_id, _ = message.contact_id.split(":")
    if failure.action == "window_closed":
        consent.change(ledger, message.contact_id, now, deployment, window_closed_at=posted_at)
    elif failure.action == "stop_person":
        _stop(ledger, message.contact_id, failure, now, deployment, posted_at)
    elif failure.action in ACCOUNT_STOPS:
        accounts.pause(ledger, channel, account_id, now + rest(failure), failure, now, deployment)
    elif failure.action == "config":
        accounts.note(ledger, channel, account_id, now, failure.meaning, code=failure.code)
    elif _is_elsewhere(failure):
        until = now + deployment.takeover
        consent.take_over(ledger, message.conversation_id, now, deployment, until=until)


def _is_elsewhere(failure: Failure) -> bool:
    """Return whether another app owns the thread; it is told as a code or under another one."""
    return _NOT_OURS in (failure.code, failure.subcode)


def _stop(
    ledger: Ledger,
    contact_id: str,
    failure: Failure,
    now: datetime,
    deployment: Deployment,
    posted_at: datetime,
) -> None:
    """Leave a person alone: until they resume, until they write, or for a time."""
    if failure.until == "resume":
        consent.opt_out(ledger, contact_id, now, deployment, by=consent.BY_PLATFORM)
    elif failure.until is None and failure.retry_after:
        until = now + timedelta(seconds=failure.retry_after)
        consent.change(ledger, contact_id, now, deployment, unreachable_until=until)
    else:
        consent.change(ledger, contact_id, now, deployment, unreachable_at=posted_at)


def may_answer(ledger: Ledger, message: Outbound) -> bool:
    """Remove an answer whose message the person has taken back since: it may quote the words.

    Two answers quote nothing and tell what holds on: that somebody in danger finds help, and that
    a stop is heeded.
    """
    asked = None if message.inbound_id is None else ledger.inbox.get(message.inbound_id)
    if asked is None or not asked.detail.get("unsent") or _HOLDS_ON & {*asked.labels}:
        return True
    ledger.outbox.withdraw(message.id)
    return False


def may_say(ledger: Ledger, message: Outbound, now: datetime) -> bool:
    """Ask once more whether the app takes a human's words; they may have waited for long.

    Those it does not take are marked as failed, so that the console shows it.
    """
    standing = ledger.people.standing(message.conversation_id)
    way = None if standing is None else way_to(standing)
    if way is not None and way.is_open(now):
        if way.is_marked(now):
            ledger.outbox.update(message.id, request={**message.request, **HUMAN_AGENT})
        return True
    error = {"message": "The app’s window had closed before it could be sent."}
    ledger.outbox.update(message.id, state="failed", error=error, next_attempt_at=None)
    return False


def may_repeat(ledger: Ledger, message: Outbound, now: datetime, deployment: Deployment) -> bool:
    """Ask the gate again before a follow-up that was surely not taken is sent once more.

    One that may not go any more is marked as failed, with the reasons.
    """
    standing = ledger.people.standing(message.conversation_id, lock=True)
    if standing is None or standing.permit_id != message.permit_id:
        _withhold(ledger, message, ("unanswered",))  # they have written since
        return False
    current = {fact.id for fact in ledger.memory.current(message.conversation_id)}
    if not current.issuperset(message.uses):
        _withhold(ledger, message, ("memory_changed",))
        return False
    facts = facts_of(_before(standing), deployment)
    answer = None if facts is None else decide(facts, policy_of(standing, deployment), now)
    if isinstance(answer, Send):
        return True
    _withhold(ledger, message, answer.reasons if answer else ())
    if answer is not None:
        _record(ledger, standing, answer.reasons, answer.to_row(), now)
    return False


def _before(standing: Standing) -> Standing:
    """Return the standing without this follow-up: whether it may go is the question."""
    conversation = standing.conversation
    return replace(
        standing,
        conversation=replace(
            conversation,
            last_follow_up_at=None,
            last_follow_up_cycle=None,
            follow_ups_in_window=max(0, conversation.follow_ups_in_window - 1),
        ),
    )


def _withhold(ledger: Ledger, message: Outbound, reasons: tuple[str, ...]) -> None:
    error = {**(message.error or {}), "withheld": list(reasons)}
    ledger.outbox.update(message.id, state="failed", error=error, next_attempt_at=None)


def _record(
    ledger: Ledger,
    standing: Standing,
    reasons: tuple[str, ...],
    record: dict[str, Any],
    now: datetime,
) -> None:
    row = DecisionRow(
        conversation_id=standing.conversation.id,
        cycle=standing.conversation.cycle,
        at=now,
        stage="send",
        outcome="withheld",
        reasons=reasons,
        record=record,
    )
    ledger.plans.record([row])
