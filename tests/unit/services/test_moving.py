"""Two histories of one person become one: the tighter limit holds in doubt."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overture.policy.limits import Policy
from overture.services.moving import merged_contact, merged_conversation
from overture.store.records import ContactState, ConversationState
from tests.unit.delivery.rooms import NOON

DAY = timedelta(days=1)
LATER = NOON + DAY


def contact(**known: Any) -> ContactState:
    """Return a contact."""
    values = {"id": "whatsapp:603:1", "channel": "whatsapp", "account_id": "603", "user_id": "1"}
    return ContactState(**{**values, **known})


def conversation(**known: Any) -> ConversationState:
    """Return a conversation."""
    values = {"id": "whatsapp:603:1:m", "contact_id": "whatsapp:603:1", "persona_id": "m"}
    return ConversationState(**{**values, **known})


@pytest.mark.parametrize(
    ("field", "old", "new", "kept"),
    [
        ("opted_out_at", NOON, None, NOON),
        ("opted_out_at", None, LATER, LATER),
        ("crisis_hold_since", NOON, LATER, NOON),
        ("memory_off_at", LATER, None, LATER),
        ("birth_year", 1990, 2010, 2010),  # the younger
        ("birth_date", "1990-05-01", None, "1990-05-01"),
        ("unreachable_until", LATER, NOON, LATER),
        ("timezone", "Europe/Berlin", "Europe/Paris", "Europe/Paris"),
        ("timezone", "Europe/Berlin", None, "Europe/Berlin"),
        ("declared_minor", True, False, True),
        ("shared", ["diary"], ["notes"], ["diary", "notes"]),
        ("persona_id", "maestro", "gardener", "gardener"),
    ],
)
def test_what_is_known_of_a_person_adds_up(field: str, old: Any, new: Any, kept: Any) -> None:
    """What was switched off stays off, what was told stays known."""
    merged = merged_contact(contact(**{field: old}), contact(**{field: new}))
    assert merged[field] == kept


def test_every_field_of_a_contact_is_carried_along() -> None:
    """A field that is added later must not be lost when an id changes."""
    own = {"id", "channel", "account_id", "user_id"}
    fields = set(ContactState.__dataclass_fields__) - own
    assert set(merged_contact(contact(), None)) == fields
    assert set(merged_contact(contact(), contact())) == fields


def test_every_field_of_a_conversation_is_carried_along() -> None:
    """The same for its counters."""
    fields = set(ConversationState.__dataclass_fields__) - {"id", "contact_id", "persona_id"}
    assert set(merged_conversation(conversation(), None, Policy())) == fields
    assert set(merged_conversation(conversation(), conversation(), Policy())) == fields


def window(opened: datetime, messages: int, **more: Any) -> ConversationState:
    """Return a conversation with an open window."""
    values = {
        "window_opened_at": opened,
        "messages_in_window": messages,
        "last_message_at": opened + timedelta(hours=1),
        "cycle": messages,
    }
    return conversation(**{**values, **more})


def test_windows_that_overlap_are_one_from_the_earlier_anchor() -> None:
    """It does not slide: the sum never lives longer than the older one."""
    merged = merged_conversation(window(NOON, 3), window(NOON + 5 * DAY, 2), Policy())
    assert (merged["window_opened_at"], merged["messages_in_window"]) == (NOON, 5)


def test_a_window_that_is_over_does_not_count() -> None:
    """Messages of a month ago do not earn a follow-up today."""
    merged = merged_conversation(window(NOON, 3), window(NOON + 30 * DAY, 2), Policy())
    assert (merged["window_opened_at"], merged["messages_in_window"]) == (NOON + 30 * DAY, 2)


def test_an_unanswered_follow_up_under_either_id_stays_unanswered() -> None:
    """Another id is no answer."""
    old = window(NOON, 5, last_follow_up_at=NOON + 2 * DAY, last_follow_up_cycle=5)
    merged = merged_conversation(old, window(NOON, 3), Policy())
    assert merged["last_follow_up_cycle"] == merged["cycle"] == 8


def test_a_follow_up_that_was_answered_under_the_other_id_is_answered() -> None:
    """The person went on under the new one."""
    old = window(NOON, 5, last_follow_up_at=NOON + 2 * DAY, last_follow_up_cycle=5)
    merged = merged_conversation(old, window(NOON + 3 * DAY, 1), Policy())
    assert (merged["last_follow_up_cycle"], merged["cycle"]) == (5, 6)


@pytest.mark.parametrize(
    ("old", "new", "until"),
    [
        ({"takeover_since": NOON, "takeover_until": LATER}, {}, LATER),
        ({"takeover_since": NOON}, {"takeover_since": NOON, "takeover_until": LATER}, None),
        ({"takeover_since": NOON, "takeover_until": NOON}, {"takeover_since": NOON}, None),
        ({}, {}, None),
    ],
)
def test_a_takeover_lasts_as_long_as_the_longer_one(
    old: dict[str, Any], new: dict[str, Any], until: datetime | None
) -> None:
    """Without an end means until handed back."""
    merged = merged_conversation(conversation(**old), conversation(**new), Policy())
    assert merged["takeover_until"] == until


_instants = st.none() | st.integers(0, 40).map(lambda days: NOON + days * DAY)


@st.composite
def _states(draw: Any) -> ConversationState:
    cycle, last = draw(st.integers(0, 9)), draw(_instants)
    opened = draw(_instants) if last else None
    return conversation(
        cycle=cycle,
        last_message_at=last,
        window_opened_at=min(opened, last) if opened and last else None,
        messages_in_window=draw(st.integers(0, cycle)),
        last_follow_up_at=draw(_instants),
        last_follow_up_cycle=draw(st.none() | st.integers(0, cycle)),
        follow_ups_in_window=draw(st.integers(0, 3)),
    )


@given(old=_states(), new=_states())
def test_a_merger_never_loosens(old: ConversationState, new: ConversationState) -> None:
    """No cycle ahead of the person, no more messages than were sent, no later anchor."""
    merged = merged_conversation(old, new, Policy())
    last = merged["last_follow_up_cycle"]
    assert last is None or last <= merged["cycle"]
    assert merged["messages_in_window"] <= old.messages_in_window + new.messages_in_window
    anchors = {old.window_opened_at, new.window_opened_at}
    assert merged["window_opened_at"] in anchors
