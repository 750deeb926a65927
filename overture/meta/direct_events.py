"""Messenger and Instagram events that are not messages from a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from overture.meta import wire
from overture.meta.direct_frame import Frame
from overture.meta.direct_messages import read_referral
from overture.meta.events import (
    AccountNotice,
    DeliveryMark,
    DeliveryStatus,
    Echo,
    Edit,
    Event,
    Handover,
    OptIn,
    Reaction,
    ReadMark,
)
from overture.meta.reading import Reading


def read_echo(frame: Frame, message: dict[str, Any], reading: Reading) -> None:
    """Read what our own side sent; an event of ours without a message only counts."""
    if wire.flag(message.get("is_self")):
        reading.skip("self")
    elif not message:
        reading.skip("own")
    else:
        reading.skip("echo", _echo(frame, message))


def _echo(frame: Frame, message: dict[str, Any]) -> Echo:
    return Echo(
        **frame.origin,
        message_id=wire.identifier(message.get("mid")),
        app_id=wire.identifier(message.get("app_id")),
        metadata=wire.text(message.get("metadata")),
        text=wire.text(message.get("text")),
    )


def _reaction(frame: Frame, body: dict[str, Any]) -> Reaction:
    return Reaction(
        **frame.origin,
        message_id=wire.identifier(body.get("mid")),
        emoji=wire.text(body.get("emoji")) or wire.text(body.get("reaction")),
        removed=body.get("action") == "unreact",
    )


def _edit(frame: Frame, body: dict[str, Any]) -> Edit | None:
    message_id = wire.identifier(body.get("mid"))
    if message_id is None:
        return None
    return Edit(
        **frame.origin,
        message_id=message_id,
        text=wire.text(body.get("text")),
        revision=wire.integer(body.get("num_edit")),
    )


def _read_mark(frame: Frame, body: dict[str, Any]) -> ReadMark:
    return ReadMark(
        **frame.origin,
        up_to=wire.instant(body.get("watermark")),
        message_id=wire.identifier(body.get("mid")),
    )


def _optin(frame: Frame, body: dict[str, Any]) -> OptIn:
    tokens = (body.get("notification_messages_token"), body.get("one_time_notif_token"))
    return OptIn(
        **frame.origin,
        type=wire.text(body.get("type")),
        token=next(filter(None, map(wire.text, tokens)), None),
        payload=wire.opaque(body.get("payload")),
        topic=wire.text(body.get("topic")) or wire.text(body.get("title")),
        status=wire.text(body.get("notification_messages_status")),
        ref=wire.text(body.get("ref")),
        user_ref=_user_ref(frame, body),
    )


def _user_ref(frame: Frame, body: dict[str, Any]) -> str | None:
    sender = wire.mapping(frame.event.get("sender"))
    return wire.text(body.get("user_ref")) or wire.text(sender.get("user_ref"))


def _handover(action: str, frame: Frame, body: dict[str, Any]) -> Handover:
    owner = body.get("new_owner_app_id") or body.get("requested_owner_app_id")
    return Handover(
        **frame.origin,
        action=action,
        previous_owner=wire.identifier(body.get("previous_owner_app_id")),
        new_owner=wire.identifier(owner),
        metadata=wire.text(body.get("metadata")),
    )


def _policy(frame: Frame, body: dict[str, Any]) -> AccountNotice:
    words = filter(None, (wire.text(body.get("action")), wire.text(body.get("reason"))))
    return AccountNotice(
        **frame.origin, topic="policy_enforcement", detail=": ".join(words) or None
    )


def _read_delivery(frame: Frame, body: Any, reading: Reading) -> None:
    """Read which of our messages have arrived, by name and by watermark."""
    delivery = wire.mapping(body)
    ids = filter(None, map(wire.identifier, wire.items(delivery.get("mids"))))
    for message_id in ids:
        status = DeliveryStatus(**frame.origin, platform_message_id=message_id, status="delivered")
        reading.note(status)
    mark = DeliveryMark(**frame.origin, up_to=wire.instant(delivery.get("watermark")))
    reading.skip("delivery", mark)


def _read_as(
    reason: str,
    build: Callable[[Frame, dict[str, Any]], Event | None],
    frame: Frame,
    body: Any,
    reading: Reading,
) -> None:
    event = build(frame, body) if isinstance(body, dict) else None
    if event is None:
        reading.skip("malformed")
    else:
        reading.skip(reason, event)


def _skip(reason: str, frame: Frame, body: Any, reading: Reading) -> None:
    reading.skip(reason)


#: Reader of each key an event can carry, in the order in which they are looked for. A referral
#: comes last among what people do: beside a message or a postback it is only its context.
EVENT_READERS: Mapping[str, Callable[[Frame, Any, Reading], None]] = {
    "reaction": partial(_read_as, "reaction", _reaction),
    "message_edit": partial(_read_as, "edit", _edit),
    "read": partial(_read_as, "read", _read_mark),
    "delivery": _read_delivery,
    "optin": partial(_read_as, "optin", _optin),
    "referral": read_referral,
    "pass_thread_control": partial(_read_as, "handover", partial(_handover, "pass")),
    "take_thread_control": partial(_read_as, "handover", partial(_handover, "take")),
    "request_thread_control": partial(_read_as, "handover", partial(_handover, "request")),
    "app_roles": partial(_read_as, "handover", partial(_handover, "roles")),
    "policy_enforcement": partial(_read_as, "policy", _policy),
    "account_linking": partial(_skip, "account_linking"),
    "response_feedback": partial(_skip, "feedback"),
    "messaging_feedback": partial(_skip, "feedback"),
    "order": partial(_skip, "order"),
}
