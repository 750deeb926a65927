"""What the stand-in is told at start: the accounts it plays, the personas it offers, its timing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeGuard

from overture.errors import ConfigurationError

CHANNELS = ("messenger", "instagram", "whatsapp")

#: Seconds between the tries of a webhook that was not answered with 200. Meta retries at once
#: and then ever more rarely; about three minutes are enough for a server that restarts.
RETRY_AFTER = (0.3, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 60.0)


@dataclass(frozen=True, kw_only=True)
class Account:
    """One Page, Instagram professional account or WhatsApp number that the stand-in plays."""

    channel: str
    id: str
    #: What the platform calls the account, shown where no persona name is known.
    name: str
    access_token: str = field(repr=False)
    app_secret: str = field(repr=False)
    verify_token: str = field(default="", repr=False)
    #: Persona that answers when no link names another.
    persona: str = ""
    #: WhatsApp only: digits of the business number.
    display_number: str = ""
    #: WhatsApp only: names of the templates that count as approved.
    templates: tuple[str, ...] = ()
    #: Messenger and Instagram: whether the Human Agent feature counts as granted.
    human_agent: bool = False


@dataclass(frozen=True, kw_only=True)
class PersonaEntry:
    """A persona as the page lists it; ``ref`` is what its links carry."""

    id: str
    name: str
    tagline: str = ""
    ref: str = ""


@dataclass(frozen=True, kw_only=True)
class SandboxConfig:
    """Everything the stand-in needs to know; the clock and the ``why`` port come beside it."""

    accounts: tuple[Account, ...]
    personas: tuple[PersonaEntry, ...] = ()
    rasa_url: str = "http://127.0.0.1:5005"
    host: str = "127.0.0.1"
    port: int = 5057
    #: Whether the page offers to wind the clock; the clock itself refuses outside a demo.
    demo: bool = False
    #: Seconds the stand-in takes before statuses and echoes of a sent message leave.
    status_delay: float = 0.2
    retry_after: tuple[float, ...] = RETRY_AFTER
    #: Seconds a webhook may take before Meta gives up on the answer.
    webhook_timeout: float = 10.0
    #: Echoes of what the account itself sends; Meta always sends them on Instagram.
    echoes: bool = True
    app_id: str = "1300000000000607"
    #: The chat is kept here over a restart; None keeps it in memory only.
    state_file: Path | None = None

    def account(self, channel: str, account_id: str | None = None) -> Account | None:
        """Return the named account of a channel, or its first one."""
        for account in self.accounts:
            if account.channel == channel and account_id in (None, account.id):
                return account
        return None

    def persona(self, persona_id: str) -> PersonaEntry | None:
        """Return the listed persona of that id."""
        return next((entry for entry in self.personas if entry.id == persona_id), None)

    def persona_of_ref(self, ref: str) -> PersonaEntry | None:
        """Return the persona whose links carry ``ref``."""
        return next((entry for entry in self.personas if ref in (entry.ref, entry.id)), None)


def accounts_from_credentials(
    credentials: Mapping[str, Any], *, source: str = "credentials.yml"
) -> tuple[Account, ...]:
    """Read the accounts out of a ``credentials.yml`` of Overture's connectors.

    Args:
        credentials: the parsed file; blocks of other channels are left alone.
        source: name of the file, for messages.

    Raises:
        ConfigurationError: a connector's block lacks what the stand-in needs to play its account.
    """
    found: list[Account] = []
    for key, block in credentials.items():
        channel = _channel_of(str(key))
        if channel is not None:
            found.extend(_accounts_of(channel, str(key), block, source))
    if not found:
        raise ConfigurationError(
            source, "connectors", None, "at least one block connectors.<channel>.<Channel>Input"
        )
    return tuple(found)


def standalone_accounts() -> tuple[Account, ...]:
    """Return one account of each channel for a stand-in that runs without a credentials file."""
    return tuple(
        Account(
            channel=channel,
            id=f"44000000000060{number}",
            name="Overture",
            access_token=f"sandbox-token-{channel}",
            app_secret="sandbox-app-secret",  # noqa: S106 - public, guards nothing
            verify_token="sandbox-verify",  # noqa: S106 - public, guards nothing
            persona="maestro",
            display_number="12025550160" if channel == "whatsapp" else "",
            templates=("follow_up",),
        )
        for number, channel in enumerate(CHANNELS, start=1)
    )


def _channel_of(key: str) -> str | None:
    parts = key.split(".")
    named = parts[1] if parts[0] == "connectors" and len(parts) > 1 else parts[0]
    return named if named in CHANNELS else None


def _accounts_of(channel: str, key: str, block: Any, source: str) -> list[Account]:
    if not isinstance(block, Mapping):
        raise ConfigurationError(source, key, block, "a mapping")
    secrets = block.get("app_secrets")
    if not _is_list(secrets):
        raise ConfigurationError(source, f"{key}.app_secrets", None, "a list of one secret or more")
    listed = block.get("accounts")
    if not _is_list(listed):
        raise ConfigurationError(source, f"{key}.accounts", None, "a list of one account or more")
    return [
        _account(channel, f"{key}.accounts[{index}]", raw, block, source)
        for index, raw in enumerate(listed)
    ]


def _account(channel: str, key: str, raw: Any, block: Mapping[str, Any], source: str) -> Account:
    for name in ("id", "access_token"):
        if not isinstance(raw, Mapping) or not raw.get(name):
            raise ConfigurationError(source, f"{key}.{name}", None, "a value")
    template = raw.get("follow_up_template") or {}
    return Account(
        channel=channel,
        id=str(raw["id"]),
        name=str(raw.get("name") or "Overture"),
        access_token=str(raw["access_token"]),
        app_secret=str(block["app_secrets"][0]),
        verify_token=str(block.get("verify_token") or ""),
        persona=str(raw.get("persona") or ""),
        display_number=str(raw.get("display_number") or ""),
        templates=(str(template["name"]),) if template.get("name") else (),
        human_agent=raw.get("human_agent") is True,
    )


def _is_list(value: Any) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, Sequence) and not isinstance(value, str) and bool(value)
