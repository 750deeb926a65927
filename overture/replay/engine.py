"""The run of a replay: events and due follow-ups in the order of a simulated clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from overture.clock import FakeClock
from overture.identity import Conversation
from overture.policy.records import write
from overture.replay.history import Event
from overture.services import consent
from overture.services.catching_up import is_owed
from overture.services.deployment import Deployment
from overture.services.follow_up import Refused, Spending, Spent, claim_due, spend
from overture.services.intake import observe
from overture.services.planning import Withheld, replan
from overture.store.ports import Ledger
from overture.store.records import Inbound

_OWNER = "replay"
_BATCH = 100
_LEASE = timedelta(seconds=60)


class Replay:
    """Apply events in order and say what the gate lets out and holds back.

    What arrives at an instant counts before what is sent at it: follow-ups that are due at the
    time of an event are sent only when the clock moves on.
    """

    def __init__(self, ledger: Ledger, deployment: Deployment, start: datetime) -> None:
        self._ledger = ledger
        self._deployment = deployment
        self._clock = FakeClock(start)

    def apply(self, event: Event) -> Iterator[dict[str, Any]]:
        """Let the clock run up to an event, then apply it; yield the lines of output."""
        while (due := self._ledger.plans.next_due()) is not None and due < event.at:
            yield from self._dispatch(due)
        self._clock.set(event.at)
        yield from self._withheld(self._happen(event))

    def finish(self) -> Iterator[dict[str, Any]]:
        """Send what is due at the last instant too; yield the lines of output."""
        now = self._clock.now()
        while (due := self._ledger.plans.next_due()) is not None and due <= now:
            yield from self._dispatch(due)

    def _dispatch(self, due: datetime) -> Iterator[dict[str, Any]]:
        """Claim what is due, decide, spend the permits: one round of the dispatcher."""
        self._clock.set(max(due, self._clock.now()))
        now = self._clock.now()
        claims = claim_due(
            self._ledger, now, self._deployment, limit=_BATCH, owner=_OWNER, lease=_LEASE
        )
        requests = [
            Spending(conversation_id=ticket.conversation_id, now=now) for ticket in claims.tickets
        ]
        answers = spend(
            self._ledger, requests, self._deployment, owner=_OWNER, lease_until=now + _LEASE
        )
        lines = list(self._withheld(claims.withheld))
        for answer in answers:
            lines += self._sent(answer, now)
        yield from sorted(lines, key=itemgetter("conversation"))

    def _sent(self, answer: Spent | Refused, now: datetime) -> Iterable[dict[str, Any]]:
        """Return the line for one permit that was, or could not be, spent."""
        conversation_id = answer.conversation_id
        if isinstance(answer, Refused):
            refused = Withheld(conversation_id=conversation_id, at=now, reasons=answer.reasons)
            return self._withheld([refused])
        self._ledger.outbox.update(answer.outbound_id, state="sent", sent_at=now)
        return [
            {
                "at": write(now),
                "type": "follow_up_sent",
                "conversation": conversation_id,
                "cycle": answer.cycle,
            }
        ]

    def _withheld(self, refusals: Iterable[Withheld]) -> Iterator[dict[str, Any]]:
        for refusal in refusals:
            yield {
                "at": write(refusal.at),
                "type": "follow_up_withheld",
                "conversation": refusal.conversation_id,
                "reasons": sorted(set(refusal.reasons)),
            }

    def _happen(self, event: Event) -> Iterable[Withheld]:
        """Call the use case of an event; return what it holds back."""
        if event.conversation is None:
            return ()
        if event.type == "user_message":
            message = _inbound(event)
            self._ledger.inbox.add([message], _OWNER, event.at + _LEASE)
            return self._observe(message)
        if event.type in _OF_THE_CONTACT:
            return self._change_contact(event)
        return self._change_conversation(event)

    def _observe(self, message: Inbound) -> Iterable[Withheld]:
        now = self._clock.now()
        who = (message.channel, message.account_id, message.user_id)
        stored = self._ledger.inbox.one(*who, message.message_id) or message
        found = observe(self._ledger, stored, now, self._deployment)
        self._ledger.inbox.finish(stored.id, now)
        self._look_after(str(message.contact), now)
        return found.withheld

    def _look_after(self, contact_id: str, now: datetime) -> None:
        """Plan those of a person's conversations that are owed a follow-up and have no plan.

        A message to one persona opens the platform's window for the others too. Elsewhere the
        dispatcher finds them: it looks every few minutes.
        """
        for one in self._ledger.people.conversations_of(contact_id):
            standing = self._ledger.people.standing(one)
            if standing is not None and standing.plan is None and is_owed(standing.conversation):
                replan(self._ledger, one, now, self._deployment)

    def _change_contact(self, event: Event) -> Iterable[Withheld]:
        assert event.conversation is not None
        contact_id = str(Conversation.parse(event.conversation).contact)
        to = (self._ledger, contact_id, event.at, self._deployment)
        if event.type == "profile":
            return consent.change(*to, **event.profile)
        if event.type == "opt_out":
            return consent.opt_out(*to, by=_OWNER)
        if event.type == "opt_in":
            return consent.opt_in(*to)
        if event.type == "crisis_hold":
            return consent.hold_for_crisis(*to)
        return consent.release_hold(*to)

    def _change_conversation(self, event: Event) -> Iterable[Withheld]:
        assert event.conversation is not None
        to = (self._ledger, event.conversation, event.at, self._deployment)
        if event.type == "pause":
            refusal = consent.pause(*to, until=event.until)
        elif event.type == "takeover":
            refusal = consent.take_over(*to)
        else:
            refusal = consent.hand_back(*to)
        return [refusal] if refusal is not None else []


#: Types that belong to the contact, with all its personas; the others to the conversation.
_OF_THE_CONTACT = {"profile", "opt_out", "opt_in", "crisis_hold", "release_hold"}


def _inbound(event: Event) -> Inbound:
    """Return the message as intake would have stored it.

    Its id counts within the conversation, so it is told apart by persona.
    """
    assert event.conversation is not None
    who = Conversation.parse(event.conversation)
    return Inbound(
        channel=who.channel,
        account_id=who.account_id,
        user_id=who.user_id,
        message_id=f"{who.persona_id}/{event.id}",
        kind="text",
        text=event.text,
        occurred_at=event.at,
        received_at=event.at,
        conversation_id=event.conversation,
    )
