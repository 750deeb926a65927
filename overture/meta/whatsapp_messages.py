"""Items of ``messages[]``: what people say, and the other things WhatsApp puts beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from overture.meta import wire
from overture.meta.direct_content import Content
from overture.meta.events import (
    ChatOpened,
    Echo,
    Edit,
    GroupMessage,
    IdentityChange,
    InboundMessage,
    Reaction,
    Referral,
    Standby,
    Unsend,
)
from overture.meta.reading import Reading
from overture.meta.whatsapp_content import content_of
from overture.meta.whatsapp_frame import Origin, Person, Scope, phone, scoped_id


def read_message(message: dict[str, Any], scope: Scope, reading: Reading) -> None:
    """Read one item of ``messages[]``."""
    person = scope.person(
        message.get("from_user_id"), message.get("from"), message.get("from_parent_user_id")
    )
    origin = scope.origin(person, message.get("timestamp"))
    special = _SPECIAL.get(wire.text(message.get("type")) or "")
    sender = phone(message.get("from"))
    if sender is not None and sender == scope.display_number:
        reading.skip("own", _echo(message, origin))
    elif message.get("group_id"):
        reading.skip("group", _group(message, origin))
    elif special:
        special(message, origin, reading)
    elif person is None:
        reading.skip("no_sender")
    else:
        _keep(_build(message, person, scope, origin), scope, origin, reading)


def _build(message: dict[str, Any], person: Person, scope: Scope, origin: Origin) -> InboundMessage:
    content = content_of(message, scope.errors)
    context = wire.mapping(message.get("context"))
    return InboundMessage(
        channel=scope.channel,
        account_id=origin["account_id"],
        user_id=person.user_id,
        message_id=_id_of(message, person, origin, content),
        kind=content.kind,
        text=content.text,
        payload=content.payload,
        occurred_at=origin["occurred_at"],
        aliases=person.aliases,
        contact_name=person.name,
        referral=_referral(message.get("referral")),
        reply_to=wire.identifier(context.get("id")),
        attachments=content.attachments,
        forwarded=wire.flag(context.get("forwarded"))
        or wire.flag(context.get("frequently_forwarded")),
        detail=content.detail,
    )


def _keep(message: InboundMessage, scope: Scope, origin: Origin, reading: Reading) -> None:
    if scope.standby:
        reading.skip("standby", Standby(**origin, message=message))
    else:
        reading.message(message)


def _id_of(message: dict[str, Any], person: Person, origin: Origin, content: Content) -> str:
    return wire.identifier(message.get("id")) or wire.synthetic_id(
        origin["channel"],
        origin["account_id"],
        person.user_id,
        wire.text(message.get("timestamp")),
        content.kind,
        content.text,
        content.payload,
    )


def _referral(value: Any) -> Referral | None:
    if not isinstance(value, dict) or not value:
        return None
    return Referral(
        source="ADS",
        type=wire.text(value.get("source_type")),
        ad_id=wire.identifier(value.get("source_id")),
        url=wire.text(value.get("source_url")),
        title=wire.text(value.get("headline")),
        click_id=wire.text(value.get("ctwa_clid")),
    )


def _echo(message: dict[str, Any], origin: Origin) -> Echo:
    body = wire.mapping(message.get("text")).get("body")
    return Echo(
        channel=origin["channel"],
        account_id=origin["account_id"],
        user_id=phone(message.get("to")) or scoped_id(message.get("to")),
        occurred_at=origin["occurred_at"],
        message_id=wire.identifier(message.get("id")),
        text=wire.text(body),
        by="own_number",
    )


def _group(message: dict[str, Any], origin: Origin) -> GroupMessage:
    return GroupMessage(
        **origin,
        group_id=wire.identifier(message.get("group_id")),
        message_id=wire.identifier(message.get("id")),
    )


def _read_reaction(message: dict[str, Any], origin: Origin, reading: Reading) -> None:
    body = wire.mapping(message.get("reaction"))
    emoji = wire.text(body.get("emoji"))
    target = wire.identifier(body.get("message_id"))
    event = Reaction(**origin, message_id=target, emoji=emoji, removed=emoji is None)
    reading.skip("reaction", event)


def _read_edit(message: dict[str, Any], origin: Origin, reading: Reading) -> None:
    body = wire.mapping(message.get("edit"))
    target = wire.identifier(body.get("original_message_id"))
    if target is None:
        reading.skip("malformed")
    else:
        words = content_of(wire.mapping(body.get("message")), None).text
        reading.skip("edit", Edit(**origin, message_id=target, text=words))


def _read_revoke(message: dict[str, Any], origin: Origin, reading: Reading) -> None:
    target = wire.identifier(wire.mapping(message.get("revoke")).get("original_message_id"))
    if target is None:
        reading.skip("malformed")
    else:
        reading.skip("unsend", Unsend(**origin, message_id=target))


def _read_system(message: dict[str, Any], origin: Origin, reading: Reading) -> None:
    """Read a change of number or id; old and new keys are told apart by what Meta names."""
    body = wire.mapping(message.get("system"))
    new = _ids(body.get("user_id"), body.get("wa_id"), body.get("new_wa_id"))
    old = _ids(
        body.get("previous_user_id"),
        message.get("from_user_id"),
        message.get("from"),
        body.get("customer"),
    )
    event = IdentityChange(
        **origin,
        reason=wire.text(body.get("type")),
        old_ids=tuple(one for one in old if one not in new),
        new_ids=new,
    )
    reading.skip("system", event)


def _ids(*values: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (scoped_id(one) or phone(one) for one in values))))


def _read_welcome(message: dict[str, Any], origin: Origin, reading: Reading) -> None:
    reading.skip("welcome", ChatOpened(**origin))


_SPECIAL: Mapping[str, Callable[[dict[str, Any], Origin, Reading], None]] = {
    "reaction": _read_reaction,
    "edit": _read_edit,
    "revoke": _read_revoke,
    "system": _read_system,
    "request_welcome": _read_welcome,
}
