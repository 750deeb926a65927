"""The console in a real browser: what a reviewer does, by keyboard, on a phone, without script."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from overture.clock import SystemClock
from tests.browser.conftest import ROOT, free_port
from tests.unit.console.house import House

pytestmark = pytest.mark.browser

DESKTOP = {"width": 1360, "height": 900}
SMALL = {"width": 390, "height": 844}
ANNA = "/conversations/messenger:607:anna:maestro"
GUEST = "/conversations/messenger:607:guest0:maestro"


def fill(url: str) -> None:
    """Let people talk over the last two days, as the console will find them."""
    house = House(url)
    house.clock.set(SystemClock().now() - timedelta(hours=46))
    house.hear("ben", "I am Ben")
    house.talk("ben")
    house.hear("anna", "I am Anna", "I love Jaws")
    house.talk("anna", messages=6)
    house.clock.wind(timedelta(hours=21))
    house.dispatch("You love Jaws. Did it keep you awake?")
    house.hear("anna", "It did!")
    house.clock.wind(timedelta(hours=22))
    house.hear("cleo", "hello", "I want to die", channel="instagram")
    house.hear("dora", "stop", channel="whatsapp")
    house.talk("eve", channel="whatsapp")
    house.hear("eve", "human please", channel="whatsapp")
    for number in range(3):
        house.talk(f"guest{number}")
    house.database.close()


@pytest.fixture(scope="module")
def console_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run ``overture console`` as a process of its own."""
    place, port = tmp_path_factory.mktemp("console"), free_port()
    environment = {
        **os.environ,
        "OVERTURE_DATABASE_URL": f"sqlite:///{place}/overture.db",
        "OVERTURE_CONSOLE_PORT": str(port),
    }
    fill(environment["OVERTURE_DATABASE_URL"])
    command = [sys.executable, "-m", "overture", "console"]
    with (place / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            wait_for(f"http://127.0.0.1:{port}", process, place / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/health", timeout=1).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the console did not start: {log.read_text()}")


@pytest.fixture
def page(browser: Browser, console_url: str) -> Iterator[Page]:
    yield from opened(browser, console_url, viewport=DESKTOP)


def opened(browser: Browser, url: str, **settings: object) -> Iterator[Page]:
    """Open the console; an error of its own scripts or its own policy fails the test."""
    context = browser.new_context(base_url=url, reduced_motion="reduce", **settings)
    page, problems = context.new_page(), []
    page.on("pageerror", lambda problem: problems.append(str(problem)))
    page.on("console", lambda line: line.type == "error" and problems.append(line.text))
    page.goto("/")
    yield page
    context.close()
    assert problems == []


def test_a_reviewer_finds_and_reads_a_conversation_without_a_mouse(page: Page):
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("it did!")
    page.keyboard.press("Enter")
    expect(page.locator(".row")).to_have_count(1)
    page.keyboard.press("j")
    expect(page.locator(".row")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Anna")
    follow_up = page.locator(".bubble.follow_up")
    expect(follow_up).to_contain_text("Did it keep you awake?")
    expect(page.get_by_text("May the bot write first?")).to_be_visible()
    expect(page.locator(".rules > li")).to_have_count(18)
    page.get_by_text("Enough messages").click()
    expect(page.get_by_text("min user messages")).to_be_visible()


def test_times_tell_the_exact_moment_on_hover(page: Page):
    page.goto(ANNA)
    title = page.locator(".bubble time").first.get_attribute("title")
    assert title is not None
    assert " UTC" in title
    assert " here" in title


def test_an_answer_that_is_being_typed_outlives_a_reload_and_goes_out_by_keyboard(page: Page):
    page.goto(GUEST)
    field = page.get_by_label("Answer as a human")
    field.fill("Hi, this is Kim.")
    page.reload()
    expect(field).to_have_value("Hi, this is Kim.")
    field.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("Your answer is on its way.")
    expect(page.locator(".bubble.inbox")).to_contain_text("Hi, this is Kim.")
    expect(page.locator(".bubble.inbox .ticks")).to_contain_text("waiting to be sent")
    expect(field).to_have_value("")
    page.get_by_role("button", name="Hand back to the bot").click()


def test_where_the_window_is_closed_nothing_can_be_typed(page: Page):
    page.goto(ANNA)
    expect(page.get_by_text("Messenger’s window closed")).to_be_visible()
    expect(page.get_by_label("Answer as a human")).to_have_count(0)


def test_a_reviewer_tags_a_conversation_and_says_what_a_message_means(page: Page):
    page.goto("/conversations/messenger:607:guest1:maestro")
    page.get_by_label("Tags, with commas between them").fill("quiet, films")
    page.get_by_label("Note").fill("says little")
    page.get_by_role("button", name="Keep").last.click()
    expect(page.get_by_role("status").first).to_contain_text("Tags and note are kept.")
    page.get_by_role("button", name="Reviewed").click()
    expect(page.locator(".talk-head .chip.reviewed")).to_be_visible()
    page.locator(".bubble.person .heard summary").last.click()
    field = page.get_by_label("It means").last
    field.fill("small_talk")
    field.press("Enter")
    expect(page.locator(".bubble.person .heard").last).to_contain_text("means small_talk")
    expect(page.locator(".bubble:target")).to_be_visible()
    page.goto("/")
    page.locator("select[name=tag]").select_option("films")
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator(".row .chips")).to_contain_text("Reviewed")
    with page.expect_download() as loading:
        page.get_by_role("link", name="corrected message").click()
    assert "- intent: small_talk" in loading.value.path().read_text()


def test_who_waits_for_a_human_is_found_and_is_not_written_to_until_looked_after(page: Page):
    page.locator(".tabs a", has_text="Needs a human").click()
    page.locator(".row").click()
    expect(page.locator(".talk-head .chip.needs_human")).to_be_visible()
    refusal = page.locator(".rules .no", has_text="Takeover")
    expect(refusal).to_contain_text("a human has the conversation, or is waited for")
    expect(page.locator(".talk-head .chip.taken_over")).to_have_count(0)
    page.get_by_role("button", name="Looked after").click()
    expect(page.get_by_role("status").first).to_contain_text("Follow-ups are possible again.")
    expect(refusal).to_have_count(0)


def test_a_takeover_is_asked_for_once_more_and_can_be_given_up(page: Page):
    page.goto(ANNA)
    summary = page.locator("summary.button", has_text="Take over")
    summary.focus()
    page.keyboard.press("Enter")
    question = page.get_by_text("The bot is silent from now on")
    expect(question).to_be_visible()
    page.keyboard.press("Escape")
    expect(question).to_be_hidden()
    expect(summary).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("You have this conversation.")
    expect(page.locator(".talk-head .chip.taken_over")).to_be_visible()
    page.get_by_role("button", name="Hand back to the bot").click()
    expect(page.get_by_role("status")).to_contain_text("The bot has the conversation again.")


def test_filters_apply_at_once(page: Page):
    page.get_by_label("App").select_option("instagram")
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator(".chip.crisis_hold")).to_be_visible()
    page.get_by_label("App").select_option("")
    expect(page.locator(".row")).not_to_have_count(1)  # links of the page before keep the filter
    page.get_by_role("link", name="Opted out", exact=True).click()
    expect(page.locator(".row")).to_have_count(1)


def test_the_kill_switch_needs_two_steps_and_shows_everywhere(page: Page):
    page.goto("/accounts")
    page.get_by_text("Stop all proactive messages").click()
    page.get_by_role("button", name="Yes, stop all").click()
    banner = page.locator(".banner")
    expect(banner).to_contain_text("All proactive messages are stopped.")
    page.goto("/follow-ups/")
    expect(banner).to_be_visible()
    page.get_by_role("link", name="Kill switch").click()
    page.get_by_text("Let them go again").click()
    page.get_by_role("button", name="Yes, let them go").click()
    expect(banner).to_have_count(0)


def test_follow_ups_are_drawn_and_told_as_a_table(page: Page):
    page.goto("/follow-ups/")
    chart = page.locator(".chart svg")
    # How many were withheld depends on what the tests before this one have done.
    told = re.compile(r"^2 sent, 1 of them answered, \d+ withheld$")
    expect(chart).to_have_attribute("aria-label", told)
    expect(chart.locator("rect.answered")).to_have_count(1)
    page.get_by_text("As a table").click()
    expect(page.locator(".chart tbody tr")).to_have_count(14)


def test_erasing_takes_the_id_and_ends_in_the_list(page: Page):
    page.goto("/conversations/messenger:607:guest2:maestro")
    page.get_by_role("link", name="Erase").click()
    page.get_by_role("textbox").fill("guest")
    page.get_by_role("button", name="Erase everything").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was erased.")
    page.get_by_role("textbox").fill("guest2")
    page.get_by_role("button", name="Erase everything").click()
    expect(page.get_by_role("status")).to_contain_text("is erased")
    expect(page.get_by_text("guest2")).to_have_count(0)


def width(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_phone(browser: Browser, console_url: str, scheme: str):
    for page in opened(browser, console_url, viewport=SMALL, color_scheme=scheme):
        for path in ("/", ANNA, f"{ANNA}/erase", "/follow-ups/", "/follow-ups/sent", "/accounts"):
            page.goto(path)
            questions = page.locator("summary.button")
            for number in range(questions.count()):
                questions.nth(number).click()
                assert width(page) <= SMALL["width"], path
            assert width(page) <= SMALL["width"], path


def test_everything_works_without_script(browser: Browser, console_url: str):
    for page in opened(browser, console_url, viewport=DESKTOP, java_script_enabled=False):
        page.get_by_label("App").select_option("messenger")
        page.get_by_role("button", name="Show").click()
        page.get_by_role("link", name="Ben").click()
        page.locator("summary.button", has_text="Pause").click()
        page.get_by_label("For").select_option("7")
        page.get_by_role("button", name="Pause", exact=True).click()
        expect(page.locator(".talk-head .chip.paused")).to_contain_text("in 6 days")
