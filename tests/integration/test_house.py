"""The main job in real processes: signed webhooks in, Graph calls out, kill -9 in between."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from tests.integration.house import ACCOUNTS, House, body_of, until
from tests.integration.platform import Platform

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

TALK = [
    "hi",
    "I love Blade Runner",
    "my name is Sam",
    "recommend me something for a rainy night",
    "we have a movie night on friday",
]


def person() -> str:
    """Return the id of somebody new."""
    return str(uuid4().int)[:15]


def talk(house: House, platform: Platform, channel: str, user: str, texts: list[str]) -> None:
    """Have a person write and wait for each answer."""
    for text in texts:
        before = len(platform.messages(user))
        house.say(channel, user, text)
        until(lambda: len(platform.messages(user)) > before, f"an answer to {text!r}")  # noqa: B023
        settled(platform, user, 0.4)  # an answer may be several bubbles


def settled(platform: Platform, user: str, seconds: float = 4.0) -> int:
    """Return how many messages a person has once no more come."""
    count, since = len(platform.messages(user)), time.monotonic()
    while time.monotonic() - since < seconds:
        time.sleep(0.1)
        if len(platform.messages(user)) != count:
            count, since = len(platform.messages(user)), time.monotonic()
    return count


@pytest.mark.parametrize("channel", list(ACCOUNTS))
def test_five_messages_earn_one_follow_up_and_an_answer_earns_another(
    house: House, platform: Platform, channel: str
) -> None:
    """The limits as a person sees them, on each app."""
    user = person()
    talk(house, platform, channel, user, TALK)
    answers = len(platform.messages(user))
    until(lambda: len(platform.messages(user)) == answers + 1, "the follow-up")
    assert settled(platform, user) == answers + 1
    talk(house, platform, channel, user, ["thanks, that is nice"])
    answers = len(platform.messages(user))
    until(lambda: len(platform.messages(user)) == answers + 1, "the follow-up after an answer")
    assert settled(platform, user) == answers + 1
    told = house.overture("why", house.conversation(channel, user)).stdout
    assert "sent" in told


def test_four_messages_earn_none(house: House, platform: Platform) -> None:
    """One message less than the floor."""
    user = person()
    talk(house, platform, "messenger", user, TALK[:4])
    answers = len(platform.messages(user))
    assert settled(platform, user) == answers


def test_stop_gets_one_confirmation_and_then_nothing(house: House, platform: Platform) -> None:
    """An opt-out is honoured at once and for good."""
    user = person()
    talk(house, platform, "instagram", user, [*TALK, "stop"])
    answers = len(platform.messages(user))
    house.say("instagram", user, "STOP")
    assert settled(platform, user) == answers


def test_a_redelivered_webhook_is_answered_once(house: House, platform: Platform) -> None:
    """Three times at once and again later."""
    user, message_id = person(), f"mid-{uuid4().hex}"
    body = body_of("messenger", user, "hello there", message_id)
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: house.deliver("messenger", body), range(3)))
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    until(lambda: platform.messages(user), "an answer")
    count = settled(platform, user, 2)
    house.deliver("messenger", body)
    assert settled(platform, user, 2) == count


def test_a_burst_is_answered_in_order(house: House, platform: Platform) -> None:
    """Eight messages of one person at once: each gets its turn, in order."""
    user = person()
    for number in range(8):
        house.say("messenger", user, f"/not a command {number}")
    until(lambda: len(platform.messages(user)) >= 8, "eight answers")
    told = house.overture("export", f"messenger:{ACCOUNTS['messenger']}:{user}").stdout
    positions = [told.index(f"not a command {number}") for number in range(8)]
    assert positions == sorted(positions)


def test_after_rasa_is_killed_accepted_messages_are_answered_once(
    house: House, platform: Platform
) -> None:
    """kill -9 between the 200 and the turn, or in its middle.

    An answer that was being written to the platform at that moment may have arrived: it is marked
    and not sent again.
    """
    users = [person() for _ in range(6)]
    for user in users:
        house.say("messenger", user, "hello, who wrote the music of Jaws?")
    house.kill("rasa")
    house.start_rasa()
    for user in users:
        until(
            lambda: platform.messages(user) or "unknown" in house.states(user),  # noqa: B023
            "an answer after the restart",
        )
    assert [settled(platform, user, 0.5) for user in users] == [
        len({call.text for call in platform.messages(user)}) for user in users
    ]


def test_after_the_action_server_is_killed_the_talk_goes_on(
    house: House, platform: Platform
) -> None:
    """Messages wait for it; the follow-up comes once."""
    user = person()
    talk(house, platform, "messenger", user, TALK[:4])
    house.kill("actions")
    house.say("messenger", user, "what do you remember about me?")
    before = len(platform.messages(user))
    house.start_actions()
    until(lambda: len(platform.messages(user)) > before, "the answer after the restart")
    answers = len(platform.messages(user))
    until(lambda: len(platform.messages(user)) > answers, "the follow-up")
    assert settled(platform, user) == answers + 1


def test_a_killed_dispatcher_loses_no_follow_up_and_doubles_none(
    house: House, platform: Platform
) -> None:
    """kill -9 of the action server while follow-ups are due."""
    users = [person() for _ in range(4)]
    for user in users:
        talk(house, platform, "messenger", user, TALK)
    before = {user: len(platform.messages(user)) for user in users}
    house.kill("actions")
    time.sleep(2.5)  # all are due now, and nobody is there to send them
    house.start_actions()
    for user in users:
        until(lambda: len(platform.messages(user)) > before[user] - 1, "follow-up")  # noqa: B023
    counts = {user: settled(platform, user, 3) for user in users}
    for user in users:
        assert counts[user] in {before[user], before[user] + 1}
        told = house.overture("why", house.conversation("messenger", user)).stdout
        assert "sent" in told


def test_a_wrong_signature_is_refused(house: House) -> None:
    """Nothing is read of a body that nobody signed."""
    import requests

    answer = requests.post(
        f"{house.rasa_url}/webhooks/whatsapp/webhook",
        data=b"{}",
        headers={"X-Hub-Signature-256": "sha256=00"},
        timeout=10,
    )
    assert answer.status_code == 403
