"""Write first: claim what is due, decide, and spend the permit just before sending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from overture.policy.decision import Cease, Decision, Send, Wait, decide
from overture.services.deployment import Deployment
from overture.services.planning import Withheld
from overture.services.standing import facts_of, policy_of
from overture.store.ports import Ledger
from overture.store.records import DecisionRow, Outbound, PlanRow, Standing

#: How long a plan waits when only a message that is being worked on stands in its way.
_SOON = timedelta(seconds=1)
#: How often a turn may end without a word before its plan is withheld.
_TRIES = 3


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """Hold the right to have one follow-up said."""

    conversation_id: str
    channel: str
    cycle: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class Claims:
    """Hold what a dispatcher got in one transaction."""

    tickets: tuple[Ticket, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    #: How many plans were due, whatever became of them.
    due: int = 0


@dataclass(frozen=True, kw_only=True)
class Spending:
    """Ask to send one follow-up now."""

    conversation_id: str
    now: datetime
    text: str | None = None
    #: Body of the platform call.
    request: Mapping[str, Any] = field(default_factory=dict)
    #: Ids of the memories the text speaks of; all must still hold.
    uses: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Spent:
    """Say that the permit is spent: this message, and no other, may leave now."""

    conversation_id: str
    outbound_id: int
    permit_id: int
    cycle: int


@dataclass(frozen=True, kw_only=True)
class Refused:
    """Say that the message must not leave, and why."""

    conversation_id: str
    reasons: tuple[str, ...]


def claim_due(
    ledger: Ledger,
    now: datetime,
    deployment: Deployment,
    *,
    limit: int,
    owner: str,
    lease: timedelta,
) -> Claims:
    """Claim due plans, decide about each and issue permits, all in this transaction."""
    due = ledger.plans.claim(now, limit, owner, now + lease)
    decided = [(standing, _decide(standing, deployment, now)) for standing in due]
    granted = [standing for standing, answer in decided if isinstance(answer, Send)]
    ledger.plans.issue(granted, now)
    ledger.plans.record(
        [
            _row(standing, answer, "claim", now)
            for standing, answer in decided
            if answer is not None and not isinstance(answer, Send)  # spending will tell
        ]
    )
    withheld = [
        refusal
        for standing, answer in decided
        if (refusal := _put_off(ledger, standing, answer, now)) is not None
    ]
    ledger.plans.drop([one.conversation_id for one in withheld])
    return Claims(
        tickets=tuple(_ticket(standing) for standing in granted),
        withheld=tuple(withheld),
        due=len(due),
    )


def _decide(standing: Standing, deployment: Deployment, now: datetime) -> Decision | None:
    kind = standing.plan.kind if standing.plan else "follow_up"
    facts = facts_of(standing, deployment, kind=kind)
    return None if facts is None else decide(facts, policy_of(standing, deployment), now)


def _ticket(standing: Standing) -> Ticket:
    return Ticket(
        conversation_id=standing.conversation.id,
        channel=standing.contact.channel,
        cycle=standing.conversation.cycle,
        kind=standing.plan.kind if standing.plan else "follow_up",
    )


def _put_off(
    ledger: Ledger, standing: Standing, answer: Decision | None, now: datetime
) -> Withheld | None:
    """Move a plan that may go later; return what is withheld for good."""
    if isinstance(answer, Send):
        return None
    reasons = answer.reasons if answer else ()
    until = answer.until if isinstance(answer, Wait) else None
    if reasons == ("pending_inbound",):
        until = now + _SOON
    if until is None:
        return Withheld(conversation_id=standing.conversation.id, at=now, reasons=reasons)
    assert standing.plan is not None
    ledger.plans.put(replace(standing.plan, due_at=until, attempts=0))
    return None


def spend(
    ledger: Ledger,
    requests: Sequence[Spending],
    deployment: Deployment,
    *,
    owner: str,
    lease_until: datetime,
) -> list[Spent | Refused]:
    """Decide again and spend permits; what is answered with ``Spent`` may leave, once.

    Args:
        requests: of different conversations; a second one of the same is refused.
    """
    ids = sorted({request.conversation_id for request in requests})
    standings = {one.conversation.id: one for one in ledger.people.standings(ids, lock=True)}
    answers: list[Refused | None] = []
    spent: list[tuple[Spending, Standing, Decision]] = []
    for request in requests:
        standing = standings.pop(request.conversation_id, None)
        refusal, answer = _check(ledger, request, standing, deployment)
        if refusal is None and standing is not None and answer is not None:
            spent.append((request, standing, answer))
            answers.append(None)
        else:
            reasons = refusal or ()
            answers.append(Refused(conversation_id=request.conversation_id, reasons=reasons))
            _note_refusal(ledger, request, standing, answer)
    sent = iter(_spend(ledger, spent, owner, lease_until))
    return [next(sent) if answer is None else answer for answer in answers]


def _check(
    ledger: Ledger, request: Spending, standing: Standing | None, deployment: Deployment
) -> tuple[tuple[str, ...] | None, Decision | None]:
    """Return the reasons against sending, None if there are none, and the decision."""
    if standing is None or standing.permit_id is None or standing.permit_spent:
        return ("unanswered",), None
    answer = _decide(standing, deployment, request.now)
    if not isinstance(answer, Send):
        return (answer.reasons if answer else ()), answer
    if request.uses and not _memories_hold(ledger, request):
        return ("memory_changed",), answer
    return None, answer


def _memories_hold(ledger: Ledger, request: Spending) -> bool:
    current = {
        fact.id for fact in ledger.memory.current(request.conversation_id) if not fact.sensitive
    }
    return current.issuperset(request.uses)


def _note_refusal(
    ledger: Ledger,
    request: Spending,
    standing: Standing | None,
    answer: Decision | None,
) -> None:
    """Record a refusal; let its plan be looked at again, or drop it."""
    if standing is None or answer is None or isinstance(answer, Send):
        return
    ledger.plans.record([_row(standing, answer, "send", request.now)])
    if standing.plan is not None:
        withheld = _put_off(ledger, standing, answer, request.now)
        ledger.plans.drop([withheld.conversation_id] if withheld else [])


def _spend(
    ledger: Ledger,
    spent: Sequence[tuple[Spending, Standing, Decision]],
    owner: str,
    lease_until: datetime,
) -> list[Spent]:
    if not spent:
        return []
    now = max(request.now for request, _, _ in spent)
    ids = [standing.conversation.id for _, standing, _ in spent]
    ledger.plans.spend([standing.permit_id for _, standing, _ in spent if standing.permit_id], now)
    # A clock that was set back since the claim must not make the gap to the next one shorter.
    moments = [one.plan.due_at for _, one, _ in spent if one.plan is not None]
    ledger.plans.note_sent(ids, max([now, *moments]))
    ledger.plans.drop(ids)
    ledger.plans.record([_row(one, answer, "send", now) for _, one, answer in spent])
    messages = [_outbound(request, standing) for request, standing, _ in spent]
    numbers = ledger.outbox.add(messages, owner, lease_until)
    return [
        Spent(
            conversation_id=standing.conversation.id,
            outbound_id=number,
            permit_id=standing.permit_id or 0,
            cycle=standing.conversation.cycle,
        )
        for (_, standing, _), number in zip(spent, numbers, strict=True)
    ]


def _outbound(request: Spending, standing: Standing) -> Outbound:
    return Outbound(
        conversation_id=request.conversation_id,
        contact_id=standing.contact.id,
        kind="follow_up",
        permit_id=standing.permit_id,
        text=request.text,
        request=request.request,
        uses=request.uses,
        state="sending",
        attempts=1,
        created_at=request.now,
    )


def end_turn(ledger: Ledger, ticket: Ticket, now: datetime, because: str) -> Withheld | None:
    """Settle the plan of a turn that is over; one that was sent has none any more.

    A plan that is still due was not sent: it gets a few more tries, then it is withheld.
    """
    standing = ledger.people.standing(ticket.conversation_id, lock=True)
    plan = standing.plan if standing is not None else None
    if standing is None or plan is None or plan.cycle != ticket.cycle or plan.due_at > now:
        return None
    if plan.attempts < _TRIES and not because:
        ledger.plans.put(replace(plan, due_at=now + _backoff(plan.attempts)))
        return None
    ledger.plans.drop([ticket.conversation_id])
    row = DecisionRow(
        conversation_id=ticket.conversation_id,
        cycle=ticket.cycle,
        at=now,
        stage="send",
        outcome="withheld",
        reasons=("disabled",),
        record={"outcome": "withheld", "because": because or "the dialogue said nothing"},
    )
    ledger.plans.record([row])
    return Withheld(conversation_id=ticket.conversation_id, at=now, reasons=row.reasons)


def try_later(ledger: Ledger, ticket: Ticket, now: datetime) -> None:
    """Let a plan be claimed again: Rasa could not be reached or could not answer."""
    standing = ledger.people.standing(ticket.conversation_id, lock=True)
    if standing is not None and standing.plan is not None and standing.plan.due_at <= now:
        plan: PlanRow = standing.plan
        ledger.plans.put(replace(plan, due_at=now + _backoff(plan.attempts)))


def _backoff(attempts: int) -> timedelta:
    return min(timedelta(seconds=2**attempts), timedelta(seconds=30))


def _row(standing: Standing, answer: Decision, stage: str, now: datetime) -> DecisionRow:
    outcome = "withheld" if isinstance(answer, Cease) else answer.word
    return DecisionRow(
        conversation_id=standing.conversation.id,
        cycle=standing.conversation.cycle,
        at=now,
        stage=stage,
        outcome="sent" if stage == "send" and isinstance(answer, Send) else outcome,
        reasons=answer.reasons,
        record=answer.to_row(),
    )
