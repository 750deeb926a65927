"""Is this deployment in order? One finding for each thing looked at; nothing is changed."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from overture.accounts import CONNECTORS, PUSH_CHANNELS, read_credentials
from overture.clock import SystemClock
from overture.errors import OvertureError, StoreUnavailable
from overture.settings import Settings

#: Rasa's files, and where in each a dotted name of a class may stand.
_RASA_FILES = ("config.yml", "endpoints.yml")
#: For how long what a platform said about an account is worth telling.
_RECENT = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Say what was looked at and how it is."""

    #: ``ok``, ``note``, ``warning`` or ``error``.
    level: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.level:<7} {self.where}: {self.what}"


def check(settings: Settings, root: Path) -> Iterator[Finding]:
    """Look at everything a deployment needs, in the order it is needed.

    Args:
        root: folder of the Rasa project.
    """
    looks: tuple[Callable[[], Iterator[Finding]], ...] = (
        lambda: _policy(settings),
        lambda: _personas(settings),
        lambda: _credentials(settings),
        lambda: _limits_of_nobody(settings),
        lambda: _dotted_names(settings, root),
        lambda: _model(root),
        lambda: _database(settings),
    )
    for look in looks:
        try:
            yield from look()
        except (OvertureError, ValueError) as error:
            yield Finding(level="error", where=_place(error), what=_words(error))


def _place(error: Exception) -> str:
    return str(getattr(error, "file", "") or "configuration")


def _words(error: Exception) -> str:
    return str(error).removeprefix(f"{_place(error)}: ")


def _policy(settings: Settings) -> Iterator[Finding]:
    from overture.policy_file import load_limits

    policy = load_limits(settings.policy)
    yield Finding(level="ok", where=str(settings.policy), what=f"version {policy.version}")


def _personas(settings: Settings) -> Iterator[Finding]:
    from overture.personas import Registry

    registry = Registry.load(settings.personas)
    where = str(settings.personas)
    for persona_id in registry.ids():
        try:
            registry.get(persona_id)
            registry.knowledge(persona_id)
        except (OvertureError, ValueError) as error:
            yield Finding(level="error", where=_place(error), what=_words(error))
    if settings.default_persona not in registry:
        what = f"OVERTURE_DEFAULT_PERSONA {settings.default_persona!r} is not there"
        yield Finding(level="error", where=where, what=what)
    yield Finding(level="ok", where=where, what=f"{len(registry)} personas")


def _credentials(settings: Settings) -> Iterator[Finding]:
    from overture.personas import Registry

    where = str(settings.credentials)
    channels = read_credentials(settings.credentials)
    registry = Registry.load(settings.personas)
    for channel, config in channels.items():
        for account in config.accounts.values():
            if account.persona and account.persona not in registry:
                what = f"{channel} account {account.id}: persona {account.persona!r} is not there"
                yield Finding(level="error", where=where, what=what)
        yield Finding(level="ok", where=where, what=f"{channel}: {len(config.accounts)} accounts")
    if not channels:
        yield Finding(level="note", where=where, what="none of the three apps is connected")


def _limits_of_nobody(settings: Settings) -> Iterator[Finding]:
    """A name that is misspelt leaves whoever was meant with the general limits."""
    from overture.personas import Registry
    from overture.policy.channels import CHANNEL_WINDOWS
    from overture.policy_file import load_limits

    where = str(settings.policy)
    with suppress(OvertureError, ValueError):  # told where each of the files is looked at
        limits = load_limits(settings.policy)
        registry = Registry.load(settings.personas)
        channels = read_credentials(settings.credentials)
        for persona_id in limits.personas:
            if persona_id not in registry:
                what = f"personas.{persona_id}: there is no such persona to limit"
                yield Finding(level="warning", where=where, what=what)
        for name in limits.accounts:
            channel, _, account_id = name.partition(":")
            if channel in PUSH_CHANNELS:
                known = channel in channels and account_id in channels[channel].accounts
            else:
                known = channel in CHANNEL_WINDOWS
            if not known:
                what = f"accounts.{name}: there is no such account to limit"
                yield Finding(level="warning", where=where, what=what)


def _dotted_names(settings: Settings, root: Path) -> Iterator[Finding]:
    """Rasa falls back in silence where a class cannot be imported; here it is an error."""
    for file in (*_RASA_FILES, str(settings.credentials)):
        loaded = _yaml(root / file)
        names = sorted(set(_classes(loaded)))
        for name in names:
            problem = _import(name)
            if problem:
                yield Finding(level="error", where=file, what=f"{name}: {problem}")
        yield Finding(level="ok", where=file, what=f"{len(names)} classes found")


def _yaml(path: Path) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (OSError, YAMLError) as error:
        raise StoreUnavailable(f"{path.name}: cannot be read: {error}") from error


def _classes(node: Any, key: str = "") -> Iterator[str]:
    """Yield every dotted name that stands where Rasa expects a class."""
    if isinstance(node, Mapping):
        for name, value in node.items():
            if name in CONNECTORS or (isinstance(name, str) and name.startswith("connectors.")):
                yield name
            yield from _classes(value, str(name))
    elif isinstance(node, list):
        for value in node:
            yield from _classes(value, key)
    elif isinstance(node, str) and key in {"name", "type"} and "." in node:
        yield node


def _import(name: str) -> str | None:
    module, _, attribute = name.rpartition(".")
    try:
        found = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        return str(error)
    return None if callable(found) else "is not a class"


def _model(root: Path) -> Iterator[Finding]:
    models = sorted(root.glob("models/*.tar.gz"))
    if models:
        yield Finding(level="ok", where="models", what=models[-1].name)
    else:
        yield Finding(level="note", where="models", what="none yet: `make train`")


def _database(settings: Settings) -> Iterator[Finding]:
    from overture.store.database import Database
    from overture.store.migrations import state

    where = "database"
    file = settings.database_url.removeprefix("sqlite:///")
    if file != settings.database_url and not Path(file).exists():
        yield Finding(level="note", where=where, what=f"{file} is made by `overture migrate`")
        return
    database = Database(settings.database_url)
    try:
        found, newest = database.read_now(state)
        if found != newest:
            what = f"schema {found or 'none'}, newest {newest}: run `overture migrate`"
            yield Finding(level="error", where=where, what=what)
            return
        yield Finding(level="ok", where=where, what=f"schema {found}")
        yield from _accounts(database)
    finally:
        database.close()


def _accounts(database: Any) -> Iterator[Finding]:
    from overture.store.sql import SqlLedger

    now = SystemClock().now()
    for account in database.read_now(lambda connection: SqlLedger(connection).accounts()):
        where = f"{account['channel']} {account['account_id']}"
        until = account["paused_until"]
        if until is not None and until > now:
            what = f"paused until {until:%Y-%m-%d %H:%M} UTC: {account['paused_because']}"
            yield Finding(level="warning", where=where, what=what)
        for notice in account["kept"].get("notices", []):
            if datetime.fromisoformat(notice["at"]) > now - _RECENT:
                yield Finding(level="note", where=where, what=_of_platform(notice))


def _of_platform(notice: Mapping[str, Any]) -> str:
    code = f" (code {notice['code']})" if notice["code"] is not None else ""
    return f"the platform said at {notice['at'][:16]}: {notice['what']}{code}"
