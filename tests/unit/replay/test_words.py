"""Words in a replay mean what intake makes of them, only quicker where they repeat."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from overture.memory import extract
from overture.replay import words
from overture.safety import screen

NOW = datetime(2026, 3, 1, 10, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "text",
    [
        "hi",
        "stop",
        "are you a bot?",
        "My name is Ada and I live in Berlin.",
        "I love Blade Runner",
        "We have a movie night on Friday",
        "what about Hans Zimmer",
        "",
        "😀",
        "ok\n\nok",
    ],
)
def test_a_text_gives_what_intake_gives(text: str) -> None:
    assert words.screen(text) == screen(text)
    assert tuple(words.extract(text, NOW, "Europe/Berlin")) == extract(text, NOW, "Europe/Berlin")
