"""What the stand-in for the Graph API takes and refuses, over real HTTP."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

import aiohttp
import pytest

from overture.sandbox.config import CHANNELS
from tests.unit.sandbox.conftest import PERSON, text_message, until


def page_body(message: dict, **more: object) -> dict:
    return {"recipient": {"id": PERSON["messenger"]}, "message": message, **more}


def quick_replies(count: int, title: str = "Yes") -> list[dict]:
    return [{"content_type": "text", "title": title, "payload": "/yes"} for _ in range(count)]


def button_template(text: str = "Well?", count: int = 1, title: str = "Yes") -> dict:
    buttons = [{"type": "postback", "title": title, "payload": "/yes"} for _ in range(count)]
    payload = {"template_type": "button", "text": text, "buttons": buttons}
    return {"attachment": {"type": "template", "payload": payload}}


def interactive(kind: str, action: dict, body: str = "Well?") -> dict:
    part = {"type": kind, "body": {"text": body}, "action": action}
    frame = {"messaging_product": "whatsapp", "to": PERSON["whatsapp"], "type": "interactive"}
    return {**frame, "interactive": part}


def reply_buttons(*titles: str) -> dict:
    buttons = [
        {"type": "reply", "reply": {"id": f"/{number}", "title": title}}
        for number, title in enumerate(titles)
    ]
    return interactive("button", {"buttons": buttons})


def list_of(count: int, title: str = "Row", description: str = "") -> dict:
    rows = [{"id": f"/{n}", "title": title, "description": description} for n in range(count)]
    return interactive("list", {"button": "Choose", "sections": [{"title": "All", "rows": rows}]})


def template(name: str) -> dict:
    part = {
        "name": name,
        "language": {"code": "en_US"},
        "components": [{"type": "body", "parameters": [{"type": "text", "text": "Hello again"}]}],
    }
    frame = {"messaging_product": "whatsapp", "to": PERSON["whatsapp"], "type": "template"}
    return {**frame, "template": part}


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


@pytest.mark.parametrize(
    ("channel", "code", "subcode"),
    [("messenger", 10, 2018278), ("instagram", 10, 2534022), ("whatsapp", 131047, None)],
)
async def test_the_window_closes_after_24_hours_to_the_second(sandbox, channel, code, subcode):
    await sandbox.say(channel, text="Hi")
    sandbox.clock.wind(timedelta(hours=24, seconds=-1))
    assert (await sandbox.send(channel))[0] == 200
    sandbox.clock.wind(timedelta(seconds=1))
    status, answer = await sandbox.send(channel)
    assert status >= 400
    assert answer["error"]["code"] == code
    assert answer["error"].get("error_subcode") == subcode


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_new_message_of_the_person_opens_the_window_again(sandbox, channel):
    await sandbox.say(channel, text="Hi")
    sandbox.clock.wind(timedelta(days=3))
    await sandbox.say(channel, text="Still there?")
    assert (await sandbox.send(channel))[0] == 200


async def test_an_approved_template_may_go_outside_the_window(sandbox):
    await sandbox.say("whatsapp", text="Hi")
    sandbox.clock.wind(timedelta(days=3))
    assert (await sandbox.graph("whatsapp", template("follow_up")))[0] == 200
    assert (await sandbox.transcript("whatsapp"))[-1]["text"] == "Hello again"


@pytest.mark.parametrize("channel", ["messenger", "instagram"])
async def test_nobody_is_written_to_who_never_wrote(sandbox, channel):
    status, answer = await sandbox.send(channel)
    assert (status, answer["error"]["error_subcode"]) == (400, 2018001)


@pytest.mark.parametrize(
    ("tag", "code"), [("CONFIRMED_EVENT_UPDATE", 100), ("ACCOUNT_UPDATE", 100), ("HUMAN_AGENT", 10)]
)
async def test_message_tags_are_no_way_around_the_window(sandbox, tag, code):
    await sandbox.say("messenger", text="Hi")
    body = page_body({"text": "Psst"}, messaging_type="MESSAGE_TAG", tag=tag)
    assert (await sandbox.graph("messenger", body))[1]["error"]["code"] == code


async def test_whatsapp_allows_45_at_once_to_a_person_then_one_in_six_seconds(sandbox):
    await sandbox.say("whatsapp", text="Hi")
    statuses = [(await sandbox.send("whatsapp"))[0] for _ in range(45)]
    refused = await sandbox.send("whatsapp")
    sandbox.clock.wind(timedelta(seconds=6))
    assert set(statuses) == {200}
    assert refused[1]["error"]["code"] == 131056
    assert [(await sandbox.send("whatsapp"))[0] for _ in range(2)] == [200, 429]


async def test_a_page_sends_no_more_than_300_in_a_second(sandbox):
    await sandbox.say("messenger", text="Hi")
    answers = [await sandbox.send("messenger") for _ in range(301)]
    assert [status for status, _ in answers[:300]] == [200] * 300
    assert answers[300][1]["error"]["code"] == 613


@pytest.mark.parametrize(("channel", "code"), [("messenger", 551), ("whatsapp", 131026)])
async def test_a_person_who_blocked_the_account_gets_nothing(sandbox, channel, code):
    await sandbox.say(channel, text="Hi")
    await sandbox.post("block", channel=channel)
    assert (await sandbox.send(channel))[1]["error"]["code"] == code
    await sandbox.post("block", channel=channel, blocked=False)
    assert (await sandbox.send(channel))[0] == 200


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


@pytest.mark.parametrize(
    ("kind", "channel", "code"),
    [
        ("server_error", "messenger", 2),
        ("expired_token", "instagram", 190),
        ("rate_limit", "messenger", 613),
        ("rate_limit", "whatsapp", 130429),
        ("window_closed", "instagram", 10),
        ("window_closed", "whatsapp", 131047),
        ("blocked", "messenger", 551),
    ],
)
async def test_a_fault_strikes_as_often_as_it_was_asked_for(sandbox, kind, channel, code):
    await sandbox.say(channel, text="Hi")
    await sandbox.post("faults", kind=kind, channel=channel, times=1)
    assert (await sandbox.send(channel))[1]["error"]["code"] == code
    assert (await sandbox.send(channel))[0] == 200


@pytest.mark.parametrize(("kind", "messages"), [("drop", 2), ("refuse_connection", 1)])
async def test_a_cut_connection_leaves_the_message_taken_or_not(sandbox, kind, messages):
    await sandbox.say("messenger", text="Hi")
    await sandbox.post("faults", kind=kind, times=1)
    with pytest.raises(aiohttp.ClientError):
        await sandbox.send("messenger")
    assert len(await sandbox.transcript("messenger")) == messages


async def test_a_late_failure_is_told_by_webhook_and_never_shown(sandbox):
    await sandbox.say("whatsapp", text="Hi")
    await sandbox.post("faults", kind="late_failure", times=1)
    _, answer = await sandbox.send("whatsapp")
    bodies = await sandbox.rasa.wait_for(2)
    status = bodies[1]["entry"][0]["changes"][0]["value"]["statuses"][0]
    assert (status["id"], status["status"]) == (answer["messages"][0]["id"], "failed")
    assert status["errors"][0]["code"] == 131026
    assert len(await sandbox.transcript("whatsapp")) == 1


async def test_an_echo_of_an_own_message_follows_its_answer(sandbox):
    await sandbox.say("instagram", text="Hi")
    _, answer = await sandbox.send("instagram", "Good evening")
    await until(lambda: len(sandbox.rasa.received) == 2)
    echo = sandbox.rasa.bodies[1]["entry"][0]["messaging"][0]
    assert echo["message"] == {
        "is_echo": True,
        "mid": answer["message_id"],
        "text": "Good evening",
    }


async def test_messenger_echoes_carry_the_metadata_and_attachments_of_the_message(sandbox):
    await sandbox.say("messenger", text="Hi")
    message = {**button_template(), "metadata": "ours:7"}
    await sandbox.graph("messenger", page_body(message))
    await until(lambda: len(sandbox.rasa.received) == 3)
    echoes = [body["entry"][0]["messaging"][0].get("message", {}) for body in sandbox.rasa.bodies]
    [echo] = [message for message in echoes if message.get("is_echo")]
    assert echo["metadata"] == "ours:7"
    assert echo["attachments"] == [message["attachment"]]
    assert "text" not in echo


async def test_whatsapp_statuses_carry_the_callback_data_of_the_message(sandbox):
    await sandbox.say("whatsapp", text="Hi")
    body = {**text_message("whatsapp"), "biz_opaque_callback_data": "ours:7"}
    await sandbox.graph("whatsapp", body)
    await sandbox.rasa.wait_for(3)
    await sandbox.post("read", channel="whatsapp")
    bodies = await sandbox.rasa.wait_for(4)
    statuses = [body["entry"][0]["changes"][0]["value"]["statuses"][0] for body in bodies[1:]]
    assert [status["status"] for status in statuses] == ["sent", "delivered", "read"]
    assert {status["biz_opaque_callback_data"] for status in statuses} == {"ours:7"}
