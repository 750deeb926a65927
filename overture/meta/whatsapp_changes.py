"""Everything a WhatsApp change can hold beside messages: statuses, echoes, preferences, notices."""

from __future__ import annotations

from typing import Any

from overture.meta import wire
from overture.meta.events import (
    AccountNotice,
    DeliveryStatus,
    Echo,
    Handover,
    IdentityChange,
    MarketingPreference,
)
from overture.meta.reading import Reading
from overture.meta.whatsapp_frame import Scope, phone, scoped_id

#: Fields about our own account, kept for operators.
NOTICES = frozenset(
    {
        "account_alerts",
        "account_review_update",
        "account_update",
        "business_capability_update",
        "business_status_update",
        "message_template_components_update",
        "message_template_quality_update",
        "message_template_status_update",
        "payment_configuration_update",
        "phone_number_name_update",
        "phone_number_quality_update",
        "security",
        "template_category_update",
    }
)


def read_status(status: dict[str, Any], scope: Scope, reading: Reading) -> None:
    """Read what became of one of our messages; the platform's refusals come this way, later."""
    message_id, word = wire.identifier(status.get("id")), wire.text(status.get("status"))
    if message_id is None or word is None:
        reading.skip("malformed")
        return
    person = scope.person(status.get("recipient_user_id"), status.get("recipient_id"))
    error = next((one for one in wire.items(status.get("errors")) if isinstance(one, dict)), {})
    pricing = wire.mapping(status.get("pricing"))
    event = DeliveryStatus(
        **scope.origin(person, status.get("timestamp")),
        platform_message_id=message_id,
        status=word,
        error_code=wire.integer(error.get("code")),
        error_detail=_detail(error),
        reference=wire.text(status.get("biz_opaque_callback_data")),
        billable=wire.flag(pricing["billable"]) if "billable" in pricing else None,
        category=wire.text(pricing.get("category")),
    )
    reading.skip("status", event)


def read_echo(message: dict[str, Any], scope: Scope, reading: Reading) -> None:
    """Read what was sent for our number from elsewhere: the business app or Meta's own agent."""
    scoped = message.get("to_user_id") or message.get("recipient_user_id")
    person = scope.person(scoped, message.get("to"))
    event = Echo(
        **scope.origin(person, message.get("timestamp")),
        message_id=wire.identifier(message.get("id")),
        text=wire.text(wire.mapping(message.get("text")).get("body")),
        by=wire.text(message.get("message_creation_type")) or "business_app",
    )
    reading.skip("echo", event)


def read_preference(preference: dict[str, Any], scope: Scope, reading: Reading) -> None:
    """Read that a person stopped or resumed marketing messages."""
    person = scope.person(preference.get("user_id"), preference.get("wa_id"))
    value = wire.text(preference.get("value"))
    if person is None or value is None:
        reading.skip("malformed")
        return
    event = MarketingPreference(
        **scope.origin(person, preference.get("timestamp")),
        value=value,
        category=wire.text(preference.get("category")),
    )
    reading.skip("preference", event)


def read_id_update(update: dict[str, Any], scope: Scope, reading: Reading) -> None:
    """Read that a person's business-scoped id changed, which it does with the number."""
    ids = wire.mapping(update.get("user_id"))
    old, new = scoped_id(ids.get("previous")), scoped_id(ids.get("current"))
    number = phone(update.get("wa_id"))
    event = IdentityChange(
        **scope.origin(scope.person(old, number), update.get("timestamp")),
        reason="user_id_update",
        old_ids=tuple(filter(None, (old,))),
        new_ids=tuple(filter(None, (new or scoped_id(update.get("user_id")), number))),
    )
    reading.skip("system", event)


def read_handover(handover: dict[str, Any], scope: Scope, reading: Reading) -> None:
    """Read that the conversation went to another app, or came back."""
    person = scope.person(handover.get("user_id"), handover.get("wa_id"))
    owner = handover.get("new_owner_app_id") or handover.get("new_owner")
    event = Handover(
        **scope.origin(person, handover.get("timestamp")),
        action=wire.text(handover.get("type")) or "pass",
        previous_owner=wire.identifier(handover.get("previous_owner_app_id")),
        new_owner=wire.identifier(owner),
        metadata=wire.text(handover.get("metadata")),
    )
    reading.skip("handover", event)


def read_notice(value: dict[str, Any], scope: Scope, reading: Reading) -> None:
    """Read news about the account: its state, its templates, errors that belong to no message."""
    error = next((one for one in wire.items(value.get("errors")) if isinstance(one, dict)), {})
    words = (wire.text(value.get("event")), wire.text(value.get("reason")), _detail(error))
    event = AccountNotice(
        **scope.origin(None, value.get("timestamp")),
        topic="errors" if error else scope.field,
        code=wire.integer(error.get("code")),
        detail=": ".join(filter(None, words)) or None,
    )
    reading.skip("notice", event)


def _detail(error: dict[str, Any]) -> str | None:
    details = wire.mapping(error.get("error_data")).get("details")
    return wire.text(details) or wire.text(error.get("title")) or wire.text(error.get("message"))
