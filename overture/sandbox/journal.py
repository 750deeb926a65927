"""What passes on the wire, with its secrets struck out, and the stream the page listens to."""

from __future__ import annotations

import asyncio
import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

#: Calls kept for the panel; the counts go on.
KEPT = 1000
_SECRET_KEYS = frozenset({"access_token", "appsecret_proof", "authorization", "verify_token"})
_SHOWN_HEADERS = frozenset(
    {"authorization", "content-type", "user-agent", "x-hub-signature-256", "content-length"}
)
_STRUCK = "•••"


@dataclass(frozen=True, kw_only=True)
class Call:
    """One HTTP exchange between the stand-in and the bot's server."""

    number: int
    #: RFC 3339, time of the stand-in's clock.
    at: str
    #: ``webhook`` goes to the bot, ``graph`` comes from it.
    direction: str
    channel: str
    #: What it is about in a word or two, such as ``text`` or ``status:delivered``.
    kind: str
    method: str
    path: str
    #: None when nothing was answered.
    status: int | None
    milliseconds: int
    user_id: str = ""
    account_id: str = ""
    #: Id of the message that was taken in or handed over, if the call was about one.
    message_id: str = ""
    attempt: int = 1
    headers: Mapping[str, str]
    request: Any
    response: Any
    note: str = ""

    @property
    def accepted(self) -> bool:
        """Tell whether the other side said yes."""
        return self.status is not None and 200 <= self.status < 300

    def to_json(self) -> dict[str, Any]:
        """Return the call as the page shows it."""
        return {**asdict(self), "accepted": self.accepted}


class Broadcast:
    """Hand events to every page that listens."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[tuple[str, Any] | None]] = set()

    def publish(self, event: str, data: Any) -> None:
        """Give an event to all listeners; one that does not keep up loses its connection."""
        for queue in tuple(self._listeners):
            if queue.full():
                self._listeners.discard(queue)
                queue.get_nowait()
                queue.put_nowait(None)
            else:
                queue.put_nowait((event, data))

    @contextmanager
    def listening(self) -> Iterator[asyncio.Queue[tuple[str, Any] | None]]:
        """Listen; None out of the queue means the end."""
        queue: asyncio.Queue[tuple[str, Any] | None] = asyncio.Queue(maxsize=2000)
        self._listeners.add(queue)
        try:
            yield queue
        finally:
            self._listeners.discard(queue)

    def close(self) -> None:
        """End every stream."""
        for queue in tuple(self._listeners):
            while not queue.empty():
                queue.get_nowait()
            queue.put_nowait(None)
        self._listeners.clear()


class Journal:
    """Keep the latest calls and count all of them."""

    def __init__(self, broadcast: Broadcast) -> None:
        self._calls: deque[Call] = deque(maxlen=KEPT)
        self._counts: Counter[str] = Counter()
        self._number = 0
        self._broadcast = broadcast

    def record(self, **fields: Any) -> Call:
        """Write down one call, secrets struck out."""
        self._number += 1
        fields["headers"] = shown_headers(fields.get("headers") or {})
        for name in ("request", "response"):
            fields[name] = redacted(fields.get(name))
        call = Call(number=self._number, **fields)
        self._calls.append(call)
        self._count(call)
        self._broadcast.publish("call", call.to_json())
        return call

    def calls(self, **wanted: str) -> list[Call]:
        """Return the kept calls whose fields have these values, oldest first."""
        return [
            call
            for call in self._calls
            if all(getattr(call, name) == value for name, value in wanted.items())
        ]

    def counts(self) -> dict[str, int]:
        """Return how many calls there were, by ``direction.channel.kind.ok|refused``."""
        return dict(sorted(self._counts.items()))

    def clear(self) -> None:
        """Forget all calls and counts."""
        self._calls.clear()
        self._counts.clear()

    def _count(self, call: Call) -> None:
        outcome = "ok" if call.accepted else "refused"
        self._counts[f"{call.direction}.{call.channel}.{call.kind}.{outcome}"] += 1


def redacted(value: Any) -> Any:
    """Return a JSON value with every secret struck out."""
    if isinstance(value, Mapping):
        return {
            key: _STRUCK if str(key).lower() in _SECRET_KEYS else redacted(item)
            for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [redacted(item) for item in value]
    return value


def redacted_path(path: str) -> str:
    """Return a path with the secrets of its query struck out."""
    pattern = r"\b(" + "|".join(_SECRET_KEYS) + r"|hub\.verify_token)=[^&]*"
    return re.sub(pattern, rf"\1={_STRUCK}", path)


def shown_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers worth showing; a signature keeps its first digits, a token nothing."""
    shown = {name.lower(): value for name, value in headers.items()}
    shown = {name: value for name, value in shown.items() if name in _SHOWN_HEADERS}
    if "authorization" in shown:
        shown["authorization"] = f"Bearer {_STRUCK}"
    if "x-hub-signature-256" in shown:
        shown["x-hub-signature-256"] = shown["x-hub-signature-256"][:15] + "…"
    return shown
