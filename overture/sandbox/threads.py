"""The chats as the phones show them, one thread for each account and person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from overture.sandbox.config import CHANNELS
from overture.sandbox.people import Person, business_scoped_id, new_person

#: Bubbles kept of one thread; older ones leave the phone.
KEPT = 400


@dataclass(kw_only=True)
class Choice:
    """Something in a bubble that can be tapped."""

    title: str
    #: quick_reply, button, row (of a list) or link.
    style: str
    payload: str = ""
    url: str = ""
    description: str = ""
    section: str = ""


@dataclass(kw_only=True)
class Bubble:
    """One message on a phone."""

    id: str
    #: person, bot or inbox (a human who answers for the account).
    sender: str
    kind: str
    at: datetime
    text: str = ""
    #: sending, sent, delivered, read, failed, removed.
    status: str = "sending"
    choices: list[Choice] = field(default_factory=list)
    #: Label of the button that opens a list.
    menu: str = ""
    media: str = ""
    persona: str = ""
    picture: str = ""
    reply_to: str = ""
    reaction: str = ""
    #: WhatsApp: what the account wants to find in the statuses of this message.
    callback_data: str = ""
    #: The account wrote although the person had said nothing for a while.
    unprompted: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the bubble as the page and the state file carry it."""
        return {**asdict(self), "at": self.at.isoformat()}

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Bubble:
        """Read back what `to_json` wrote."""
        choices = [Choice(**choice) for choice in raw["choices"]]
        return cls(**{**raw, "at": datetime.fromisoformat(raw["at"]), "choices": choices})


@dataclass(kw_only=True)
class Thread:
    """The chat of one person with one account."""

    channel: str
    account_id: str
    user_id: str
    persona: str = ""
    bubbles: list[Bubble] = field(default_factory=list)
    #: Last message, tap, opened link or reaction: what opens the platform's window.
    last_user_action: datetime | None = None
    #: Instagram tells the ref of a link that opened a new chat with the first message only.
    waiting_ref: str = ""
    blocked: bool = False

    @property
    def key(self) -> str:
        """Name of the thread in events and journals."""
        return f"{self.channel}:{self.account_id}:{self.user_id}"

    @property
    def conversation(self) -> str:
        """Conversation id as Overture writes it."""
        user = business_scoped_id(self.user_id) if self.channel == "whatsapp" else self.user_id
        return f"{self.channel}:{self.account_id}:{user}:{self.persona}"

    def add(self, bubble: Bubble) -> None:
        """Put a bubble at the end."""
        self.bubbles.append(bubble)
        del self.bubbles[:-KEPT]

    def find(self, message_id: str) -> Bubble | None:
        """Return the bubble of a message id."""
        return next((bubble for bubble in reversed(self.bubbles) if bubble.id == message_id), None)

    def from_account(self) -> Iterator[Bubble]:
        """Yield what the account wrote, newest first."""
        return (bubble for bubble in reversed(self.bubbles) if bubble.sender != "person")

    def to_json(self) -> dict[str, Any]:
        """Return the thread as the page and the state file carry it."""
        acted = self.last_user_action
        return {
            **{name: getattr(self, name) for name in _PLAIN},
            "bubbles": [bubble.to_json() for bubble in self.bubbles],
            "last_user_action": acted.isoformat() if acted else None,
        }

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Thread:
        """Read back what `to_json` wrote."""
        acted = raw["last_user_action"]
        return cls(
            **{name: raw[name] for name in _PLAIN},
            bubbles=[Bubble.from_json(bubble) for bubble in raw["bubbles"]],
            last_user_action=datetime.fromisoformat(acted) if acted else None,
        )


_PLAIN = ("channel", "account_id", "user_id", "persona", "waiting_ref", "blocked")


class World:
    """All people and threads of one sandbox."""

    def __init__(self) -> None:
        self.people: list[Person] = [new_person(1)]
        self.threads: dict[str, Thread] = {}
        #: Personas made through the Graph API: id to name and picture.
        self.graph_personas: dict[str, dict[str, str]] = {}

    def add_person(self, **ids: str) -> Person:
        """Add one more person, with made-up ids where none are given."""
        person = new_person(len(self.people) + 1, **ids)
        self.people.append(person)
        return person

    def person(self, channel: str, user_id: str) -> Person | None:
        """Return who holds that id, by WhatsApp number or business-scoped id too."""
        return next((who for who in self.people if who.has(channel, user_id)), None)

    def thread(self, channel: str, account_id: str, user_id: str, persona: str = "") -> Thread:
        """Return the thread of a person with an account; both are made when they are new."""
        person = self.person(channel, user_id) or self.add_person(**{channel: user_id})
        found = self.find(channel, account_id, user_id)
        if found is None:
            found = Thread(
                channel=channel,
                account_id=account_id,
                user_id=person.ids[channel],
                persona=persona,
            )
            self.threads[found.key] = found
        return found

    def find(self, channel: str, account_id: str, user_id: str) -> Thread | None:
        """Return an existing thread, or None."""
        person = self.person(channel, user_id)
        return self.threads.get(f"{channel}:{account_id}:{person.ids[channel]}") if person else None

    def to_json(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        return {
            "people": [person.ids for person in self.people],
            "threads": [thread.to_json() for thread in self.threads.values()],
            "graph_personas": self.graph_personas,
        }

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> World:
        """Read back what `to_json` wrote."""
        world = cls()
        world.people = [
            new_person(number, **{name: ids[name] for name in CHANNELS})
            for number, ids in enumerate(raw["people"], start=1)
        ]
        threads = [Thread.from_json(thread) for thread in raw["threads"]]
        world.threads = {thread.key: thread for thread in threads}
        world.graph_personas = dict(raw["graph_personas"])
        return world
