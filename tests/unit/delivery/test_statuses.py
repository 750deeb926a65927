"""What platforms tell after they took a message, and news about people and accounts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from overture.delivery.graph import Ambiguous
from overture.policy import rules
from overture.services import consent
from overture.services.standing import facts_of
from overture.store.schema import outbound
from tests.unit.delivery.rooms import (
    NOON,
    NUMBER,
    Rooms,
    body_of,
    direct_event,
    whatsapp_change,
)

PERSON, CONVERSATION = f"whatsapp:603:{NUMBER}", f"whatsapp:603:{NUMBER}:maestro"


def status(word: str, *, message_id: str = "wamid.1", **more: Any) -> dict[str, Any]:
    """Return the body of one status."""
    code = more.pop("code", None)
    value = {"id": message_id, "status": word, "timestamp": "1772452800", "recipient_id": NUMBER}
    value |= {"errors": [{"code": code, "title": "refused"}]} if code else {}
    return whatsapp_change("messages", {"statuses": [value | more]})


async def answered(rooms: Rooms) -> None:
    """Have one message answered."""
    await rooms.say("whatsapp", "hello", number=NUMBER)


def state(rooms: Rooms) -> str:
    """Return the state of the only message that went out."""
    return str(rooms.rows(sa.select(outbound.c.state))[0].state)


def person(rooms: Rooms, contact_id: str = PERSON) -> Any:
    """Return a contact."""
    return rooms.read(lambda ledger: ledger.people.contact(contact_id))


def account(rooms: Rooms, account_id: str = "603") -> dict[str, Any]:
    """Return what is known of an account."""
    found = rooms.read(lambda ledger: ledger.accounts())
    return next(one for one in found if one["account_id"] == account_id)


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (["sent", "delivered", "read"], "read"),
        (["read", "delivered", "sent"], "read"),  # out of order
        (["played"], "read"),
        (["failed", "sent"], "failed"),  # refused: never shown as sent again
        (["sent", "failed"], "failed"),
        (["delivered", "failed"], "delivered"),  # it arrived, whatever comes after
        (["failed", "delivered"], "delivered"),
        (["warning"], "sent"),  # a word to come
    ],
)
async def test_a_status_moves_a_message_forward_only(
    rooms: Rooms, told: list[str], shown: str
) -> None:
    """Statuses come in any order and more than once."""
    await answered(rooms)
    for word in told * 2:
        await rooms.accept("whatsapp", status(word, code=131026 if word == "failed" else None))
    assert state(rooms) == shown


async def test_a_late_refusal_outside_the_window_closes_it(rooms: Rooms) -> None:
    """131047 comes as a status: the gate must know before the next attempt."""
    await answered(rooms)
    await rooms.accept("whatsapp", status("failed", code=131047))
    assert person(rooms).window_closed_at == NOON


@pytest.mark.parametrize(
    ("code", "name"), [(131047, "window_closed_at"), (131026, "unreachable_at")]
)
async def test_a_late_refusal_is_about_when_the_message_was_sent(
    rooms: Rooms, code: int, name: str
) -> None:
    """What the person has done since, the platform did not know of."""
    await answered(rooms)
    rooms.clock.wind(timedelta(minutes=5))
    await answered(rooms)
    rooms.clock.wind(timedelta(minutes=5))
    await rooms.accept("whatsapp", status("failed", code=code))
    assert getattr(person(rooms), name) == NOON


async def test_a_person_who_cannot_be_reached_is_left_alone_until_they_write(rooms: Rooms) -> None:
    """131026 holds until a sign of life."""
    await answered(rooms)
    await rooms.accept("whatsapp", status("failed", code=131026))
    assert person(rooms).unreachable_at == NOON
    await answered(rooms)
    assert person(rooms).unreachable_at is None


async def test_a_template_reaches_nobody_who_cannot_be_reached(rooms: Rooms) -> None:
    """It opens a closed window; where the platform refused the person it would only cost."""
    rooms.write(
        lambda ledger: ledger.describe_account("whatsapp", "603", {"template": {"name": "t"}})
    )

    def channel_allows() -> bool:
        standing = rooms.read(lambda ledger: ledger.people.standing(f"{PERSON}:maestro"))
        facts = facts_of(standing, rooms.deployment)
        assert facts is not None
        later = NOON + timedelta(days=2)
        span = (later, later + timedelta(days=1))
        return rules.channel(facts, rooms.deployment.policy, span).allowed.contains(later)

    await answered(rooms)
    await rooms.accept("whatsapp", status("failed", code=131047))
    assert channel_allows()
    rooms.clock.wind(timedelta(minutes=5))
    await answered(rooms)
    await rooms.accept("whatsapp", status("failed", code=131026, message_id="wamid.2"))
    assert not channel_allows()
    rooms.clock.wind(timedelta(minutes=5))
    await answered(rooms)
    assert channel_allows()


async def test_a_stop_of_marketing_holds_until_it_is_resumed(rooms: Rooms) -> None:
    """131050 is not lifted by writing, only by the person's own word."""
    await answered(rooms)
    await rooms.accept("whatsapp", status("failed", code=131050))
    await answered(rooms)
    assert person(rooms).opted_out_at is not None
    resume = {"wa_id": NUMBER, "value": "resume", "timestamp": 1772452800}
    await rooms.accept("whatsapp", whatsapp_change("user_preferences", prefs(resume)))
    assert person(rooms).opted_out_at is None


def prefs(*preferences: dict[str, Any]) -> dict[str, Any]:
    """Return the value of a change of preferences."""
    return {"user_preferences": list(preferences)}


async def test_resuming_marketing_does_not_undo_a_persons_own_stop(rooms: Rooms) -> None:
    """What they said in the chat comes first."""
    await answered(rooms)
    stop = {"wa_id": NUMBER, "value": "stop", "timestamp": 1772452800}
    await rooms.accept("whatsapp", whatsapp_change("user_preferences", prefs(stop)))
    assert person(rooms).opted_out_by == consent.BY_PLATFORM
    rooms.write(
        lambda ledger: consent.opt_out(ledger, PERSON, NOON, rooms.deployment, by="wamid.stop")
    )
    assert person(rooms).opted_out_by == "wamid.stop"  # so that it gets its confirmation
    resume = stop | {"value": "resume"}
    await rooms.accept("whatsapp", whatsapp_change("user_preferences", prefs(resume)))
    assert person(rooms).opted_out_at is not None


async def test_a_marketing_cap_holds_for_a_day_whatever_the_person_does(rooms: Rooms) -> None:
    """131049: at least 24 hours, also if they write meanwhile."""
    for number in range(5):
        await rooms.say("whatsapp", f"m{number}", number=NUMBER)
    await rooms.accept("whatsapp", status("failed", code=131049))
    await answered(rooms)
    assert person(rooms).unreachable_until >= NOON + timedelta(days=1)
    standing = rooms.read(lambda ledger: ledger.people.standing(CONVERSATION))
    assert standing.plan is None or standing.plan.due_at >= NOON + timedelta(days=1)


async def test_a_token_error_that_comes_as_a_status_pauses_the_account(rooms: Rooms) -> None:
    """131042: a payment problem concerns everybody."""
    await answered(rooms)
    await rooms.accept("whatsapp", status("failed", code=131042))
    found = account(rooms)
    assert found["paused_until"] > NOON
    assert "payment" in found["paused_because"]


async def test_a_status_tells_what_became_of_a_send_that_got_no_answer(rooms: Rooms) -> None:
    """Our number comes back with it, though we never saw the platform's id."""
    rooms.graph.answers = [Ambiguous(because="TimeoutError")]
    await answered(rooms)
    assert state(rooms) == "unknown"
    mark = rooms.graph.calls[0][2]["biz_opaque_callback_data"]
    later = status("delivered", message_id="wamid.late", biz_opaque_callback_data=mark)
    await rooms.accept("whatsapp", later)
    assert state(rooms) == "delivered"


async def test_a_status_of_somebody_elses_message_changes_nothing(rooms: Rooms) -> None:
    """Other apps send from the same number; a mark of theirs is not ours."""
    await answered(rooms)
    for mark in (None, "overture-999", "overture-1", "overture-x", "other-1"):
        await rooms.accept(
            "whatsapp", status("failed", message_id="wamid.other", biz_opaque_callback_data=mark)
        )
    assert state(rooms) == "sent"


async def test_an_echo_of_ours_is_the_answer_we_did_not_get(rooms: Rooms) -> None:
    """On Messenger the echo carries our mark."""
    rooms.graph.answers = [Ambiguous(because="TimeoutError")]
    await rooms.say("messenger", "hello")
    message = rooms.graph.calls[0][2]["message"]
    echo = {
        "sender": {"id": "601"},
        "recipient": {"id": "u1"},
        "timestamp": 1772452800000,
        "message": {"is_echo": True, "mid": "m_late", **message},
    }
    await rooms.accept("messenger", direct_event("messenger", echo))
    assert state(rooms) == "sent"
    conversation = rooms.read(lambda ledger: ledger.people.conversation("messenger:601:u1:maestro"))
    assert conversation.takeover_since is None


def control(name: str, **owners: str) -> dict[str, Any]:
    """Return the body of a change of who has the thread."""
    event = {"sender": {"id": "u1"}, "recipient": {"id": "601"}, "timestamp": 1772452800000}
    return direct_event("messenger", event | {name: owners})


async def test_the_bot_is_silent_while_another_app_has_the_thread(rooms: Rooms) -> None:
    """Taken: no answers; passed back: answers again."""
    await rooms.say("messenger", "one")
    await rooms.accept("messenger", control("take_thread_control", new_owner_app_id="7"))
    await rooms.say("messenger", "two")
    await rooms.accept("messenger", control("pass_thread_control", new_owner_app_id="1"))
    await rooms.say("messenger", "three")
    assert rooms.graph.texts == ["re: one", "re: three"]


async def test_what_comes_on_standby_is_left_to_the_other_app(rooms: Rooms) -> None:
    """A message there is no message to us, and follow-ups wait."""
    await rooms.say("messenger", "one")
    standby = body_of("messenger", "to the other app")["entry"][0]["messaging"][0]
    await rooms.accept("messenger", direct_event("messenger", standby, key="standby"))
    await rooms.settle()
    conversation = rooms.read(lambda ledger: ledger.people.conversation("messenger:601:u1:maestro"))
    assert conversation.takeover_until == NOON + rooms.deployment.takeover
    assert conversation.messages_in_window == 1
    assert rooms.graph.texts == ["re: one"]


async def test_a_block_by_policy_is_told_to_the_operator_and_silences_nobody(rooms: Rooms) -> None:
    """What it forbids, the answers to our calls tell; an unblock ends a pause they led to."""
    event = {"recipient": {"id": "601"}, "timestamp": 1772452800000}
    block = {"policy_enforcement": {"action": "block", "reason": "spam"}}
    await rooms.accept("messenger", direct_event("messenger", event | block))
    assert "spam" in account(rooms, "601")["kept"]["notices"][0]["what"]
    await rooms.say("messenger", "one")
    assert rooms.graph.texts == ["re: one"]
    until = NOON + timedelta(hours=1)
    rooms.write(lambda ledger: ledger.pause_account("messenger", "601", until, "blocked"))
    unblock = {"policy_enforcement": {"action": "unblock"}}
    await rooms.accept("messenger", direct_event("messenger", event | unblock))
    assert account(rooms, "601")["paused_until"] is None


async def test_news_of_the_business_account_is_kept_for_its_numbers(rooms: Rooms) -> None:
    """They name the WhatsApp Business account, not the number; samples name 0."""
    value = {"event": "PAUSED", "message_template_name": "follow_up", "reason": "LOW_QUALITY"}
    change = {"field": "message_template_status_update", "value": value}
    for entry_id in ("0", "998877"):
        body = {"object": "whatsapp_business_account"}
        await rooms.accept(
            "whatsapp", body | {"entry": [{"id": entry_id, "changes": [change] * 2}]}
        )
    notices = account(rooms)["kept"]["notices"]
    assert len(notices) == 1
    assert "LOW_QUALITY" in notices[0]["what"]
