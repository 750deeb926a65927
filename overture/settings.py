"""What an operator can set, read once from a mapping of variables.

One table, ``SETTINGS``, feeds the code, ``docs/settings.md``, ``.env.example`` and the
console. Rasa's own settings stay in Rasa's files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from overture.errors import ConfigurationError


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Describe one variable."""

    #: Name of the environment variable.
    key: str
    #: Text that is read when the variable is not set.
    default: str
    #: What it is for, in one sentence.
    help: str
    #: Turns the text into a value; raises ValueError with what is allowed.
    read: Callable[[str], Any] = str


def _port(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else -1
    if not 1 <= number <= 65535:
        raise ValueError("a port is a whole number from 1 to 65535")
    return number


def _seconds(text: str) -> timedelta:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 1 <= seconds <= 3600:
        raise ValueError("a number of seconds from 1 to 3600")
    return timedelta(seconds=seconds)


def _hours(text: str) -> timedelta:
    try:
        hours = float(text)
    except ValueError:
        hours = -1.0
    if not 0 <= hours <= 24 * 30:
        raise ValueError("a number of hours from 0 to 720")
    return timedelta(hours=hours)


def _days(least: int) -> Callable[[str], timedelta]:
    def read(text: str) -> timedelta:
        number = int(text) if text.isascii() and text.isdigit() else -1
        if not least <= number <= 36500:
            raise ValueError(f"a whole number of days, {least} at least")
        return timedelta(days=number)

    return read


def _address(text: str) -> str:
    if text and not text.startswith(("https://", "http://")):
        raise ValueError("an http or https address")
    return text


def _flag(text: str) -> bool:
    if text not in {"0", "1"}:
        raise ValueError("0 or 1")
    return text == "1"


SETTINGS: tuple[Setting, ...] = (
    Setting(
        key="OVERTURE_DATABASE_URL",
        default="sqlite:///var/overture.db",
        help="SQLAlchemy URL of everything Overture keeps, Rasa's tracker included; by default a"
        " SQLite file under OVERTURE_VAR.",
    ),
    Setting(
        key="OVERTURE_RASA_URL",
        default="",
        help="Where the dispatcher reaches Rasa; empty means this machine at OVERTURE_RASA_PORT.",
    ),
    Setting(
        key="OVERTURE_RASA_TOKEN",
        default="",
        help="Token of Rasa's HTTP API (`rasa run --auth-token`), if it has one.",
    ),
    Setting(
        key="OVERTURE_POLICY",
        default="policy.yml",
        help="File with the limits of contact.",
    ),
    Setting(
        key="OVERTURE_PERSONAS",
        default="personas",
        help="Folder with one folder for each persona.",
    ),
    Setting(
        key="OVERTURE_DEFAULT_PERSONA",
        default="maestro",
        help="Who answers where neither a link nor an account names a persona (shell, REST).",
    ),
    Setting(
        key="OVERTURE_CREDENTIALS",
        default="credentials.yml",
        help="Rasa's credentials file, read by the tools that need to know the accounts.",
    ),
    Setting(
        key="OVERTURE_RASA_PORT",
        default="5005",
        help="Port of Rasa under `overture up`.",
        read=_port,
    ),
    Setting(
        key="OVERTURE_ACTIONS_PORT",
        default="5055",
        help="Port of the action server under `overture up`.",
        read=_port,
    ),
    Setting(
        key="OVERTURE_CONSOLE_PORT",
        default="5056",
        help="Port of the console.",
        read=_port,
    ),
    Setting(
        key="OVERTURE_SANDBOX_PORT",
        default="5057",
        help="Port of the sandbox.",
        read=_port,
    ),
    Setting(
        key="OVERTURE_HOST",
        default="127.0.0.1",
        help="Address the console and the sandbox listen on.",
    ),
    Setting(
        key="OVERTURE_CONSOLE_TOKEN",
        default="",
        help="What one must know to use the console; required unless OVERTURE_HOST is loopback.",
    ),
    Setting(
        key="OVERTURE_LEASE",
        default="60",
        help="Seconds after which work claimed by a process that died is taken up by another.",
        read=_seconds,
    ),
    Setting(
        key="OVERTURE_TAKEOVER_HOURS",
        default="12",
        help="Hours a human who answers from the console or the page's inbox keeps a conversation.",
        read=_hours,
    ),
    Setting(
        key="OVERTURE_ALERT_URL",
        default="",
        help="Address that gets a signed POST when something begins to need a human; empty: none.",
        read=_address,
    ),
    Setting(
        key="OVERTURE_ALERT_SECRET",
        default="",
        help="Signs alerts; required with OVERTURE_ALERT_URL.",
    ),
    Setting(
        key="OVERTURE_PUBLIC_URL",
        default="",
        help="Address under which people reach Rasa's server; empty means as they asked for it.",
        read=_address,
    ),
    Setting(
        key="OVERTURE_KEEP_MESSAGES_DAYS",
        default="90",
        help="Days for which messages of both sides and ids against repeats are kept; 14 at least.",
        read=_days(14),
    ),
    Setting(
        key="OVERTURE_KEEP_REQUESTS_DAYS",
        default="7",
        help="Days for which the bodies of calls to the platforms are kept.",
        read=_days(1),
    ),
    Setting(
        key="OVERTURE_KEEP_DECISIONS_DAYS",
        default="90",
        help="Days for which the gate's decisions are kept with their evidence; 14 at least.",
        read=_days(14),
    ),
    Setting(
        key="OVERTURE_DEMO",
        default="0",
        help="1 lets the sandbox wind the clock of all processes forward; never in production.",
        read=_flag,
    ),
    Setting(
        key="OVERTURE_VAR",
        default="var",
        help="Folder for the database, models made by `make run`, logs and the demo's state.",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Hold what the operator has set."""

    database_url: str
    rasa_url: str
    rasa_token: str
    policy: Path
    personas: Path
    default_persona: str
    credentials: Path
    rasa_port: int
    actions_port: int
    console_port: int
    sandbox_port: int
    host: str
    console_token: str
    lease: timedelta
    takeover: timedelta
    alert_url: str
    alert_secret: str = field(repr=False)
    public_url: str
    keep_messages: timedelta
    keep_requests: timedelta
    keep_decisions: timedelta
    demo: bool
    var: Path

    @classmethod
    def read(cls, variables: Mapping[str, str]) -> Settings:
        """Read the settings.

        Args:
            variables: as ``os.environ``.

        Raises:
            ConfigurationError: a value is not allowed; names the variable and what is.
        """
        value = {setting.key: _value(setting, variables) for setting in SETTINGS}
        rasa_port = value["OVERTURE_RASA_PORT"]
        return cls(
            database_url=variables.get("OVERTURE_DATABASE_URL")
            or f"sqlite:///{value['OVERTURE_VAR']}/overture.db",
            rasa_url=(value["OVERTURE_RASA_URL"] or f"http://127.0.0.1:{rasa_port}").rstrip("/"),
            rasa_token=value["OVERTURE_RASA_TOKEN"],
            policy=Path(value["OVERTURE_POLICY"]),
            personas=Path(value["OVERTURE_PERSONAS"]),
            default_persona=value["OVERTURE_DEFAULT_PERSONA"],
            credentials=Path(value["OVERTURE_CREDENTIALS"]),
            rasa_port=rasa_port,
            actions_port=value["OVERTURE_ACTIONS_PORT"],
            console_port=value["OVERTURE_CONSOLE_PORT"],
            sandbox_port=value["OVERTURE_SANDBOX_PORT"],
            host=value["OVERTURE_HOST"],
            console_token=value["OVERTURE_CONSOLE_TOKEN"],
            lease=value["OVERTURE_LEASE"],
            takeover=value["OVERTURE_TAKEOVER_HOURS"],
            alert_url=value["OVERTURE_ALERT_URL"],
            alert_secret=_alert_secret(value),
            public_url=value["OVERTURE_PUBLIC_URL"].rstrip("/"),
            keep_messages=value["OVERTURE_KEEP_MESSAGES_DAYS"],
            keep_requests=value["OVERTURE_KEEP_REQUESTS_DAYS"],
            keep_decisions=value["OVERTURE_KEEP_DECISIONS_DAYS"],
            demo=value["OVERTURE_DEMO"],
            var=Path(value["OVERTURE_VAR"]),
        )

    @property
    def demo_clock(self) -> Path:
        """Return the file that holds the offset of the demo's clock."""
        return self.var / "demo" / "clock.json"


def _alert_secret(value: Mapping[str, Any]) -> str:
    """Refuse an address without a secret: nobody there could know that it is true."""
    url, secret = value["OVERTURE_ALERT_URL"], str(value["OVERTURE_ALERT_SECRET"])
    if url and not secret:
        raise ConfigurationError("environment", "OVERTURE_ALERT_SECRET", "", f"{url} needs one")
    return secret


def _value(setting: Setting, variables: Mapping[str, str]) -> Any:
    text = variables.get(setting.key) or setting.default
    try:
        return setting.read(text)
    except ValueError as error:
        raise ConfigurationError("environment", setting.key, text, str(error)) from error
