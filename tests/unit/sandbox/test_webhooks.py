"""What reaches the bot when somebody uses a phone."""

from __future__ import annotations

import asyncio

import pytest

from overture.meta.inbound import parse
from overture.sandbox.config import CHANNELS
from tests.unit.sandbox.conftest import PERSON, START, signature, until


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_webhook_is_signed_over_its_raw_bytes(sandbox, channel):
    await sandbox.say(channel, text="Grüße / hello")
    raw, headers, _ = sandbox.rasa.received[0]
    secret = sandbox.config.account(channel).app_secret
    assert headers["X-Hub-Signature-256"] == signature(raw, secret)


async def test_a_webhook_travels_in_the_escaped_form_meta_uses(sandbox):
    await sandbox.say("messenger", text="Grüße / hello")
    raw = sandbox.rasa.received[0][0]
    assert b"Gr\\u00fc\\u00dfe \\/ hello" in raw
    assert sandbox.rasa.bodies[0]["entry"][0]["messaging"][0]["message"]["text"] == "Grüße / hello"


@pytest.mark.parametrize("channel", CHANNELS)
async def test_what_a_person_types_is_read_back_by_the_connectors_parser(sandbox, channel):
    said = await sandbox.say(channel, text="Hello there")
    [message] = parse(channel, sandbox.rasa.bodies[0]).messages
    assert said["delivered"] is True
    assert (message.kind, message.text) == ("text", "Hello there")
    assert message.message_id == said["message_id"]
    assert message.account_id == sandbox.config.account(channel).id
    assert message.occurred_at == START


async def test_whatsapp_people_carry_a_business_scoped_id_and_their_number(sandbox):
    await sandbox.say("whatsapp", text="Hi")
    value = sandbox.rasa.bodies[0]["entry"][0]["changes"][0]["value"]
    message, contact = value["messages"][0], value["contacts"][0]
    assert message["from"] == contact["wa_id"] == PERSON["whatsapp"]
    assert message["from_user_id"] == contact["user_id"]
    assert contact["user_id"].startswith("US.")


async def test_a_person_with_a_business_scoped_id_only_has_no_number(sandbox):
    await sandbox.say("whatsapp", user_id="US.77", text="Hi")
    message = sandbox.rasa.bodies[0]["entry"][0]["changes"][0]["value"]["messages"][0]
    assert "from" not in message
    assert message["from_user_id"] == "US.77"


async def test_messages_of_one_person_arrive_in_order_even_when_the_first_is_refused(sandbox):
    sandbox.rasa.answers = [500]
    await asyncio.gather(*(sandbox.say("messenger", text=f"{n}") for n in range(5)))
    texts = [body["entry"][0]["messaging"][0]["message"]["text"] for body in sandbox.rasa.bodies]
    said = [line["text"] for line in await sandbox.transcript("messenger")]
    assert sorted(said) == ["0", "1", "2", "3", "4"]
    assert texts == [said[0], *said]


async def test_a_refused_webhook_is_sent_again_with_the_same_bytes(sandbox):
    sandbox.rasa.answers = [503]
    said = await sandbox.say("instagram", text="Hi")
    first, second = (raw for raw, _, _ in sandbox.rasa.received)
    assert first == second
    assert said["delivered"] is True


async def test_a_webhook_nobody_takes_is_given_up_and_shown_as_failed(sandbox):
    sandbox.rasa.answers = [500, 500, 500]
    said = await sandbox.say("messenger", text="Hi")
    assert said["delivered"] is False
    assert (await sandbox.transcript("messenger"))[0]["status"] == "failed"
    tries = (await sandbox.get("calls", direction="webhook"))["calls"]
    assert [call["attempt"] for call in tries] == [1, 2, 3]


@pytest.mark.parametrize(
    ("channel", "attachment", "kind"),
    [
        ("messenger", "image", "attachment"),
        ("messenger", "sticker", "sticker"),
        ("messenger", "location", "location"),
        ("messenger", "audio", "attachment"),
        ("instagram", "image", "attachment"),
        ("whatsapp", "image", "attachment"),
        ("whatsapp", "sticker", "sticker"),
        ("whatsapp", "location", "location"),
        ("whatsapp", "audio", "attachment"),
    ],
)
async def test_attachments_arrive_as_their_kind(sandbox, channel, attachment, kind):
    await sandbox.say(channel, attach=attachment)
    [message] = parse(channel, sandbox.rasa.bodies[0]).messages
    assert message.kind == kind


async def test_get_started_carries_the_ref_of_a_link_into_a_new_messenger_chat(sandbox):
    await sandbox.say("messenger", open="chef")
    postback = sandbox.rasa.bodies[0]["entry"][0]["messaging"][0]["postback"]
    assert postback["referral"] == {"ref": "chef", "source": "SHORTLINK", "type": "OPEN_THREAD"}


async def test_get_started_without_a_link_carries_no_ref(sandbox):
    await sandbox.say("messenger", open="")
    assert "referral" not in sandbox.rasa.bodies[0]["entry"][0]["messaging"][0]["postback"]


@pytest.mark.parametrize("channel", ["messenger", "instagram"])
async def test_a_link_opened_in_an_existing_chat_is_a_referral_event(sandbox, channel):
    await sandbox.say(channel, text="Hi")
    await sandbox.say(channel, open="chef")
    assert sandbox.rasa.bodies[1]["entry"][0]["messaging"][0]["referral"]["ref"] == "chef"
    assert (await sandbox.get("transcript", channel=channel))["persona"] == "chef"


async def test_instagram_tells_the_ref_of_a_new_chat_with_its_first_message_only(sandbox):
    opened = await sandbox.say("instagram", open="chef")
    assert opened["message_id"] is None
    await sandbox.say("instagram", text="Hi")
    await sandbox.say("instagram", text="Hi again")
    first, second = (body["entry"][0]["messaging"][0]["message"] for body in sandbox.rasa.bodies)
    assert first["referral"]["ref"] == "chef"
    assert "referral" not in second


async def test_a_whatsapp_link_writes_a_text_with_the_ref_in_brackets(sandbox):
    await sandbox.say("whatsapp", open="chef")
    [message] = parse("whatsapp", sandbox.rasa.bodies[0]).messages
    assert message.text == "Hi The Patient Chef! [chef]"


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_reaction_is_told_and_is_no_message(sandbox, channel):
    await sandbox.say(channel, text="Hi")
    _, answer = await sandbox.send(channel)
    target = answer.get("message_id") or answer["messages"][0]["id"]
    before = len(sandbox.rasa.received)
    await sandbox.say(channel, react={"message_id": target, "emoji": "❤"})
    reactions = [parse(channel, body) for body in sandbox.rasa.bodies[before:]]
    assert any(parsed.events for parsed in reactions)
    assert not any(parsed.messages for parsed in reactions)


async def test_an_unsent_instagram_message_leaves_the_phone_and_is_told(sandbox):
    said = await sandbox.say("instagram", text="Never mind")
    await sandbox.say("instagram", unsend=said["message_id"])
    event = sandbox.rasa.bodies[1]["entry"][0]["messaging"][0]
    assert event["message"] == {"mid": said["message_id"], "is_deleted": True}
    assert (await sandbox.transcript("instagram"))[0]["text"] == ""


@pytest.mark.parametrize("channel", ["messenger", "instagram"])
async def test_the_inbox_of_a_page_echoes_as_another_app(sandbox, channel):
    await sandbox.say(channel, text="Hi")
    await sandbox.post("inbox", channel=channel, text="A human here", wait=True)
    event = sandbox.rasa.bodies[1]["entry"][0]["messaging"][0]
    assert event["message"]["is_echo"] is True
    assert event["recipient"]["id"] == PERSON[channel]


async def test_every_webhook_can_be_delivered_twice(sandbox):
    await sandbox.post("faults", kind="duplicate_webhooks", times=1)
    await sandbox.say("messenger", text="Hi")
    first, second = (raw for raw, _, _ in sandbox.rasa.received)
    assert first == second


@pytest.mark.parametrize("channel", CHANNELS)
async def test_looking_at_the_phone_sends_read_receipts_once(sandbox, channel):
    await sandbox.say(channel, text="Hi")
    await sandbox.send(channel)
    await until(lambda: len(sandbox.rasa.received) >= 2)
    assert (await sandbox.post("read", channel=channel))[1] == {"read": 1}
    assert (await sandbox.post("read", channel=channel))[1] == {"read": 0}
    await until(lambda: any("read" in str(body) for body in sandbox.rasa.bodies))


async def test_whatsapp_reports_sent_then_delivered(sandbox):
    await sandbox.say("whatsapp", text="Hi")
    await sandbox.send("whatsapp")
    bodies = await sandbox.rasa.wait_for(3)
    values = [body["entry"][0]["changes"][0]["value"] for body in bodies[1:]]
    assert [value["statuses"][0]["status"] for value in values] == ["sent", "delivered"]
