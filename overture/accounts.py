"""Accounts on the three apps, as ``credentials.yml`` names them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from overture.errors import ConfigurationError, UnreadableFile

#: Class named in ``credentials.yml``, to channel.
CONNECTORS = {
    "connectors.messenger.MessengerInput": "messenger",
    "connectors.instagram.InstagramInput": "instagram",
    "connectors.whatsapp.WhatsAppInput": "whatsapp",
}
#: Channels that reach a person outside of a request of theirs.
PUSH_CHANNELS = frozenset(CONNECTORS.values())
DEFAULT_GRAPH_URL = "https://graph.facebook.com"
DEFAULT_GRAPH_VERSION = "v26.0"


@dataclass(frozen=True, kw_only=True)
class Account:
    """Hold one Page, Instagram account or WhatsApp number."""

    id: str
    access_token: str = field(repr=False)
    persona: str | None = None
    display_number: str | None = None
    timezone: str | None = None
    #: WhatsApp: approved template for a follow-up after the window, name and language.
    follow_up_template: Mapping[str, str] | None = None
    #: Secret of the app this account's token belongs to, where the channel has several apps.
    app_secret: str | None = field(default=None, repr=False)
    #: Instagram behind a Facebook login: id of the Page, under which its messages are sent.
    page_id: str | None = None
    #: Messenger: speak under the persona's own name.
    use_personas: bool = False
    #: Messenger: https address of a persona's picture, with ``{persona}`` for its id.
    persona_picture: str | None = None
    #: Messenger and Instagram: Meta has granted the app the Human Agent feature.
    human_agent: bool = False


@dataclass(frozen=True, kw_only=True)
class ChannelConfig:
    """Hold what one connector needs."""

    channel: str
    app_secrets: tuple[str, ...] = field(repr=False)
    verify_token: str = field(repr=False)
    graph_url: str = DEFAULT_GRAPH_URL
    graph_version: str = DEFAULT_GRAPH_VERSION
    accounts: Mapping[str, Account] = field(default_factory=dict)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return every secret a webhook may be signed with."""
        own = (account.app_secret for account in self.accounts.values())
        return tuple(dict.fromkeys((*self.app_secrets, *filter(None, own))))

    def secret_of(self, account: Account) -> str:
        """Return the secret of the app an account's token belongs to."""
        return account.app_secret or self.app_secrets[0]


_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
#: Keys whose values are never shown.
_SECRET = frozenset({"access_token", "app_secret", "app_secrets", "verify_token"})


class _Section:
    """Read keys of one mapping and say exactly where a value is wrong."""

    def __init__(self, file: str, path: str, values: object, known: tuple[str, ...]) -> None:
        self.file, self.path = file, path
        if not isinstance(values, Mapping):
            raise ConfigurationError(file, path, values, f"a mapping with {', '.join(known)}")
        for key in values:
            if key not in known:
                allowed = f"the keys are {', '.join(known)}"
                raise ConfigurationError(file, f"{path}.{key}", values[key], allowed)
        self.values = values

    def text(self, key: str, *, default: str | None = None, required: bool = False) -> Any:
        value = self.values.get(key, default)
        if value is None and not required:
            return None
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)  # ids are often written without quotes
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, value, "a non-empty text is expected")
        return value

    def flag(self, key: str) -> bool:
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, value, "true or false is expected")
        return value

    def wrong(self, key: str, value: object, allowed: str) -> ConfigurationError:
        shown = "***" if key in _SECRET and value else value
        return ConfigurationError(self.file, f"{self.path}.{key}", shown, allowed)


_CHANNEL_KEYS = (
    "app_secrets",
    "verify_token",
    "graph_url",
    "graph_version",
    "accounts",
)
_ACCOUNT_KEYS = (
    "id",
    "access_token",
    "persona",
    "display_number",
    "timezone",
    "follow_up_template",
    "app_secret",
    "page_id",
    "use_personas",
    "persona_picture",
    "human_agent",
)


def read_channel(channel: str, values: object, *, file: str, path: str) -> ChannelConfig:
    """Read one connector's block.

    Args:
        file: name of the file, for errors.
        path: key of the block, for errors.

    Raises:
        ConfigurationError: names the full path of a missing or wrong key and what is expected.
    """
    section = _Section(file, path, values, _CHANNEL_KEYS)
    secrets = section.values.get("app_secrets")
    if not isinstance(secrets, (list, tuple)) or not secrets or not all(map(_is_text, secrets)):
        raise section.wrong("app_secrets", secrets, "a list of one or more app secrets is expected")
    url = section.text("graph_url", default=DEFAULT_GRAPH_URL)
    if not url.startswith(("http://", "https://")):
        raise section.wrong("graph_url", url, "an http or https address is expected")
    return ChannelConfig(
        channel=channel,
        app_secrets=tuple(secrets),
        verify_token=section.text("verify_token", required=True),
        graph_url=url.rstrip("/"),
        graph_version=section.text("graph_version", default=DEFAULT_GRAPH_VERSION),
        accounts=_accounts(section),
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _accounts(section: _Section) -> dict[str, Account]:
    listed = section.values.get("accounts")
    if not isinstance(listed, (list, tuple)) or not listed:
        raise section.wrong("accounts", listed, "a list of one or more accounts is expected")
    accounts: dict[str, Account] = {}
    for index, values in enumerate(listed):
        one = _Section(section.file, f"{section.path}.accounts[{index}]", values, _ACCOUNT_KEYS)
        account = Account(
            id=one.text("id", required=True),
            access_token=one.text("access_token", required=True),
            persona=one.text("persona"),
            display_number=one.text("display_number"),
            timezone=one.text("timezone"),
            follow_up_template=_template(one),
            app_secret=one.text("app_secret"),
            page_id=one.text("page_id"),
            use_personas=one.flag("use_personas"),
            persona_picture=one.text("persona_picture"),
            human_agent=one.flag("human_agent"),
        )
        if account.id in accounts:
            raise one.wrong("id", account.id, "each account may be named once")
        accounts[account.id] = account
    return accounts


def _template(section: _Section) -> Mapping[str, str] | None:
    value = section.values.get("follow_up_template")
    if value is None:
        return None
    inner = _Section(
        section.file, f"{section.path}.follow_up_template", value, ("name", "language")
    )
    return {
        "name": inner.text("name", required=True),
        "language": inner.text("language", default="en_US"),
    }


def read_credentials(
    path: Path, variables: Mapping[str, str] | None = None
) -> dict[str, ChannelConfig]:
    """Return the connectors a credentials file configures, by channel.

    ``${NAME}`` stands for a variable of the environment, as in Rasa.

    Args:
        variables: the environment; the process's own by default.

    Raises:
        ConfigurationError: the file cannot be read, or a value in it is not allowed.
    """
    from ruamel.yaml import (
        YAML,  # slow to import, and only tools read the file themselves
    )
    from ruamel.yaml.error import YAMLError

    try:
        loaded = YAML(typ="safe").load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise UnreadableFile(str(path), "(file)", str(error), "a readable YAML file") from error
    expand = _Expansion(str(path), os.environ if variables is None else variables)
    found = {}
    for name, channel in CONNECTORS.items():
        if isinstance(loaded, Mapping) and name in loaded:
            values = expand(loaded[name], name)
            found[channel] = read_channel(channel, values, file=str(path), path=name)
    return found


@dataclass(frozen=True)
class _Expansion:
    """Put variables of the environment where a file names them."""

    file: str
    variables: Mapping[str, str]

    def __call__(self, value: object, path: str) -> object:
        """Return a value with its variables filled in.

        Raises:
            ConfigurationError: a variable is not set.
        """
        if isinstance(value, Mapping):
            return {key: self(one, f"{path}.{key}") for key, one in value.items()}
        if isinstance(value, list):
            return [self(one, f"{path}[{index}]") for index, one in enumerate(value)]
        if isinstance(value, str):
            return _VARIABLE.sub(lambda found: self._of(found[1], path), value)
        return value

    def _of(self, name: str, path: str) -> str:
        if name not in self.variables:
            raise ConfigurationError(self.file, path, f"${{{name}}}", f"set the variable {name}")
        return self.variables[name]
