"""The words of a persona as a message that Rasa can send. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from random import Random
from typing import Any

from overture.personas import Card, Line
from overture.personas.knowledge.folding import folded
from overture.rasa_ext.ports import Fact
from overture.rasa_ext.spelling import plain
from overture.rasa_ext.transcript import WITHOUT_DISCLOSURE, Transcript


def compose(
    card: Card,
    key: str,
    *,
    heard: Transcript,
    earlier: frozenset[str] = frozenset(),
    facts: Sequence[Fact] = (),
    values: Mapping[str, object] | None = None,
    rng: Random,
    now: datetime | None = None,
) -> dict[str, Any] | None:
    """Choose a line and return it as the fields of a Rasa message.

    The first message to somebody new also says that a machine is speaking.

    Args:
        card: who speaks.
        key: the response key, without ``utter_``.
        heard: the newest part of the conversation.
        earlier: ids of lines said before that.
        facts: what may be spoken of, the newest last.
        values: what fills the placeholders; ``after``, the key of the line before, is added
            for conditions.
        rng: chooses among lines.
        now: aware, for lines that speak of a time.
    """
    seen = [*sorted(earlier.difference(heard.lines)), *heard.lines]
    known = {"after": heard.last_key, **(values or {})}
    line = card.line(key, seen=seen, facts=facts, rng=rng, values=known, now=now)
    if line is None:
        return None
    if heard.undisclosed and key not in WITHOUT_DISCLOSURE:
        return _message(key, line, card.line("disclosure", seen=seen, rng=rng))
    return _message(key, line)


def opinion(card: Card, text: str) -> dict[str, Any] | None:
    """Return the card's own view on a topic that a text names, as a message."""
    words = f" {' '.join(plain(word) for word in folded(text))} "
    named = (topic for topic in card.opinions if f" {_plain(topic)} " in words)
    topic = max(named, key=len, default=None)
    if topic is None:
        return None
    line = Line(id=f"{card.id}.opinions.{'-'.join(folded(topic))}", text=card.opinions[topic])
    return _message("opinion", line)


def _plain(topic: str) -> str:
    return " ".join(plain(word) for word in folded(topic))


def _message(key: str, line: Line, disclosure: Line | None = None) -> dict[str, Any]:
    parts = [line.text, disclosure.text] if disclosure else [line.text]
    buttons = [{"title": one.title, "payload": one.payload} for one in line.buttons]
    return {
        "text": "\n\n".join(parts),
        "buttons": buttons,
        "line": line.id,
        "uses": list(line.uses),
        "utter_action": f"utter_{key}",
    }
