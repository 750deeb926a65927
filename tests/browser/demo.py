"""The demo as a newcomer meets it: real processes on ports of their own, and three short talks."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ROOT, free_port

PORTS = ("RASA", "ACTIONS", "CONSOLE", "SANDBOX")
#: Seconds until all processes answer, and until a message is answered.
_START, _ANSWER = 120.0, 30_000

#: Five messages on each app: enough for one follow-up.
TALKS: Mapping[str, Sequence[str]] = {
    "messenger": (
        "Hello!",
        "I'm Sam",
        "I love Blade Runner",
        "Recommend something for a rainy evening",
        "We have a movie night on Friday",
    ),
    "instagram": (
        "Good evening",
        "My favourite film is Amélie",
        "Who wrote the music of Jaws?",
        "Recommend something warm",
        "Tomorrow is movie night with my sister",
    ),
    "whatsapp": (
        "Hi there",
        "I love the music of Ennio Morricone",
        "What should I watch on a Sunday?",
        "Another one please",
        "We are having a film night on Saturday",
    ),
}


@dataclass
class Demo:
    """Run ``overture up --demo`` on free ports, with data of its own."""

    folder: Path
    ports: dict[str, int] = field(default_factory=lambda: {name: free_port() for name in PORTS})

    def __post_init__(self) -> None:
        self.url = f"http://127.0.0.1:{self.ports['SANDBOX']}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Demo:
        """Start all processes and wait until they answer."""
        environment = {
            **{name: value for name, value in os.environ.items() if "OVERTURE_" not in name},
            **{f"OVERTURE_{name}_PORT": str(port) for name, port in self.ports.items()},
            "OVERTURE_VAR": str(self.folder),
        }
        log = self.folder / "up.log"
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "overture", "up", "--demo"],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=output,
            )
        deadline = time.monotonic() + _START
        while "Ctrl-C stops everything" not in log.read_text():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise AssertionError(f"the demo did not start: {log.read_text()}")
            time.sleep(0.2)
        return self

    def stop(self) -> None:
        """End it as Ctrl-C does; it must take all its processes along."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        assert self._process.wait(30) == 0

    def ask(self, path: str) -> dict[str, Any]:
        """Read from the sandbox's control interface."""
        with urllib.request.urlopen(f"{self.url}/sandbox/{path}", timeout=10) as answer:
            found: dict[str, Any] = json.load(answer)
            return found


def phone(page: Page, channel: str) -> Locator:
    """Return one of the three phones."""
    return page.locator(f"#phone-{channel}")


def answers(page: Page, channel: str) -> Locator:
    """Return what the persona has written on a phone."""
    return phone(page, channel).locator(".row.theirs")


def written_first(page: Page, channel: str) -> Locator:
    """Return the follow-ups on a phone."""
    return phone(page, channel).locator(".row.theirs .first")


def say(page: Page, channel: str, text: str) -> None:
    """Write on a phone and wait until it is answered and quiet again."""
    before = answers(page, channel).count()
    box = phone(page, channel).locator("[data-text]")
    box.fill(text)
    box.press("Enter")
    expect(answers(page, channel)).not_to_have_count(before, timeout=_ANSWER)
    settle(page, channel)


def settle(page: Page, channel: str, quiet: float = 1.0) -> int:
    """Wait until a phone has been quiet for some seconds; return how many answers it shows."""
    count, since = answers(page, channel).count(), time.monotonic()
    while time.monotonic() - since < quiet:
        page.wait_for_timeout(100)
        if answers(page, channel).count() != count:
            count, since = answers(page, channel).count(), time.monotonic()
    return count


def wind(page: Page, hours: int = 20) -> None:
    """Wind the clock forward by one of the page's buttons."""
    page.get_by_role("button", name=f"+{hours} h").click()
