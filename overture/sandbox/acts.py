"""What a person can do on a phone, before it is written in the words of an app."""

from __future__ import annotations

from dataclasses import dataclass

#: Stand-ins for what a phone attaches: kind to the file the page shows for it.
ATTACHMENTS = {
    "image": "photo.jpg",
    "sticker": "sticker.svg",
    "audio": "voice.wav",
    "location": "",
}


@dataclass(frozen=True, kw_only=True)
class Act:
    """One thing a person did.

    ``kind`` is text, quick_reply, button, row, get_started, referral, attachment, reaction or
    unsend.
    """

    kind: str
    text: str = ""
    payload: str = ""
    description: str = ""
    #: Which attachment, or which reaction.
    what: str = ""
    #: Message that is answered, reacted to, tapped in or taken back.
    target: str = ""
    ref: str = ""

    @property
    def is_message(self) -> bool:
        """Tell whether the platform gives this a message id of its own."""
        return self.kind in ("text", "quick_reply", "button", "row", "get_started", "attachment")
