"""The sandbox's page in a real browser: what a newcomer does in the first two minutes."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.echo_bot import EchoBot

pytestmark = pytest.mark.browser

DESKTOP = {"width": 1440, "height": 1000}
SMALL = {"width": 390, "height": 844}
CHANNELS = ("messenger", "instagram", "whatsapp")


def ask(url: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{url}/sandbox/{path}", data=data)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


@pytest.fixture
def page(browser: Browser, sandbox_url: str) -> Iterator[Page]:
    yield from opened(browser, sandbox_url, DESKTOP)


@pytest.fixture
def small_page(browser: Browser, sandbox_url: str) -> Iterator[Page]:
    yield from opened(browser, sandbox_url, SMALL)


def opened(browser: Browser, url: str, size: dict[str, int]) -> Iterator[Page]:
    """Open a fresh sandbox; an error of the page's own scripts fails the test."""
    ask(url, "reset", {})
    context = browser.new_context(viewport=size, reduced_motion="reduce")
    page, problems = context.new_page(), []
    page.on("pageerror", lambda problem: problems.append(str(problem)))
    page.on("console", lambda line: line.type == "error" and problems.append(line.text))
    page.goto(url)
    expect(page.locator(".phone")).to_have_count(3)
    yield page
    context.close()
    assert problems == []


def phone(page: Page, channel: str) -> Any:
    return page.locator(f"#phone-{channel}")


def write(page: Page, channel: str, text: str) -> None:
    box = phone(page, channel).locator("[data-text]")
    box.fill(text)
    box.press("Enter")


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_message_is_answered_and_its_ticks_turn_to_seen(page, channel):
    write(page, channel, "Good evening")
    answers = phone(page, channel).locator(".row.theirs .text")
    expect(answers).to_have_text(["You said: Good evening"])
    expect(phone(page, channel).locator(".row.own .ticks.read")).to_have_count(1)


def test_typing_shows_while_the_bot_composes(page):
    write(page, "messenger", "Hello")
    expect(phone(page, "messenger").locator("[data-typing]")).to_be_visible()
    expect(phone(page, "messenger").locator(".row.theirs")).to_have_count(1)
    expect(phone(page, "messenger").locator("[data-typing]")).to_be_hidden()


def test_a_quick_reply_is_tapped_and_leaves(page):
    write(page, "messenger", "let me choose")
    chips = phone(page, "messenger").locator("[data-quick] button")
    expect(chips).to_have_text(["Something funny", "Something sad"])
    chips.nth(1).click()
    answer = phone(page, "messenger").locator(".row.theirs .text").last
    expect(answer).to_have_text("You said: /Something sad")
    expect(chips).to_have_count(0)


def test_a_button_of_a_whatsapp_message_is_tapped(page):
    write(page, "whatsapp", "let me choose")
    phone(page, "whatsapp").get_by_role("button", name="Something funny").click()
    answer = phone(page, "whatsapp").locator(".row.theirs .text").last
    expect(answer).to_have_text("You said: /Something funny")


def test_the_clock_is_wound_and_a_later_message_is_marked_as_written_first(
    page: Page, bot: EchoBot, sandbox_url: str
):
    write(page, "instagram", "Friday is our movie night")
    expect(phone(page, "instagram").locator(".row.theirs")).to_have_count(1)
    before = ask(sandbox_url, "state")["now"]
    page.get_by_role("button", name="+20 h").click()
    expect(page.locator("#announce")).to_contain_text("The clock shows")
    assert ask(sandbox_url, "state")["now"] > before
    person = ask(sandbox_url, "state")["people"][0]["instagram"]
    assert bot.write_first("instagram", person, "How was the movie night?") == 200
    late = phone(page, "instagram").locator(".row.theirs").last
    expect(late.locator(".first")).to_have_text("wrote first")
    expect(phone(page, "instagram").locator(".gap").last).to_contain_text("20 hours later")
    page.locator("#wind-span").fill("5h")
    page.locator("#wind-span").press("Enter")
    expect(phone(page, "instagram").locator("[data-window]")).to_contain_text("24 hours are over")
    assert bot.write_first("instagram", person, "Too late") == 403


def test_everything_needed_can_be_done_with_the_keyboard_alone(page):
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#phone-messenger [data-text]')"):
            break
    expect(phone(page, "messenger").locator("[data-text]")).to_be_focused()
    page.keyboard.type("let me choose")
    page.keyboard.press("Enter")
    expect(phone(page, "messenger").locator("[data-quick] button")).to_have_count(2)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    expect(phone(page, "messenger").locator("[data-quick] button").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(phone(page, "messenger").locator("[data-text]")).to_be_focused()
    answer = phone(page, "messenger").locator(".row.theirs .text").last
    expect(answer).to_have_text("You said: /Something sad")


def test_the_attach_menu_opens_closes_and_sends_by_keyboard(page):
    button = phone(page, "whatsapp").locator("[data-attach]")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(phone(page, "whatsapp").locator(".row.own img")).to_be_visible()


def test_a_persona_is_opened_by_its_link(page):
    page.get_by_role("button", name="Personas", exact=True).click()
    dialog = page.locator("#personas")
    expect(dialog.locator(".way img").first).to_be_visible()
    dialog.get_by_role("button", name="Open on Messenger").first.click()
    phone(page, "messenger").get_by_role("button", name="Get Started").click()
    expect(phone(page, "messenger").locator(".row.theirs")).to_have_count(1)


def test_the_wire_shows_the_webhook_and_the_call_without_secrets(page):
    write(page, "whatsapp", "Hello wire")
    row = page.locator(".call", has_text="Hello wire").last
    expect(row).to_be_visible()
    row.locator("summary").click()
    expect(row.locator("pre").first).to_contain_text("x-hub-signature-256: sha256=")
    page.locator("#wire-filter").select_option("graph")
    call = page.locator(".call", has_text="message").first
    call.locator("summary").click()
    expect(call.locator("pre").first).to_contain_text("Bearer •••")
    expect(page.locator("#calls")).not_to_contain_text("sandbox-token")


def test_a_fault_is_switched_on_and_off(page, sandbox_url):
    page.get_by_role("button", name="Make it fail").click()
    page.locator("#fault-server_error").check()
    expect(page.locator("#fault-count")).to_have_text("1")
    assert ask(sandbox_url, "faults")["active"][0]["kind"] == "server_error"
    page.get_by_role("button", name="Everything well again").click()
    expect(page.locator("#fault-server_error")).not_to_be_checked()


def test_another_person_has_empty_phones_and_the_first_keeps_theirs(page):
    write(page, "messenger", "I am the first")
    expect(phone(page, "messenger").locator(".row")).to_have_count(2)
    page.get_by_role("button", name="New person").click()
    expect(phone(page, "messenger").locator(".row")).to_have_count(0)
    page.locator("#person").select_option("0")
    expect(phone(page, "messenger").locator(".row")).to_have_count(2)


def test_why_answers_in_a_dialog(page):
    write(page, "messenger", "Hello")
    expect(phone(page, "messenger").locator(".row")).to_have_count(2)
    phone(page, "messenger").get_by_role("button", name="Why?").click()
    expect(page.locator("#why-conversation")).to_contain_text("messenger:")
    expect(page.locator("#why-body")).not_to_be_empty()
    page.keyboard.press("Escape")
    expect(page.locator("#why")).to_be_hidden()


def test_text_of_people_and_bots_is_never_markup(page):
    write(page, "instagram", "<img src=x onerror=alert(1)><b>bold</b>")
    texts = phone(page, "instagram").locator(".row .text")
    expect(texts.first).to_have_text("<img src=x onerror=alert(1)><b>bold</b>")
    expect(texts.last).to_have_text("You said: <img src=x onerror=alert(1)><b>bold</b>")
    expect(phone(page, "instagram").locator(".row .text b")).to_have_count(0)


def test_a_small_screen_shows_one_phone_at_a_time_and_nothing_overflows(small_page):
    page = small_page
    expect(phone(page, "messenger")).to_be_visible()
    expect(phone(page, "whatsapp")).to_be_hidden()
    page.get_by_role("tab", name="Messenger").focus()
    page.keyboard.press("ArrowLeft")
    expect(phone(page, "whatsapp")).to_be_visible()
    write(page, "whatsapp", "Hello from a small screen " + "x" * 120)
    expect(phone(page, "whatsapp").locator(".row.theirs")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]


def test_the_chat_is_still_there_after_the_page_is_loaded_again(page):
    write(page, "messenger", "Remember me")
    expect(phone(page, "messenger").locator(".row")).to_have_count(2)
    page.reload()
    expect(phone(page, "messenger").locator(".row")).to_have_count(2)


def test_every_control_has_a_name(page):
    unnamed = page.evaluate(
        """[...document.querySelectorAll("button, input, select, textarea, a")]
        .filter((one) => one.offsetParent && !(one.textContent.trim() || one.ariaLabel
            || one.labels?.length || one.title))
        .map((one) => one.outerHTML.slice(0, 80))"""
    )
    assert unnamed == []
