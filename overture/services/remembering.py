"""Keep what people tell, show it and forget it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timezone

from overture.identity import Conversation
from overture.memory.lifecycle import last_day, supersede
from overture.memory.pointing import about, spelt_out
from overture.memory.records import ExtractedFact
from overture.policy.law import adult_times
from overture.policy.zones import find_zone
from overture.services.deployment import Deployment
from overture.services.planning import replan
from overture.store.ports import Ledger
from overture.store.records import DAY_ENDS, PLAN_LASTS, ContactState, FactRow, Inbound

#: Kinds that are about a day.
_DATED = {"plan", "event"}
#: Where minors may not be profiled: Puerto Rico, Law 185-2024.
_MINORS_UNPROFILED = {"PR", "US-PR"}
#: A memory quotes this much of the message it came from.
_QUOTE = 300


def remember(
    ledger: Ledger,
    message: Inbound,
    now: datetime,
    deployment: Deployment,
    contact: ContactState | None = None,
) -> list[FactRow]:
    """Draw facts from a message and store those that are new; return them.

    Args:
        contact: who wrote it, as the ledger has them now; read from there if not given.
    """
    if not message.text:
        return []
    contact = contact or ledger.people.contact(str(message.contact))
    if contact is None or not _may_remember(contact, now):
        return []
    found = _facts_in(ledger, message, contact, deployment)
    if not found:
        return []
    assert message.conversation_id is not None
    known = current(ledger, message.conversation_id, message.occurred_at)
    return [new for one in found if (new := _keep(ledger, known, one, message, now)) is not None]


def _facts_in(
    ledger: Ledger, message: Inbound, contact: ContactState, deployment: Deployment
) -> Sequence[ExtractedFact]:
    """Read a message; days and times in the zone that limits hold in too."""
    text, at = message.text or "", message.occurred_at
    found = deployment.extract(text, at, contact.timezone)
    if (contact.timezone and find_zone(contact.timezone)) or not any(one.when for one in found):
        return found
    zone = ledger.account_timezone(message.channel, message.account_id)
    return deployment.extract(text, at, zone) if zone else found


def remember_about(
    ledger: Ledger,
    conversation_id: str,
    message_id: str,
    name: str,
    now: datetime,
    deployment: Deployment,
) -> None:
    """Keep what somebody means to do with what was talked about, under its name.

    It takes the place of what was drawn from the message alone, to whom "it" was anything.

    Args:
        name: of what "it" stands for in a message that has been counted.
    """
    who = Conversation.parse(conversation_id)
    message = ledger.inbox.one(who.channel, who.account_id, who.user_id, message_id)
    contact = ledger.people.contact(str(who.contact))
    if message is None or contact is None or not _may_remember(contact, now):
        return
    spelt = replace(message, conversation_id=conversation_id, text=spelt_out(message.text or ""))
    named = (about(one, name) for one in _facts_in(ledger, spelt, contact, deployment))
    found = [one for one in named if one is not None]
    if not found:
        return
    vague = [one for one in ledger.memory.current(conversation_id) if _is_of(one, message_id)]
    ledger.memory.delete(conversation_id, [one.id for one in vague])
    known, quoted = current(ledger, conversation_id, now), replace(spelt, text=message.text)
    for one in found:
        _keep(ledger, known, one, quoted, now)
    replan(ledger, conversation_id, now, deployment, asked=True)


def _is_of(fact: FactRow, message_id: str) -> bool:
    return fact.source_message_id == message_id and fact.kind in _DATED


def remember_words(
    ledger: Ledger,
    conversation_id: str,
    message_id: str,
    text: str,
    now: datetime,
    deployment: Deployment,
) -> None:
    """Keep what a person asked to be kept; in their own words where no fact is found in it."""
    contact_id = conversation_id.rsplit(":", 1)[0]
    ledger.people.save_contact(contact_id, now, memory_off_at=None)
    contact = ledger.people.contact(contact_id)
    assert contact is not None
    known = ledger.memory.current(conversation_id)
    if any(one.source_message_id == message_id for one in known):
        return  # drawn from the message when it was counted
    message = Inbound(
        channel=contact.channel,
        account_id=contact.account_id,
        user_id=contact.user_id,
        message_id=message_id,
        kind="text",
        text=text,
        conversation_id=conversation_id,
        occurred_at=now,
        received_at=now,
    )
    if not remember(ledger, message, now, deployment):
        row = FactRow(
            conversation_id=conversation_id,
            kind="other",
            value=text,
            source_message_id=message_id,
            quote=text,
            said_at=now,
        )
        ledger.memory.add([row])


def _may_remember(contact: ContactState, now: datetime) -> bool:
    """Return whether memory is on and the law lets it be kept."""
    protected = contact.region in _MINORS_UNPROFILED and not is_adult(contact, now)
    return contact.memory_off_at is None and not protected


def is_adult(contact: ContactState, now: datetime) -> bool:
    """Return whether nothing tells that a person is a minor now."""
    born = date.fromisoformat(contact.birth_date) if contact.birth_date else None
    zone = (find_zone(contact.timezone) if contact.timezone else None) or timezone.utc
    minor = contact.declared_minor
    times = adult_times(contact.birth_year, born, declared_minor=minor, zone=zone)
    return times.contains(now)


def _keep(
    ledger: Ledger,
    known: list[FactRow],
    new: ExtractedFact,
    message: Inbound,
    now: datetime,
) -> FactRow | None:
    """Store one fact in the place of those it replaces; None if it is known already."""
    change = supersede(known, new)
    if change.add is None:
        return None
    row = _row(change.add, message)
    kept = replace(row, id=ledger.memory.add([row])[0])
    ledger.memory.supersede([old.id for old in change.replaced], kept.id, now)
    known[:] = [old for old in known if old not in change.replaced] + [kept]
    return kept


def _row(new: ExtractedFact, message: Inbound) -> FactRow:
    assert message.conversation_id is not None
    assert message.text is not None
    return FactRow(
        conversation_id=message.conversation_id,
        kind=new.kind,
        value=new.value,
        topic=new.topic,
        when=new.when,
        sensitive=new.sensitive,
        confidence=new.confidence,
        source_message_id=message.message_id,
        quote=message.text[:_QUOTE],
        said_at=message.occurred_at,
        valid_until=_valid_until(new, message.occurred_at),
    )


def _valid_until(new: ExtractedFact, said_at: datetime) -> datetime | None:
    day = last_day(new.when, new.until) if new.kind in _DATED else None
    if day is None:
        return None
    midnight = datetime.combine(day, time(), said_at.tzinfo)
    return midnight + DAY_ENDS + PLAN_LASTS


def current(ledger: Ledger, conversation_id: str, now: datetime) -> list[FactRow]:
    """Return what is remembered and still holds."""
    facts = ledger.memory.current(conversation_id)
    return [one for one in facts if one.valid_until is None or now < one.valid_until]


def forget(ledger: Ledger, conversation_id: str, query: str | None) -> list[FactRow]:
    """Delete the facts that a person's words point at; the latest one if they name none."""
    facts = ledger.memory.current(conversation_id)
    chosen = facts[-1:] if query is None else [one for one in facts if _meant(one, query)]
    ledger.memory.delete(conversation_id, _with_history(ledger, conversation_id, chosen))
    return chosen


def _meant(fact: FactRow, query: str) -> bool:
    words = query.casefold()
    names = [fact.value, fact.kind, fact.topic or ""]
    return any(name and name.casefold() in words for name in names) or words in (
        fact.value.casefold()
    )


def _with_history(ledger: Ledger, conversation_id: str, chosen: Sequence[FactRow]) -> list[int]:
    """Return the facts and what they once replaced: forgetting leaves no older version."""
    ids = {one.id for one in chosen}
    for old in reversed(ledger.memory.history(conversation_id)):
        if old.superseded_by in ids:
            ids.add(old.id)
    return sorted(ids)


def forget_everything(
    ledger: Ledger, contact_id: str, now: datetime, *, and_stop: bool = False
) -> int:
    """Delete all memories of a person, with every persona; return how many there were."""
    if and_stop:
        ledger.people.save_contact(contact_id, now, memory_off_at=now)
    conversations = ledger.people.conversations_of(contact_id)
    return sum(ledger.memory.delete(one) for one in conversations)
