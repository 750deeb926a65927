"""The JSON interface that the page and tests of the whole drive the sandbox with."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from overture.clock import SystemClock
from tests.unit.sandbox.conftest import PERSON, START, running


async def test_the_clock_is_wound_forward(sandbox):
    status, answer = await sandbox.post("clock", forward="1d 2h")
    assert (status, answer["now"]) == (200, (START + timedelta(hours=26)).isoformat())


@pytest.mark.parametrize("span", ["", "20", "-1h", "0s", "20 parsecs", None, "9999d"])
async def test_a_span_that_is_none_is_refused_with_its_value(sandbox, span):
    status, answer = await sandbox.post("clock", forward=span)
    assert status == 400
    assert repr(span) in answer["error"]


async def test_a_production_clock_is_not_wound(config, rasa):
    async for driver in running(replace(config, demo=False), rasa, SystemClock()):
        status, answer = await driver.post("clock", forward="1h")
        assert status == 409
        assert "demo" in answer["error"]
        assert (await driver.get("state"))["demo"] is False


async def test_a_quick_reply_is_tapped_by_its_title_and_then_gone(sandbox):
    await sandbox.say("messenger", text="Hi")
    replies = [{"content_type": "text", "title": "Sad", "payload": '/mood{"mood":"sad"}'}]
    message = {"text": "Funny or sad?", "quick_replies": replies}
    await sandbox.graph("messenger", {"recipient": {"id": PERSON["messenger"]}, "message": message})
    await sandbox.say("messenger", tap="Sad")
    taps = [body for body in sandbox.rasa.bodies if "quick_reply" in json.dumps(body)]
    event = taps[0]["entry"][0]["messaging"][0]["message"]
    assert event["quick_reply"] == {"payload": '/mood{"mood":"sad"}'}
    status, _ = await sandbox.post("say", channel="messenger", tap="Sad")
    assert status == 400


async def test_a_list_row_is_tapped_and_answers_the_message_it_stood_in(sandbox):
    await sandbox.say("whatsapp", text="Hi")
    rows = [{"id": "/film", "title": "A film", "description": "with music"}]
    action = {"button": "Choose", "sections": [{"title": "All", "rows": rows}]}
    _, answer = await sandbox.graph(
        "whatsapp",
        {
            "messaging_product": "whatsapp",
            "to": PERSON["whatsapp"],
            "type": "interactive",
            "interactive": {"type": "list", "body": {"text": "What?"}, "action": action},
        },
    )
    tapped = await sandbox.say("whatsapp", tap="/film")
    messages = [
        message
        for body in sandbox.rasa.bodies
        for message in body["entry"][0]["changes"][0]["value"].get("messages", [])
    ]
    assert messages[-1]["id"] == tapped["message_id"]
    assert messages[-1]["context"]["id"] == answer["messages"][0]["id"]
    assert messages[-1]["interactive"]["list_reply"]["id"] == "/film"


@pytest.mark.parametrize(
    "wish",
    [
        {"channel": "pigeon", "text": "Hi"},
        {"channel": "messenger"},
        {"channel": "messenger", "text": ""},
        {"channel": "messenger", "tap": "Nothing"},
        {"channel": "messenger", "attach": "elephant"},
        {"channel": "messenger", "unsend": "m_1"},
        {"channel": "instagram", "unsend": "m_1"},
        {"channel": "instagram", "open": ""},
        {"channel": "messenger", "react": {"message_id": "m_1", "emoji": "x"}},
        {"channel": "messenger", "account_id": "1", "text": "Hi"},
    ],
)
async def test_what_cannot_be_done_is_refused_in_words(sandbox, wish):
    status, answer = await sandbox.post("say", **wish)
    assert status == 400
    assert answer["error"]
    assert sandbox.rasa.received == []


async def test_another_site_may_not_drive_the_sandbox(sandbox):
    headers = {"Origin": "http://elsewhere.example"}
    url = f"{sandbox.url}/sandbox/reset"
    async with sandbox.session.post(url, json={}, headers=headers) as response:
        assert response.status == 403


async def test_every_person_has_ids_of_their_own_on_each_app(sandbox):
    _, second = await sandbox.post("people")
    assert second["number"] == 2
    assert set(second["ids"].values()).isdisjoint(PERSON.values())
    assert second["ids"]["whatsapp"].startswith("120255501")


async def test_a_message_counts_as_written_first_after_a_silence(sandbox):
    await sandbox.say("messenger", text="Hi")
    await sandbox.send("messenger", "Hello")
    sandbox.clock.wind(timedelta(hours=20))
    await sandbox.send("messenger", "How was it?")
    flags = [bubble["unprompted"] for bubble in await sandbox.transcript("messenger")]
    assert flags == [False, False, True]


async def test_calls_are_counted_and_their_secrets_struck_out(sandbox):
    await sandbox.say("whatsapp", text="Hi")
    await sandbox.send("whatsapp")
    await sandbox.graph("whatsapp", {}, token="wrong")
    answer = await sandbox.get("calls", direction="graph", kind="message")
    secrets = [sandbox.config.account("whatsapp").access_token, "wrong"]
    assert [call["status"] for call in answer["calls"]] == [200, 401]
    assert answer["counts"]["graph.whatsapp.message.ok"] == 1
    assert not any(secret in json.dumps(answer) for secret in secrets)


async def test_why_asks_the_port_for_the_conversation(config, rasa):
    async def why(conversation):
        return {"text": f"because of {conversation}"}

    async for driver in running(config, rasa, why=why):
        await driver.say("whatsapp", text="Hi")
        answer = await driver.get("why", channel="whatsapp")
        assert answer["conversation"].startswith("whatsapp:440000000000603:US.")
        assert answer["why"] == {"text": f"because of {answer['conversation']}"}


async def test_why_tells_when_the_port_fails_and_when_there_is_none(config, rasa, sandbox):
    async def why(conversation):
        raise OSError("the database is away")

    await sandbox.say("messenger", text="Hi")
    assert "alone" in (await sandbox.get("why", channel="messenger"))["problem"]
    async for driver in running(config, rasa, why=why):
        await driver.say("messenger", text="Hi")
        assert "database is away" in (await driver.get("why", channel="messenger"))["problem"]


async def test_events_stream_to_every_page(sandbox):
    async with sandbox.session.get(f"{sandbox.url}/sandbox/events") as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        assert await stream.content.readline() == b"event: hello\n"
        await sandbox.say("messenger", text="Hi")
        seen = await asyncio.wait_for(_events(stream, {"bubble", "call", "changed"}), 5)
        assert seen["bubble"]["bubble"]["text"] == "Hi"
        assert seen["bubble"]["window_closes"] == (START + timedelta(hours=24)).isoformat()


async def _events(stream, wanted):
    seen, name = {}, ""
    while not wanted <= seen.keys():
        line = (await stream.content.readline()).decode().strip()
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            seen.setdefault(name, json.loads(line.removeprefix("data: ")))
    return seen


async def test_the_chat_survives_a_restart(config, rasa, tmp_path):
    kept = replace(config, state_file=tmp_path / "sandbox.json")
    async for driver in running(kept, rasa):
        await driver.say("instagram", text="Remember me")
        await driver.send("instagram", "I shall")
    async for driver in running(kept, rasa):
        thread = await driver.get("transcript", channel="instagram")
        assert [bubble["text"] for bubble in thread["messages"]] == ["Remember me", "I shall"]
        assert thread["last_user_action"] == START.isoformat()


async def test_an_unreadable_state_file_is_no_reason_not_to_start(config, rasa, tmp_path):
    broken = tmp_path / "sandbox.json"
    broken.write_text("{")
    async for driver in running(replace(config, state_file=broken), rasa):
        assert await driver.transcript("messenger") == []


async def test_a_reset_forgets_chats_calls_and_faults(sandbox):
    await sandbox.say("messenger", text="Hi")
    await sandbox.post("faults", kind="slow", seconds=1)
    await sandbox.post("reset")
    assert await sandbox.transcript("messenger") == []
    assert (await sandbox.get("calls"))["counts"] == {}
    assert (await sandbox.get("faults"))["active"] == []


async def test_links_lead_to_each_persona_on_each_app_with_a_qr_code(sandbox):
    links = (await sandbox.get("links"))["links"]
    urls = {(link["channel"], link["persona"]): link["url"] for link in links}
    assert urls["messenger", "chef"] == "https://m.me/440000000000601?ref=chef"
    assert urls["instagram", "chef"] == "https://ig.me/m/440000000000602?ref=chef"
    assert urls["whatsapp", "chef"].startswith("https://wa.me/12025550160?text=Hi%20The")
    assert all(link["qr"].startswith("<svg") for link in links)


async def test_the_page_and_its_files_forbid_everything_from_elsewhere(sandbox):
    for path in ("/", "/static/main.js", "/static/base.css", "/static/icon.svg"):
        async with sandbox.session.get(sandbox.url + path) as response:
            assert response.status == 200
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]
            assert "https://" not in await response.text()


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/x.py"])
async def test_only_the_files_of_the_page_are_served(sandbox, path):
    async with sandbox.session.get(sandbox.url + path) as response:
        assert response.status == 404


async def test_it_says_when_it_is_well(sandbox):
    async with sandbox.session.get(f"{sandbox.url}/health") as response:
        assert (await response.json())["status"] == "ok"
