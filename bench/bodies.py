"""Raw HTTP requests, ready to be sent: signed webhooks and messages of Rasa's REST channel."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

from tests.integration.house import body_of

SECRET = "integration-secret"
#: What the people of the benchmarks say, in turn.
TALK = (
    "hello",
    "I love film noir",
    "recommend me a film for a rainy night",
    "another one please",
    "who are you?",
    "my name is Sam",
    "thanks, goodbye",
)


def post(path: str, body: bytes, *headers: str) -> bytes:
    """Return one request with a body of JSON."""
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def webhook(channel: str, body: dict[str, Any], *, sha1: bool = False) -> bytes:
    """Return a signed webhook; Rasa's channel for Messenger knows the old signature only."""
    raw = json.dumps(body).encode()
    name, method = ("", hashlib.sha1) if sha1 else ("-256", hashlib.sha256)
    digest = hmac.new(SECRET.encode(), raw, method).hexdigest()
    scheme = "sha1" if sha1 else "sha256"
    header = f"X-Hub-Signature{name}: {scheme}={digest}"
    return post(f"/webhooks/{channel}/webhook", raw, header)


def webhooks(count: int, people: int, *, sha1: bool = False) -> Iterator[bytes]:
    """Yield webhooks of many people in turn, each with one new message."""
    run = uuid4().hex[:8]
    for number in range(count):
        text = TALK[number // people % len(TALK)]
        body = body_of("messenger", f"p{number % people}", text, f"m_{run}_{number}")
        yield webhook("facebook" if sha1 else "messenger", body, sha1=sha1)


def talks(lanes: int, conversations: int) -> Sequence[Sequence[bytes]]:
    """Return for each lane the messages of several conversations, one after the other."""
    run = uuid4().hex[:8]
    return [
        [rest(f"{run}l{lane}c{number}", text) for number in range(conversations) for text in TALK]
        for lane in range(lanes)
    ]


def rest(sender: str, text: str) -> bytes:
    """Return one message for Rasa's REST channel."""
    body = json.dumps({"sender": sender, "message": text}).encode()
    return post("/webhooks/rest/webhook", body)
