"""What a webhook can say: messages from people, and everything else that is worth knowing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

#: Every kind of message from a person.
KINDS = frozenset(
    {
        "text",
        "quick_reply",
        "postback",
        "attachment",
        "sticker",
        "location",
        "contacts",
        "story_reply",
        "story_mention",
        "button_reply",
        "list_reply",
        "flow_reply",
        "order",
        "referral",
        "unsupported",
    }
)
#: Kinds whose payload was chosen by us and only tapped by the person; all other input is free text.
TAPPED = frozenset({"quick_reply", "postback", "button_reply", "list_reply"})


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """One thing that came with a message; ``kind`` is Meta's word (image, reel, product ...)."""

    kind: str
    url: str | None = None  #: expires; a story's must not be kept beyond its 24 hours
    media_id: str | None = None
    title: str | None = None
    mime_type: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    address: str | None = None
    voice: bool = False  #: a voice note, not a music file


@dataclass(frozen=True, kw_only=True)
class Referral:
    """The link, advertisement or shop item through which a person came."""

    ref: str | None = None  #: our own code, from ``?ref=`` of an m.me or ig.me link
    source: str | None = None
    type: str | None = None
    ad_id: str | None = None
    url: str | None = None
    title: str | None = None
    product_id: str | None = None
    click_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class InboundMessage:
    """One message from a person to one of our accounts."""

    channel: str
    account_id: str
    user_id: str  #: WhatsApp: the business-scoped id when known, else the number; never empty
    message_id: str  #: Meta's, or a stable stand-in when Meta gave none
    kind: str  #: one of ``KINDS``
    text: str | None = None
    payload: str | None = None  #: what a tap, a form or a link carries; null for everything else
    occurred_at: datetime | None = None  #: UTC; None when the platform's time was unreadable
    aliases: tuple[str, ...] = ()  #: WhatsApp numbers under which the person may be known too
    contact_name: str | None = None
    referral: Referral | None = None
    reply_to: str | None = None  #: id of the message this one answers
    story_url: str | None = None  #: of the story that is answered; not to be kept beyond 24 hours
    attachments: tuple[Attachment, ...] = ()
    forwarded: bool = False
    detail: str | None = None  #: what was unsupported, in Meta's words

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind {self.kind!r}")
        if not (self.channel and self.account_id and self.user_id and self.message_id):
            raise ValueError(f"a message needs all its ids: {self.channel}:{self.message_id!r}")
        _refuse_naive(self.occurred_at)


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that is not a message from a person to us."""

    channel: str
    account_id: str
    user_id: str | None = None  #: the person it is about, if any
    occurred_at: datetime | None = None  #: UTC
    aliases: tuple[str, ...] = ()  #: WhatsApp numbers of that person

    def __post_init__(self) -> None:
        _refuse_naive(self.occurred_at)


@dataclass(frozen=True, kw_only=True)
class DeliveryStatus(Event):
    """What became of one of our messages."""

    platform_message_id: str
    status: str  #: sent, delivered, read, played or failed
    error_code: int | None = None
    error_detail: str | None = None
    reference: str | None = None  #: what we sent along as ``biz_opaque_callback_data``
    billable: bool | None = None
    category: str | None = None


@dataclass(frozen=True, kw_only=True)
class DeliveryMark(Event):
    """Everything we sent up to ``up_to`` has arrived (Messenger)."""

    up_to: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ReadMark(Event):
    """The person has read everything up to a time (Messenger) or a message (Instagram)."""

    up_to: datetime | None = None
    message_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Echo(Event):
    """A message our side sent: by us, by a human in the inbox or by another app.

    ``app_id`` other than ours, and ``by`` of any value, mean that it was not us.
    """

    message_id: str | None = None
    app_id: str | None = None
    metadata: str | None = None  #: what we sent along as ``metadata``, if it was us
    text: str | None = None
    by: str | None = None  #: WhatsApp: ``business_app`` or Meta's ``message_creation_type``


@dataclass(frozen=True, kw_only=True)
class Reaction(Event):
    """A reaction to a message; opens the 24-hour window on Messenger and Instagram."""

    message_id: str | None = None
    emoji: str | None = None
    removed: bool = False


@dataclass(frozen=True, kw_only=True)
class Unsend(Event):
    """The person took a message back: what we stored of it must go."""

    message_id: str


@dataclass(frozen=True, kw_only=True)
class Edit(Event):
    """The person changed a message; ``message_id`` is the original's."""

    message_id: str
    text: str | None = None
    revision: int | None = None


@dataclass(frozen=True, kw_only=True)
class OptIn(Event):
    """The person allowed a notification, or came through a plugin."""

    type: str | None = None
    token: str | None = None
    payload: str | None = None
    topic: str | None = None
    status: str | None = None
    ref: str | None = None
    user_ref: str | None = None


@dataclass(frozen=True, kw_only=True)
class Handover(Event):
    """The thread went to, came from or was asked for by another app."""

    action: str  #: pass, take, request or roles
    previous_owner: str | None = None
    new_owner: str | None = None
    metadata: str | None = None


@dataclass(frozen=True, kw_only=True)
class MarketingPreference(Event):
    """The person stopped or resumed marketing messages (WhatsApp)."""

    value: str  #: stop or resume
    category: str | None = None


@dataclass(frozen=True, kw_only=True)
class IdentityChange(Event):
    """A person's number or business-scoped id changed (WhatsApp).

    Both tuples hold the id to use first; either can be empty when Meta did not name it.
    """

    reason: str | None = None
    old_ids: tuple[str, ...] = ()
    new_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Standby(Event):
    """A message that another app is handling; for reading only."""

    message: InboundMessage


@dataclass(frozen=True, kw_only=True)
class GroupMessage(Event):
    """A message in a group chat, which a persona does not answer."""

    group_id: str | None = None
    message_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class ChatOpened(Event):
    """The person opened the chat without writing (WhatsApp)."""


@dataclass(frozen=True, kw_only=True)
class AccountNotice(Event):
    """News about our own account: policy, quality, templates, errors without a message."""

    topic: str
    code: int | None = None
    detail: str | None = None


class Parsed(NamedTuple):
    """Everything that was read from one body, each list in the order of the body."""

    messages: tuple[InboundMessage, ...] = ()
    statuses: tuple[DeliveryStatus, ...] = ()
    events: tuple[Event, ...] = ()
    skipped: Mapping[str, int] = MappingProxyType({})  #: how many, by reason

    @property
    def ignored(self) -> int:
        """Count what was not a message from a person; see :func:`overture.meta.inbound.parse`."""
        return sum(self.skipped.values())


def _refuse_naive(moment: datetime | None) -> None:
    if moment is not None and moment.tzinfo is None:
        raise ValueError(f"naive datetime {moment!r}")
