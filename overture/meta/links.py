"""Links that open a chat, and the codes that say through which link a person came."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

#: What Meta passes on in ``ref``: letters, digits, hyphen, underscore, equals sign.
_REF = re.compile(r"[A-Za-z0-9_=-]{1,250}")
#: WhatsApp has no ref, so that a code stands in brackets at the end of the first text.
_CODE = re.compile(r"\s*\[([A-Za-z0-9_=-]{1,64})\]\s*$")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")


def messenger_link(page: str, ref: str) -> str:
    """Return the m.me link of a page that brings the ref along.

    Raises:
        ValueError: When page or ref hold characters that Meta drops.
    """
    return f"https://m.me/{_checked(_NAME, page)}?ref={_checked(_REF, ref)}"


def instagram_link(username: str, ref: str) -> str:
    """Return the ig.me link; the ref is surely delivered only in an existing thread."""
    return f"https://ig.me/m/{_checked(_NAME, username)}?ref={_checked(_REF, ref)}"


def whatsapp_link(number: str, code: str, greeting: str = "Hi!") -> str:
    """Return the wa.me link that prefills a greeting with the code in brackets.

    Raises:
        ValueError: When the number has no digits or the code could not be found again.
    """
    digits = re.sub(r"\D", "", number)
    if not digits:
        raise ValueError(f"no digits in number {number!r}")
    text = f"{greeting} [{_checked(_REF, code)}]".strip()
    if code_in(text)[0] != code:
        raise ValueError(f"code {code!r} is too long")
    return f"https://wa.me/{digits}?" + urlencode({"text": text}, quote_via=quote)


def code_in(text: str | None) -> tuple[str | None, str | None]:
    """Part a first text into the code at its end and what is left of the text.

    A person may write brackets of their own: a code that nobody gave out is for the caller to
    leave in the text.
    """
    found = _CODE.search(text or "")
    if text is None or found is None:
        return None, text
    return found[1], text[: found.start()] or None


def _checked(pattern: re.Pattern[str], value: str) -> str:
    if not pattern.fullmatch(value):
        raise ValueError(f"{value!r} cannot stand in a link; allowed: {pattern.pattern}")
    return value
