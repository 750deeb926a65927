"""Which processes a deployment is made of, and the files that tell them of each other."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from overture.accounts import CONNECTORS
from overture.settings import Settings
from overture.supervisor import Program

#: Accounts of a demo, one on each app.
_DEMO_ACCOUNTS: dict[str, dict[str, Any]] = {
    "messenger": {"id": "100000000000607", "use_personas": True},
    "instagram": {"id": "17840000000000607"},
    "whatsapp": {"id": "440000000000601", "display_number": "15550100601"},
}


class Deploy:
    """Know the processes of one deployment."""

    def __init__(self, settings: Settings, python: str, root: Path | None = None) -> None:
        self._settings = settings
        self._python = python
        self._root = root or Path.cwd()

    def has_model(self) -> bool:
        """Return whether Rasa has a model to load."""
        return any(self._root.glob("models/*.tar.gz"))

    def programs(self) -> list[Program]:
        """Return the processes, with the files they need written."""
        programs = [self._rasa(), self._actions(), self._console()]
        if self._settings.demo:
            programs.append(self._sandbox())
        return programs

    def _rasa(self) -> Program:
        settings = self._settings
        command = [self._python, "-m", "rasa", "run", "--enable-api"]
        command += ["--port", str(settings.rasa_port), "--endpoints", str(self._endpoints())]
        command += ["--credentials", str(self._credentials())]
        if settings.rasa_token:
            command += ["--auth-token", settings.rasa_token]
        if settings.demo:
            command += ["--interface", "127.0.0.1"]
        health = f"http://127.0.0.1:{settings.rasa_port}/webhooks/rest/"
        address = f"http://127.0.0.1:{settings.rasa_port}"
        return Program(
            name="rasa", command=command, health=health, address=address, env=self._env()
        )

    def _actions(self) -> Program:
        port = self._settings.actions_port
        command = [self._python, "-m", "rasa", "run", "actions", "--port", str(port)]
        env = self._env() | {"SANIC_HOST": "127.0.0.1"}
        health = f"http://127.0.0.1:{port}/health"
        return Program(name="actions", command=command, health=health, address=health[:-7], env=env)

    def _console(self) -> Program:
        address = f"http://{self._settings.host}:{self._settings.console_port}"
        command = [self._python, "-m", "overture", "console"]
        return Program(
            name="console",
            command=command,
            health=f"{address}/health",
            address=address,
            env=self._env(),
        )

    def _sandbox(self) -> Program:
        settings = self._settings
        address = f"http://{settings.host}:{settings.sandbox_port}"
        command = [self._python, "-m", "overture", "sandbox"]
        command += ["--credentials", str(self._credentials()), "--rasa", settings.rasa_url]
        command += ["--state", str(settings.var / "demo" / "sandbox.json")]
        return Program(
            name="sandbox",
            command=command,
            health=f"{address}/health",
            address=address,
            env=self._env(),
        )

    def _env(self) -> dict[str, str]:
        return {
            "RASA_TELEMETRY_ENABLED": "false",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "PYTHONUNBUFFERED": "1",
            "OVERTURE_CREDENTIALS": str(self._credentials()),
        }

    def _endpoints(self) -> Path:
        """Return the committed file, or a copy that names another port of the action server."""
        committed = self._root / "endpoints.yml"
        if self._settings.actions_port == 5055:
            return committed
        yaml = YAML(typ="safe")
        endpoints = yaml.load(committed.read_text())
        endpoints["action_endpoint"]["url"] = (
            f"http://127.0.0.1:{self._settings.actions_port}/webhook"
        )
        return _write(self._settings.var / "endpoints.yml", endpoints)

    def _credentials(self) -> Path:
        """Return the operator's file, or one with the accounts of the demo."""
        if not self._settings.demo:
            return self._settings.credentials
        path = self._settings.var / "demo" / "credentials.yml"
        return path if self._is_current(path) else _write(path, self._demo_credentials())

    def _is_current(self, path: Path) -> bool:
        return path.is_file() and self._graph_url() in path.read_text()

    def _graph_url(self) -> str:
        return f"http://{self._settings.host}:{self._settings.sandbox_port}"

    def _demo_credentials(self) -> dict[str, Any]:
        blocks: dict[str, Any] = {"rest": None}
        for connector, channel in CONNECTORS.items():
            account = {
                **_DEMO_ACCOUNTS[channel],
                "access_token": secrets.token_urlsafe(24),
                "persona": self._settings.default_persona,
            }
            blocks[connector] = {
                "app_secrets": [secrets.token_hex(16)],
                "verify_token": secrets.token_hex(8),
                "graph_url": self._graph_url(),
                "accounts": [account],
            }
        return blocks


def _write(path: Path, content: Any) -> Path:
    """Write YAML (JSON is YAML too, and needs no style)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n")
    path.chmod(0o600)
    return path
