"""WhatsApp: who wrote, under which ids, and what is no message to us."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from overture.meta.events import (
    Echo,
    GroupMessage,
    Standby,
)
from tests.unit.meta.factories import (
    DISPLAY,
    NUMBER_ID,
    SCOPED,
    WA_ID,
    only_event,
    only_message,
    read,
    whatsapp,
    wrote,
)

MOMENT = datetime(2026, 6, 15, 9, tzinfo=timezone.utc)
ORIGIN = {
    "channel": "whatsapp",
    "account_id": NUMBER_ID,
    "user_id": WA_ID,
    "occurred_at": MOMENT,
}


def person_of(message, contacts=()):
    found = only_message(read("whatsapp", whatsapp(message, contacts=list(contacts))))
    return found.user_id, found.aliases, found.contact_name


def card(wa_id, user_id=None, name="Ada", **fields):
    return {"profile": {"name": name}, "wa_id": wa_id, "user_id": user_id, **fields}


def test_a_message_knows_number_person_and_time():
    message = only_message(read("whatsapp", whatsapp(wrote())))
    assert (message.account_id, message.user_id, message.message_id) == (
        NUMBER_ID,
        WA_ID,
        "wamid.1",
    )
    assert message.occurred_at == MOMENT


def test_the_business_scoped_id_is_the_key_and_the_number_an_alias():
    assert person_of(wrote(from_user_id=SCOPED)) == (SCOPED, (WA_ID,), None)


def test_the_id_of_the_matching_contact_is_taken_not_the_first():
    contacts = [card("111", "US.1", "Bo"), card(WA_ID, SCOPED)]
    assert person_of(wrote(), contacts) == (SCOPED, (WA_ID,), "Ada")


def test_a_contact_of_somebody_else_is_nobody():
    assert person_of(wrote(), [card("111", "US.1", "Bo")]) == (WA_ID, (), None)


def test_a_contact_matches_by_scoped_id_and_brings_the_number():
    contacts = [card("111", "US.1", "Bo"), card(WA_ID, SCOPED)]
    message = wrote(from_user_id=SCOPED, **{"from": ""})
    assert person_of(message, contacts) == (SCOPED, (WA_ID,), "Ada")


@pytest.mark.parametrize("empty", ["", None, "  ", [], {}, False])
def test_an_empty_number_never_becomes_a_key(empty):
    message = wrote(from_user_id=SCOPED, **{"from": empty})
    assert person_of(message, [card(empty, SCOPED)]) == (SCOPED, (), "Ada")


def test_a_lone_contact_stands_in_for_a_message_that_names_nobody():
    assert person_of(wrote(**{"from": ""}), [card("", SCOPED)]) == (SCOPED, (), "Ada")


def test_of_two_contacts_none_stands_in():
    contacts = [card("", SCOPED), card("111", "US.1")]
    parsed = read("whatsapp", whatsapp(wrote(**{"from": ""}), wrote(), contacts=contacts))
    assert only_message(parsed).user_id == WA_ID
    assert dict(parsed.skipped) == {"no_sender": 1}


def test_the_parent_id_is_better_than_nothing():
    message = wrote(from_parent_user_id="US.ENT.118", **{"from": None})
    assert person_of(message) == ("US.ENT.118", (), None)


def test_a_scoped_id_in_the_place_of_the_number_is_a_scoped_id():
    assert person_of(wrote(**{"from": SCOPED})) == (SCOPED, (), None)


@pytest.mark.parametrize("number", [f"+{WA_ID}", int(WA_ID), f" {WA_ID} ", "+49 155 50100777"])
def test_a_number_is_keyed_in_one_form(number):
    assert person_of(wrote(**{"from": number}))[0] == WA_ID


@pytest.mark.parametrize("given", ["opaque-id.7", "ada@films", "_", "()"])
def test_an_address_of_another_form_is_kept_as_it_is(given):
    assert person_of(wrote(**{"from": given}))[0] == given


def test_a_business_scoped_id_of_another_form_is_still_the_key():
    assert person_of(wrote(from_user_id="bsuid-77"))[0] == "bsuid-77"
    assert person_of(wrote(), [card(WA_ID, "bsuid-77")])[0] == "bsuid-77"


@pytest.mark.parametrize("preference", [{}, {"wa_id": WA_ID}, {"value": "stop"}])
def test_a_preference_of_nobody_is_malformed(preference):
    body = whatsapp(field="user_preferences", user_preferences=[preference])
    assert dict(read("whatsapp", body).skipped) == {"malformed": 1}


@pytest.mark.parametrize("contacts", [None, "x", [None], [5], {}, [{"profile": "x", "wa_id": []}]])
def test_odd_contacts_cost_nothing(contacts):
    parsed = read("whatsapp", whatsapp(wrote(), contacts=contacts))
    assert only_message(parsed).user_id == WA_ID


def test_without_our_number_the_message_cannot_be_routed():
    parsed = read("whatsapp", whatsapp(wrote(), metadata=None))
    assert dict(parsed.skipped) == {"no_account": 1}


def test_our_own_number_as_sender_is_an_echo():
    own = wrote(to=WA_ID, **{"from": f"+{DISPLAY}"})
    found = only_event(read("whatsapp", whatsapp(own)))
    assert found == Echo(**ORIGIN, message_id="wamid.1", text="hello", by="own_number")


def test_a_group_message_is_left_alone():
    found = only_event(read("whatsapp", whatsapp(wrote(group_id="120363"))))
    assert found == GroupMessage(**ORIGIN, group_id="120363", message_id="wamid.1")


@pytest.mark.parametrize("field", ["history", "calls", "smb_app_state_sync", "brand_new"])
def test_messages_under_another_field_are_not_messages(field):
    parsed = read("whatsapp", whatsapp(wrote(), field=field))
    assert dict(parsed.skipped) == {"other_field": 1}


def test_a_change_without_field_is_read():
    assert only_message(read("whatsapp", whatsapp(wrote(), field=None))).text == "hello"


def test_standby_messages_are_events():
    found = only_event(read("whatsapp", whatsapp(wrote(), field="standby")))
    assert isinstance(found, Standby)
    assert found.message.text == "hello"
