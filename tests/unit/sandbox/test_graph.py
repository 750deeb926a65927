"""What the stand-in for the Graph API takes and refuses, over real HTTP."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from overture.sandbox.config import CHANNELS
from tests.unit.sandbox.calls import (
    button_template,
    list_of,
    page_body,
    quick_replies,
    reply_buttons,
    template,
)
from tests.unit.sandbox.conftest import PERSON, text_message


@pytest.mark.parametrize("channel", CHANNELS)
async def test_an_answer_reaches_the_phone_and_gets_an_id(sandbox, channel):
    await sandbox.say(channel, text="Hi")
    status, answer = await sandbox.send(channel, "Good evening")
    bubble = (await sandbox.transcript(channel))[-1]
    message_id = answer["messages"][0]["id"] if channel == "whatsapp" else answer["message_id"]
    assert status == 200
    assert (bubble["sender"], bubble["text"], bubble["id"]) == ("bot", "Good evening", message_id)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_wrong_token_is_refused_with_190(sandbox, channel):
    await sandbox.say(channel, text="Hi")
    status, answer = await sandbox.graph(channel, text_message(channel), token="nonsense")
    assert (status, answer["error"]["code"]) == (401, 190)
    assert answer["error"]["fbtrace_id"]


async def test_no_token_at_all_is_refused(sandbox):
    url = f"{sandbox.url}/v26.0/me/messages"
    async with sandbox.session.post(url, json=text_message("messenger")) as response:
        assert (await response.json())["error"]["code"] == 104


async def test_the_token_may_stand_in_the_body(sandbox):
    await sandbox.say("messenger", text="Hi")
    token = sandbox.config.account("messenger").access_token
    body = {**text_message("messenger"), "access_token": token}
    async with sandbox.session.post(f"{sandbox.url}/v26.0/me/messages", json=body) as response:
        assert response.status == 200
    calls = (await sandbox.get("calls", direction="graph"))["calls"]
    assert token not in str(calls)


async def test_the_token_of_one_account_opens_no_other(sandbox):
    await sandbox.say("messenger", text="Hi")
    other = sandbox.config.account("instagram")
    status, answer = await sandbox.graph(
        "messenger", text_message("messenger"), path=f"{other.id}/messages"
    )
    assert (status, answer["error"]["code"], answer["error"]["error_subcode"]) == (400, 100, 33)


@pytest.mark.parametrize(("right", "expected"), [(True, 200), (False, 400)])
async def test_a_proof_of_the_app_secret_is_checked_when_it_is_sent(sandbox, right, expected):
    account = sandbox.config.account("messenger")
    key = account.app_secret if right else "another secret"
    proof = hmac.new(key.encode(), account.access_token.encode(), hashlib.sha256).hexdigest()
    await sandbox.say("messenger", text="Hi")
    path = f"{account.id}/messages?appsecret_proof={proof}"
    assert (await sandbox.graph("messenger", text_message("messenger"), path=path))[0] == expected


@pytest.mark.parametrize(
    ("message", "part_of_the_refusal"),
    [
        ({"text": "x" * 2001}, "2000"),
        ({"text": "  "}, "cannot be empty"),
        ({}, "cannot be empty"),
        ({"text": 7}, "string"),
        ({"text": "x", "attachment": {"type": "image", "payload": {"url": "u"}}}, "both"),
        ({"text": "x", "quick_replies": quick_replies(14)}, "13"),
        ({"text": "x", "quick_replies": quick_replies(1, "x" * 21)}, "20"),
        ({"text": "x", "quick_replies": [{"content_type": "dance"}]}, "content type"),
        (button_template("x" * 641), "640"),
        (button_template(count=4), "3"),
        (button_template(title="x" * 21), "20"),
        ({"attachment": {"type": "image", "payload": {}}}, "url"),
        ({"attachment": {"type": "carpet", "payload": {}}}, "one of"),
    ],
)
async def test_messenger_refuses_what_is_too_long_or_misshapen(
    sandbox, message, part_of_the_refusal
):
    await sandbox.say("messenger", text="Hi")
    status, answer = await sandbox.graph("messenger", page_body(message))
    assert (status, answer["error"]["code"]) == (400, 100)
    assert part_of_the_refusal in answer["error"]["message"]
    assert len(await sandbox.transcript("messenger")) == 1


@pytest.mark.parametrize(
    "message",
    [
        {"text": "x" * 2000},
        {"text": "x", "quick_replies": quick_replies(13)},
        {"text": "x", "a_field_nobody_knows": True},
        button_template("x" * 640, 3),
        {"attachment": {"type": "image", "payload": {"url": "http://127.0.0.1/a.png"}}},
    ],
)
async def test_messenger_takes_what_is_just_within_its_limits(sandbox, message):
    await sandbox.say("messenger", text="Hi")
    assert (await sandbox.graph("messenger", page_body(message)))[0] == 200


@pytest.mark.parametrize(("text", "expected"), [("é" * 500, 200), ("é" * 501, 400)])
async def test_instagram_counts_bytes(sandbox, text, expected):
    await sandbox.say("instagram", text="Hi")
    assert (await sandbox.send("instagram", text))[0] == expected


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (text_message("whatsapp", "x" * 4097), 100),
        (text_message("whatsapp", ""), 100),
        ({"to": PERSON["whatsapp"], "text": {"body": "x"}}, 100),
        ({"messaging_product": "whatsapp", "text": {"body": "x"}}, 100),
        (text_message("whatsapp", user_id="not a number"), 131026),
        (text_message("whatsapp", user_id="12025550160"), 131021),
        (reply_buttons("One", "Two", "Three", "Four"), 131009),
        (reply_buttons("x" * 21), 131009),
        (reply_buttons("Same", "Same"), 131009),
        (list_of(11), 131009),
        (list_of(1, "x" * 25), 131009),
        (list_of(1, description="x" * 73), 131009),
        ({"messaging_product": "whatsapp", "to": PERSON["whatsapp"], "type": "dance"}, 131051),
        (template("unknown"), 132001),
    ],
)
async def test_whatsapp_refuses_what_is_too_long_or_misshapen(sandbox, body, code):
    await sandbox.say("whatsapp", text="Hi")
    status, answer = await sandbox.graph("whatsapp", body)
    assert status >= 400
    assert answer["error"]["code"] == code
    assert len(await sandbox.transcript("whatsapp")) == 1


@pytest.mark.parametrize(
    "body",
    [
        text_message("whatsapp", "x" * 4096),
        reply_buttons("One", "Two", "x" * 20),
        list_of(10, "x" * 24, "x" * 72),
        template("follow_up"),
    ],
)
async def test_whatsapp_takes_what_is_just_within_its_limits(sandbox, body):
    await sandbox.say("whatsapp", text="Hi")
    status, answer = await sandbox.graph("whatsapp", body)
    assert status == 200
    assert answer["messages"][0]["id"].startswith("wamid.")


async def test_whatsapp_people_are_reached_by_their_business_scoped_id_too(sandbox):
    await sandbox.say("whatsapp", text="Hi")
    value = sandbox.rasa.bodies[0]["entry"][0]["changes"][0]["value"]
    body = {**text_message("whatsapp"), "recipient": value["contacts"][0]["user_id"]}
    del body["to"]
    assert (await sandbox.graph("whatsapp", body))[0] == 200
    assert len(await sandbox.transcript("whatsapp")) == 2


async def test_a_persona_made_through_the_api_signs_its_messages(sandbox):
    await sandbox.say("messenger", text="Hi")
    _, made = await sandbox.graph(
        "messenger", {"name": "The Patient Chef", "profile_picture_url": ""}, path="me/personas"
    )
    body = page_body({"text": "Soup?"}, persona_id=made["id"])
    assert (await sandbox.graph("messenger", body))[0] == 200
    thread = await sandbox.get("transcript", channel="messenger")
    assert thread["messages"][-1]["persona"] == "The Patient Chef"
    assert thread["conversation"].endswith(":chef")


async def test_an_unknown_persona_is_refused(sandbox):
    await sandbox.say("messenger", text="Hi")
    body = page_body({"text": "Soup?"}, persona_id="1")
    assert (await sandbox.graph("messenger", body))[1]["error"]["code"] == 100


async def test_marking_as_seen_turns_the_ticks_of_the_person(sandbox):
    for channel, body in {
        "messenger": {"recipient": {"id": PERSON["messenger"]}, "sender_action": "mark_seen"},
        "whatsapp": {"messaging_product": "whatsapp", "status": "read"},
    }.items():
        said = await sandbox.say(channel, text="Hi")
        call = {**body, "message_id": said["message_id"]}
        assert (await sandbox.graph(channel, call))[0] == 200
        assert (await sandbox.transcript(channel))[0]["status"] == "read"


async def test_the_body_may_be_a_form(sandbox):
    await sandbox.say("messenger", text="Hi")
    account = sandbox.config.account("messenger")
    form = {
        "recipient": '{"id":"' + PERSON["messenger"] + '"}',
        "message": '{"text":"Hello"}',
        "access_token": account.access_token,
    }
    async with sandbox.session.post(f"{sandbox.url}/v26.0/me/messages", data=form) as response:
        assert response.status == 200


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff\xfe"])
async def test_a_body_that_is_no_json_object_is_refused_in_metas_form(sandbox, body):
    headers = {"Authorization": "Bearer x", "Content-Type": "application/json"}
    url = f"{sandbox.url}/v26.0/me/messages"
    async with sandbox.session.post(url, data=body, headers=headers) as response:
        assert response.status == 400
        assert (await response.json())["error"]["code"] == 100
