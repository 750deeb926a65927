"""The README's two minutes, in a real browser on the real demo; takes its picture on the way.

``scripts/picture`` has the picture written to ``docs/images/``; otherwise it goes to ``.cache/``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ROOT
from tests.browser.demo import TALKS, Demo, answers, phone, say, settle, wind, written_first

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(420)]

PICTURE = "OVERTURE_PICTURE"
LARGEST = 500_000


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Run the demo once for this module."""
    if not list(ROOT.glob("models/*.tar.gz")):
        pytest.fail("there is no model: run `make train`")
    started = Demo(tmp_path_factory.mktemp("demo")).start()
    yield started
    started.stop()


@pytest.fixture
def page(browser: Browser, demo: Demo) -> Iterator[Page]:
    """Open the page with the three phones."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 1000}, reduced_motion="reduce", color_scheme="light"
    )
    page = context.new_page()
    page.goto(demo.url)
    expect(page.locator(".phone")).to_have_count(3)
    yield page
    context.close()


def test_five_messages_on_each_app_earn_one_follow_up_and_the_picture_shows_it(
    page: Page, demo: Demo
) -> None:
    """Talk, wind the clock: one follow-up each; wind on: nothing more; four messages: none."""
    for channel, texts in TALKS.items():
        for text in texts:
            say(page, channel, text)
    wind(page)
    for channel in TALKS:
        expect(written_first(page, channel)).to_have_count(1, timeout=30_000)
        settle(page, channel)
    page.locator("#hint-close").click()
    take(page)
    shown = {channel: settle(page, channel) for channel in TALKS}
    wind(page)
    assert {channel: settle(page, channel, 3) for channel in TALKS} == shown
    say(page, "whatsapp", "Thank you, that is kind")
    phone(page, "whatsapp").locator("[data-text]").fill("stop")
    phone(page, "whatsapp").locator("[data-text]").press("Enter")
    settle(page, "whatsapp", 2)
    count = answers(page, "whatsapp").count()
    wind(page)
    assert settle(page, "whatsapp", 3) == count


def take(page: Page) -> None:
    """Write the picture, without what lies below the phones."""
    target = Path(os.environ.get(PICTURE) or ROOT / ".cache" / "pictures" / "phones.png")
    target.parent.mkdir(parents=True, exist_ok=True)
    bottom = max(
        box["y"] + box["height"]
        for box in (page.locator(".phone").nth(index).bounding_box() for index in range(3))
        if box
    )
    clip = {"x": 0.0, "y": 0.0, "width": 1440.0, "height": min(1000.0, bottom + 12)}
    page.screenshot(path=target, clip=clip)
    assert target.stat().st_size < LARGEST
