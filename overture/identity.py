"""Who talks to whom: contacts, conversations and their ids."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from overture.errors import InvalidIdentity

#: The account that stands in the id of a conversation that came without one.
LOCAL_ACCOUNT = "local"


def _refuse_odd_part(name: str, value: object) -> None:
    if not isinstance(value, str) or not value or ":" in value:
        raise InvalidIdentity(f"{name} must be a non-empty text without a colon, not {value!r}")


@dataclass(frozen=True)
class Contact:
    """Name a person on one account of one channel."""

    channel: str
    account_id: str
    user_id: str

    def __post_init__(self) -> None:
        for name in ("channel", "account_id", "user_id"):
            _refuse_odd_part(name, getattr(self, name))

    def __str__(self) -> str:
        return f"{self.channel}:{self.account_id}:{self.user_id}"

    @classmethod
    def parse(cls, text: str) -> Contact:
        """Read ``channel:account_id:user_id``.

        Raises:
            InvalidIdentity: the text has not exactly three non-empty parts.
        """
        parts = text.split(":")
        if len(parts) != 3:
            raise InvalidIdentity(f"a contact is channel:account_id:user_id, not {text!r}")
        return cls(*parts)


@dataclass(frozen=True)
class Conversation:
    """Name the talk of one contact with one persona; its text is Rasa's ``sender_id``."""

    channel: str
    account_id: str
    user_id: str
    persona_id: str

    def __post_init__(self) -> None:
        for name in ("channel", "account_id", "user_id", "persona_id"):
            _refuse_odd_part(name, getattr(self, name))

    def __str__(self) -> str:
        return f"{self.channel}:{self.account_id}:{self.user_id}:{self.persona_id}"

    @property
    def contact(self) -> Contact:
        """Return the person, whichever persona they talk to."""
        return Contact(self.channel, self.account_id, self.user_id)

    @classmethod
    @lru_cache(maxsize=4096)
    def parse(cls, text: str) -> Conversation:
        """Read ``channel:account_id:user_id:persona_id``.

        Raises:
            InvalidIdentity: the text has not exactly four non-empty parts.
        """
        parts = text.split(":")
        if len(parts) != 4:
            raise InvalidIdentity(
                f"a conversation is channel:account_id:user_id:persona_id, not {text!r}"
            )
        return cls(*parts)


def conversation_for(
    sender_id: str, channel: str, default_persona: str, *, reserved: Collection[str] = ()
) -> Conversation:
    """Return the conversation a Rasa ``sender_id`` stands for.

    A sender that is already four parts is taken as it is. Any other (``rasa shell`` makes
    up an id, REST takes what it is given) becomes a contact of the local account.

    Args:
        channel: through which the message came; empty if that is not known.
        reserved: channels whose people can only come through them, so that nobody gets at
            their conversations by naming them elsewhere.
    """
    try:
        conversation = Conversation.parse(sender_id)
    except InvalidIdentity:
        conversation = None
    if conversation is not None and (
        not channel or conversation.channel == channel or conversation.channel not in reserved
    ):
        return conversation
    user_id = quote(sender_id, safe="") or "anonymous"
    return Conversation(channel or "cmdline", LOCAL_ACCOUNT, user_id, default_persona)
