"""Webhooks through the real routes: what each request is answered with, and what is stored."""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from overture.accounts import Account
from overture.meta.signature import sign
from overture.store.schema import inbound
from tests.unit.connectors.served import CLASSES, served
from tests.unit.delivery.rooms import ACCOUNTS, Rooms, body_of, direct_event

RECORDED = {
    path.stem: path.read_bytes()
    for path in sorted((Path(__file__).parents[2] / "webhooks").glob("*.json"))
}
PEOPLE: dict[str, dict[str, str]] = {"whatsapp": {"number": "491700000001"}}


def raw_of(channel: str, text: str = "hello", **person: str) -> bytes:
    """Return the bytes of a webhook with one text."""
    who = person or PEOPLE.get(channel, {})
    return json.dumps(body_of(channel, text, **who)).encode()


def stored(rooms: Rooms) -> list[str]:
    """Return the words of everything that was accepted."""
    return [row.text for row in rooms.rows(sa.select(inbound.c.text).order_by(inbound.c.id))]


@pytest.mark.parametrize("channel", CLASSES)
async def test_a_signed_message_is_stored_before_the_answer_and_then_answered(
    rooms: Rooms, channel: str
) -> None:
    """The 200 means that nothing can be lost any more."""
    async with served(rooms, channel) as app:
        assert await app.post(raw_of(channel)) == 200
        assert stored(rooms) == ["hello"]
        await rooms.settle()
    assert rooms.graph.texts == ["re: hello"]


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "sha256=" + "0" * 64,
        "sha256=",
        "sha1=" + "0" * 40,
        "\u00e4",
        sign(b"another body", "secret"),
    ],
)
async def test_a_body_without_a_good_signature_is_refused(
    rooms: Rooms, signature: str | None
) -> None:
    """Whoever sends it, nothing of it is stored."""
    async with served(rooms, "messenger") as app:
        assert await app.post(raw_of("messenger"), signature) == 403
    assert stored(rooms) == []


async def test_an_app_of_its_own_signs_with_its_own_secret(rooms: Rooms) -> None:
    """One address may serve the accounts of several apps."""
    accounts = {"601": Account(id="601", access_token="t", app_secret="other")}
    async with served(rooms, "messenger", accounts=accounts) as app:
        for secret in ("secret", "other"):
            raw = raw_of("messenger")
            assert await app.post(raw, sign(raw, secret)) == 200


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ({"hub.mode": "subscribe", "hub.verify_token": "verify", "hub.challenge": "17"}, 200),
        ({"hub.mode": "subscribe", "hub.verify_token": "wrong", "hub.challenge": "17"}, 403),
        ({"hub.mode": "other", "hub.verify_token": "verify", "hub.challenge": "17"}, 403),
        ({}, 403),
    ],
)
async def test_the_handshake_answers_the_right_token_only(
    rooms: Rooms, query: dict[str, str], answer: int
) -> None:
    """The bare challenge comes back."""
    async with served(rooms, "messenger") as app:
        status, text = await app.get("webhook", **query)
    assert (status, text) == (answer, "17" if answer == 200 else "")


async def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_sent(
    rooms: Rooms,
) -> None:
    """The answer comes though not a byte of the body was sent."""
    async with served(rooms, "messenger") as app:
        port = int(app.base.split(":")[2].split("/")[0])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = "POST /webhooks/messenger/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n"
        writer.write((head + "\r\n").encode())
        line = await asyncio.wait_for(reader.readline(), 5)
        writer.close()
    assert b" 413 " in line


@pytest.mark.timeout(20)
@pytest.mark.parametrize("length", ["-5", "five", "+5", "", "\u0665", "9" * 400])
@pytest.mark.parametrize("path", ["POST /webhooks/messenger/webhook", "GET /nowhere"])
async def test_a_length_that_is_no_number_stops_nobody(
    rooms: Rooms, length: str, path: str
) -> None:
    """One request of anybody, unsigned, would have kept the server busy for ever."""
    async with served(rooms, "messenger") as app:
        port = int(app.base.split(":")[2].split("/")[0])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = f"{path} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n{{}}"
        writer.write(head.encode())
        line = await asyncio.wait_for(reader.readline(), 5)
        writer.close()
        assert b" 400 " in line
        assert await app.post(raw_of("messenger")) == 200


async def test_a_body_that_grows_too_large_is_cut_off(rooms: Rooms) -> None:
    """Chunks do not tell their sum in advance."""

    async def chunks() -> Any:
        for _ in range(80):
            yield b"x" * 65536

    async with served(rooms, "messenger") as app:
        url = f"{app.base}/webhook"
        try:
            async with app.session.post(url, data=chunks()) as answer:
                assert answer.status == 413
        except OSError:
            pass  # the connection was closed while the rest was still being sent
        assert await app.post(raw_of("messenger")) == 200
    assert stored(rooms) == ["hello"]


async def test_a_platform_that_hangs_up_does_no_harm(rooms: Rooms) -> None:
    """It loses patience while the writer is at work; the next webhook is stored as ever."""
    raw = raw_of("messenger", "impatient")
    async with served(rooms, "messenger") as app:
        port = int(app.base.split(":")[2].split("/")[0])
        for _ in range(20):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            head = f"POST /webhooks/messenger/webhook HTTP/1.1\r\nContent-Length: {len(raw)}\r\n"
            signed = f"X-Hub-Signature-256: {sign(raw, 'secret')}\r\n\r\n"
            writer.write((head + signed).encode() + raw)
            await writer.drain()
            writer.transport.abort()
        assert await app.post(raw_of("messenger", "patient")) == 200
        await rooms.settle()
    assert stored(rooms)[-1] == "patient"


async def test_three_megabytes_are_accepted(rooms: Rooms) -> None:
    """The most that Meta sends."""
    events = [
        body_of("messenger", "x" * 2000, user=f"u{number}")["entry"][0]["messaging"][0]
        for number in range(1300)
    ]
    body = direct_event("messenger", events[0])
    body["entry"][0]["messaging"] = events
    raw = json.dumps(body).encode()
    assert 2_700_000 < len(raw) < 3_200_000
    async with served(rooms, "messenger") as app:
        rooms.turns.run_turn.clear()  # what they are answered is not the point
        assert await app.post(raw) == 200
    assert len(stored(rooms)) == 1300


@pytest.mark.parametrize("channel", CLASSES)
async def test_every_recorded_body_is_acknowledged(rooms: Rooms, channel: str) -> None:
    """Samples of the dashboard, unknown accounts and unknown kinds among them."""
    async with served(rooms, channel) as app:
        for name, raw in RECORDED.items():
            if name.startswith(channel):
                assert await app.post(raw) == 200, name


@pytest.mark.parametrize("channel", CLASSES)
async def test_a_mangled_body_is_never_an_error_of_ours(rooms: Rooms, channel: str) -> None:
    """Bytes cut off, values swapped for others: 200, and a good event beside it is kept."""
    rng = random.Random(7)
    bodies = [json.loads(raw) for name, raw in RECORDED.items() if name.startswith(channel)]
    async with served(rooms, channel) as app:
        for number in range(150):
            body = _mangled(rng.choice(bodies), rng)
            good = body_of(channel, f"good {number}", **PEOPLE.get(channel, {}))
            raw = json.dumps([body, good]).encode()
            assert await app.post(raw) == 200
            assert await app.post(raw[: rng.randrange(len(raw))]) == 200
        words = stored(rooms)
        await rooms.settle()
    assert {f"good {number}" for number in range(150)} <= set(words)


def _mangled(value: Any, rng: random.Random) -> Any:
    """Return a copy with some values replaced by others of any type."""
    odd = [None, True, 0, -1.5, "", "x" * 300, [], {}, [[]], {"id": {}}, 10**30, "\ud800", "a:b"]
    if rng.random() < 0.08:
        return rng.choice(odd)
    if isinstance(value, dict):
        return {key: _mangled(one, rng) for key, one in value.items() if rng.random() > 0.03}
    if isinstance(value, list):
        return [_mangled(one, rng) for one in value]
    return value


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b"[]", b"null", b'"x"', b"1", b"[" * 9999])
async def test_what_is_no_webhook_is_acknowledged(rooms: Rooms, raw: bytes) -> None:
    """It is signed, so it came from the platform: sending it again would not help."""
    async with served(rooms, "messenger") as app:
        assert await app.post(raw) == 200
    assert stored(rooms) == []


async def test_the_same_webhook_three_times_at_once_is_answered_once(rooms: Rooms) -> None:
    """Meta retries while the first one is still being answered."""
    raw = raw_of("messenger")
    async with served(rooms, "messenger") as app:
        assert await asyncio.gather(*(app.post(raw) for _ in range(3))) == [200] * 3
        await rooms.settle()
        assert await app.post(raw) == 200
        await rooms.settle()
    assert rooms.graph.texts == ["re: hello"]


async def test_a_message_to_an_account_of_somebody_else_is_skipped(rooms: Rooms) -> None:
    """It is acknowledged, else Meta would unsubscribe the app in the end."""
    body = body_of("messenger", "hello")
    body["entry"][0]["messaging"][0]["recipient"]["id"] = "999"
    body["entry"][0]["id"] = "999"
    async with served(rooms, "messenger") as app:
        assert await app.post(json.dumps(body).encode()) == 200
    assert stored(rooms) == []
    assert "999" not in ACCOUNTS.values()


async def test_a_full_disk_is_told_to_the_platform_and_nothing_is_half_stored(
    rooms: Rooms,
) -> None:
    """5xx makes Meta deliver again, when there is room."""
    rooms.database.write_now(lambda one: one.exec_driver_sql("PRAGMA max_page_count=1"))
    texts = [f"{number} " + "x" * 1900 for number in range(300)]
    events = [body_of("messenger", text)["entry"][0]["messaging"][0] for text in texts]
    body = direct_event("messenger", events[0])
    body["entry"][0]["messaging"] = events
    raw = json.dumps(body).encode()
    async with served(rooms, "messenger") as app:
        assert await app.post(raw) == 503
        assert stored(rooms) == []
        rooms.database.write_now(lambda one: one.exec_driver_sql("PRAGMA max_page_count=100000"))
        assert await app.post(raw) == 200
        assert stored(rooms) == texts
        await rooms.settle()


async def test_a_locked_database_is_waited_for(rooms: Rooms, tmp_path: Path) -> None:
    """A backup holds it for a moment: the webhook is late, not lost."""
    other = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    async with served(rooms, "messenger") as app:
        posting = asyncio.ensure_future(app.post(raw_of("messenger")))
        await asyncio.sleep(0.3)
        assert not posting.done()
        other.execute("ROLLBACK")
        assert await posting == 200
        await rooms.settle()
    other.close()
    assert rooms.graph.texts == ["re: hello"]


async def test_a_story_is_known_as_one_but_its_address_is_not_kept(rooms: Rooms) -> None:
    """It is good for a day, and must not be kept for longer."""
    body = json.loads(RECORDED["instagram_story_mention"])
    account = body["entry"][0]["messaging"][0]["recipient"]["id"]
    accounts = {account: Account(id=account, access_token="t")}
    async with served(rooms, "instagram", accounts=accounts) as app:
        assert await app.post(json.dumps(body).encode()) == 200
        await rooms.settle()
    row = rooms.rows(sa.select(inbound.c.kind, inbound.c.detail))[0]
    assert row.kind == "story_mention"
    assert "http" not in json.dumps(row.detail)
