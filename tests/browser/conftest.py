"""A real browser, and a sandbox with a small bot behind it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from overture.sandbox.config import standalone_accounts
from tests.browser.echo_bot import EchoBot

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="module")
def browser():
    """Start Chromium; required in CI, skipped with the reason where it is missing.

    Not for the whole session: while it runs, Playwright's event loop runs in this thread, and
    no asynchronous test can.
    """
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        reason = f"needs one of {', '.join(BROWSERS)}"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def bot() -> Iterator[EchoBot]:
    """Answer behind the sandbox."""
    echo = EchoBot(standalone_accounts())
    echo.start()
    yield echo
    echo.stop()


@pytest.fixture(scope="session")
def sandbox_url(bot: EchoBot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run ``overture sandbox`` as a process of its own, in demo mode."""
    port, place = free_port(), tmp_path_factory.mktemp("sandbox")
    url = bot.graph = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "OVERTURE_DEMO": "1", "OVERTURE_VAR": str(place)}
    environment["OVERTURE_DATABASE_URL"] = f"sqlite:///{place}/overture.db"
    call = "from overture.cli.sandbox import command; command()"
    rasa = f"http://127.0.0.1:{bot.port}"
    with (place / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", call, "--port", str(port), "--rasa", rasa],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for(url, process, place / "log")
            yield url
        finally:
            process.terminate()
            process.wait(10)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/health", timeout=1).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the sandbox did not start: {log.read_text()}")
