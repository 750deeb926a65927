"""When the stand-in for the Graph API holds back, fails and tells more: windows, rates, faults."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest

from overture.sandbox.config import CHANNELS
from tests.unit.sandbox.calls import button_template, page_body, template
from tests.unit.sandbox.conftest import running, text_message, until


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


@pytest.mark.parametrize(("days", "code"), [(6, None), (8, 10)])
@pytest.mark.parametrize("channel", ["messenger", "instagram"])
async def test_where_the_feature_is_granted_a_human_may_answer_for_seven_days(
    config, rasa, channel, days, code
):
    accounts = tuple(replace(one, human_agent=True) for one in config.accounts)
    async for sandbox in running(replace(config, accounts=accounts), rasa):
        await sandbox.say(channel, text="Hi")
        sandbox.clock.wind(timedelta(days=days))
        tagged = text_message(channel, "It is Kim")
        tagged |= {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
        answer = (await sandbox.graph(channel, tagged))[1]
        assert answer.get("error", {}).get("code") == code


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
