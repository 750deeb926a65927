"""A whole deployment in real processes, on ports and files of its own."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests
import sqlalchemy as sa

from overture.store.schema import outbound

ROOT = Path(__file__).parents[2]
SECRET = "integration-secret"
ACCOUNTS = {"messenger": "1001", "instagram": "1002", "whatsapp": "1003"}
#: Follow-ups after seconds, so that real time is enough.
POLICY = """
follow_up:
  after: 2s
  quiet_hours: null
  min_gap: 0s
"""


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], Any], what: str, seconds: float = 60) -> Any:
    """Wait until something is so, and return it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {what}")


@dataclass
class House:
    """Start, kill and start again Rasa and the action server on one database."""

    folder: Path
    database_url: str
    graph_url: str
    policy: str = POLICY
    env: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rasa_port, self.actions_port = free_port(), free_port()
        self.rasa_url = f"http://127.0.0.1:{self.rasa_port}"
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._write_files()

    def _write_files(self) -> None:
        (self.folder / "policy.yml").write_text(self.policy)
        credentials: dict[str, Any] = {"rest": None}
        for channel, name in (
            ("messenger", "MessengerInput"),
            ("instagram", "InstagramInput"),
            ("whatsapp", "WhatsAppInput"),
        ):
            credentials[f"connectors.{channel}.{name}"] = {
                "app_secrets": [SECRET],
                "verify_token": "verify",
                "graph_url": self.graph_url,
                "accounts": [
                    {"id": ACCOUNTS[channel], "access_token": "token", "persona": "maestro"}
                ],
            }
        (self.folder / "credentials.yml").write_text(json.dumps(credentials))
        endpoints = (ROOT / "endpoints.yml").read_text()
        (self.folder / "endpoints.yml").write_text(
            endpoints.replace(":5055", f":{self.actions_port}")
        )

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "OVERTURE_DATABASE_URL": self.database_url,
            "OVERTURE_POLICY": str(self.folder / "policy.yml"),
            "OVERTURE_RASA_URL": self.rasa_url,
            "OVERTURE_LEASE": "5",
            "RASA_TELEMETRY_ENABLED": "false",
            "SANIC_HOST": "127.0.0.1",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            **self.env,
        }

    def overture(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command line tool on this deployment."""
        return subprocess.run(
            [sys.executable, "-m", "overture", *arguments],
            cwd=ROOT,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def start_rasa(self) -> None:
        """Start the Rasa server and wait until it has its model."""
        self._start(
            "rasa",
            *(
                "rasa",
                "run",
                "--enable-api",
                "--port",
                str(self.rasa_port),
                "--interface",
                "127.0.0.1",
            ),
            *("--credentials", str(self.folder / "credentials.yml")),
            *("--endpoints", str(self.folder / "endpoints.yml")),
            *("--model", str(ROOT / "models" / "overture.tar.gz")),
        )
        until(self._rasa_is_ready, "Rasa answers", 90)

    def start_actions(self) -> None:
        """Start the action server with its dispatcher."""
        self._start("actions", "rasa", "run", "actions", "--port", str(self.actions_port))
        health = f"http://127.0.0.1:{self.actions_port}/health"
        until(lambda: self._must_live("actions") and _answers(health), "the action server", 60)

    def start(self) -> House:
        """Start everything."""
        self.overture("migrate")
        self.start_actions()
        self.start_rasa()
        return self

    def _start(self, name: str, *arguments: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=ROOT,
                env=self._environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _must_live(self, name: str) -> bool:
        if self._processes[name].poll() is not None:
            raise AssertionError(f"{name} ended:\n" + self.log(name)[-2000:])
        return True

    def _rasa_is_ready(self) -> bool:
        self._must_live("rasa")
        if not _answers(f"{self.rasa_url}/webhooks/messenger/"):
            return False
        return requests.get(f"{self.rasa_url}/status", timeout=5).status_code == 200

    def kill(self, name: str) -> None:
        """Kill a process at once, as a power cut would."""
        process = self._processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def pid(self, name: str) -> int:
        """Return the number of a process."""
        return self._processes[name].pid

    def stop(self) -> None:
        """End everything."""
        for name in list(self._processes):
            self.kill(name)

    def log(self, name: str) -> str:
        """Return what a process has logged."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def say(self, channel: str, user: str, text: str, message_id: str | None = None) -> str:
        """Deliver a message of a person as its platform does; return its id."""
        message_id = message_id or f"mid-{uuid4().hex}"
        answer = self.deliver(channel, body_of(channel, user, text, message_id))
        assert answer.status_code == 200, answer.text
        return message_id

    def deliver(self, channel: str, body: dict[str, Any]) -> requests.Response:
        """Post one signed webhook."""
        raw = json.dumps(body).encode()
        digest = hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
        return requests.post(
            f"{self.rasa_url}/webhooks/{channel}/webhook",
            data=raw,
            headers={"X-Hub-Signature-256": f"sha256={digest}"},
            timeout=20,
        )

    def states(self, user: str, channel: str = "messenger") -> list[str]:
        """Return what the ledger says became of the messages to a person."""
        mine = outbound.c.conversation_id == self.conversation(channel, user)
        query = sa.select(outbound.c.state).where(mine).order_by(outbound.c.id)
        engine = sa.create_engine(self.database_url, future=True)
        try:
            with engine.connect() as connection:
                return list(connection.execute(query).scalars())
        finally:
            engine.dispose()

    def conversation(self, channel: str, user: str) -> str:
        """Return the id of a person's conversation with the account's persona."""
        return f"{channel}:{ACCOUNTS[channel]}:{user}:maestro"


@dataclass
class Connectors(House):
    """Start, kill and start again the connectors alone, which takes a tenth of the time."""

    def start(self) -> Connectors:
        """Start the server."""
        self.overture("migrate")
        self.start_rasa()
        return self

    def start_rasa(self) -> None:
        """Start the connectors with a dialogue that says words back."""
        credentials = str(self.folder / "credentials.yml")
        self._start("rasa", "tests.integration.connectors", str(self.rasa_port), credentials)
        address = f"{self.rasa_url}/webhooks/messenger/"
        until(lambda: self._must_live("rasa") and _answers(address), "the connectors answer", 60)


def body_of(channel: str, user: str, text: str, message_id: str) -> dict[str, Any]:
    """Return the webhook body of one text message sent now."""
    now, account_id = time.time(), ACCOUNTS[channel]
    if channel == "whatsapp":
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "15550100601", "phone_number_id": account_id},
            "contacts": [{"profile": {"name": "A person"}, "wa_id": user}],
            "messages": [
                {
                    "from": user,
                    "id": message_id,
                    "timestamp": str(int(now)),
                    "type": "text",
                    "text": {"body": text},
                }
            ],
        }
        change = {"field": "messages", "value": value}
        return {
            "object": "whatsapp_business_account",
            "entry": [{"id": "waba", "changes": [change]}],
        }
    event = {
        "sender": {"id": user},
        "recipient": {"id": account_id},
        "timestamp": int(now * 1000),
        "message": {"mid": message_id, "text": text},
    }
    kind = "page" if channel == "messenger" else "instagram"
    return {"object": kind, "entry": [{"id": account_id, "time": 0, "messaging": [event]}]}


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).status_code < 500
    except requests.RequestException:
        return False
