"""A stand-in for the Graph API that counts, and can be slow, refuse or hang up."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Call:
    """One call to the Graph API."""

    account_id: str
    body: dict[str, Any]
    at: float

    @property
    def to(self) -> str:
        """Return whom a message is for."""
        return str(
            self.body.get("to") or self.body.get("recipient", {}).get("id", "")
            if isinstance(self.body.get("recipient"), dict)
            else self.body.get("to") or self.body.get("recipient")
        )

    @property
    def text(self) -> str | None:
        """Return the words of a message; None for marks."""
        message = self.body.get("message") or {}
        text = self.body.get("text") or {}
        interactive = self.body.get("interactive") or {}
        return (
            message.get("text")
            or text.get("body")
            or (interactive.get("body") or {}).get("text")
            or (((message.get("attachment") or {}).get("payload")) or {}).get("text")
        )


class _Server(ThreadingHTTPServer):
    """Take many connections at once, as a platform does."""

    daemon_threads = True
    request_queue_size = 128


@dataclass
class Platform:
    """Listen on a port of its own and remember every call."""

    calls: list[Call] = field(default_factory=list)
    #: Returns (status, body) for a call, or None to hang up after reading it.
    answer: Callable[[Call], tuple[int, dict[str, Any]] | None] | None = None
    delay: float = 0.0

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._listen(0)

    def _listen(self, port: int) -> None:
        self._server = _Server(("127.0.0.1", port), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @contextmanager
    def deaf(self) -> Iterator[None]:
        """Refuse connections for a while, and let go of those that are open."""
        port = self._server.server_port
        self.close()
        for connection in list(self._open):
            connection.shutdown(socket.SHUT_RDWR)
        try:
            yield
        finally:
            self._listen(port)

    @property
    def url(self) -> str:
        """Return the address to configure as ``graph_url``."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def messages(self, to: str | None = None) -> list[Call]:
        """Return the calls that send words, in the order they came."""
        with self._lock:
            said = [call for call in self.calls if call.text is not None]
        return [call for call in said if to is None or call.to == to]

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        platform = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                platform._open.add(self.connection)

            def finish(self) -> None:
                platform._open.discard(self.connection)
                super().finish()

            def log_message(self, *_: Any) -> None:
                """Stay quiet."""

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("content-length") or 0))
                account_id = self.path.split("?")[0].split("/")[2]
                call = Call(account_id, json.loads(raw), time.monotonic())
                with platform._lock:
                    platform.calls.append(call)
                    number = len(platform.calls)
                if platform.delay:
                    time.sleep(platform.delay)
                answer = platform.answer(call) if platform.answer else _accepted(call, number)
                if answer is None:
                    self.close_connection = True
                    self.connection.close()
                    return
                self._send(*answer)

            def _send(self, status: int, body: dict[str, Any]) -> None:
                raw = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

        return Handler


def _accepted(call: Call, number: int) -> tuple[int, dict[str, Any]]:
    if "messaging_product" in call.body:
        return 200, {"messages": [{"id": f"wamid.{number}"}], "contacts": [{"input": call.to}]}
    return 200, {"recipient_id": call.to, "message_id": f"m_{number}"}
