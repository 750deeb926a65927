"""Reading ``credentials.yml``: what each key may be, and where a mistake is said to be."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from overture.accounts import read_channel, read_credentials
from overture.errors import ConfigurationError

BLOCK: dict[str, Any] = {
    "app_secrets": ["s1"],
    "verify_token": "v",
    "accounts": [{"id": 601, "access_token": "t"}],
}


def read(**changes: Any) -> Any:
    """Read a block with some keys changed."""
    return read_channel("messenger", {**BLOCK, **changes}, file="credentials.yml", path="the.Block")


def read_account(**changes: Any) -> Any:
    """Read a block whose only account has some keys changed."""
    return read(accounts=[{**BLOCK["accounts"][0], **changes}]).accounts["601"]


def test_an_id_without_quotes_is_read_as_text() -> None:
    """YAML makes a number of it."""
    assert read_account().id == "601"


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"app_secrets": "s1"}, "the.Block.app_secrets"),
        ({"app_secrets": []}, "the.Block.app_secrets"),
        ({"verify_token": ""}, "the.Block.verify_token"),
        ({"graph_url": "graph"}, "the.Block.graph_url"),
        ({"accounts": []}, "the.Block.accounts"),
        ({"accounts": ["601"]}, "the.Block.accounts[0]"),
        ({"accounts": [{"id": "1"}]}, "the.Block.accounts[0].access_token"),
        ({"acounts": []}, "the.Block.acounts"),
    ],
)
def test_a_mistake_is_named_with_its_path(changes: dict[str, Any], where: str) -> None:
    """The operator finds the line at once."""
    with pytest.raises(ConfigurationError) as error:
        read(**changes)
    assert error.value.key == where


@pytest.mark.parametrize(
    ("key", "value"),
    [("use_personas", "yes"), ("use_personas", 1), ("app_secret", ""), ("persona_picture", 3.5)],
)
def test_a_wrong_value_of_an_account_is_refused(key: str, value: Any) -> None:
    """Neither guessed nor ignored."""
    with pytest.raises(ConfigurationError, match=re.escape(f"accounts[0].{key}")):
        read_account(**{key: value})


def test_secrets_are_never_shown() -> None:
    """Neither in an error nor in a log of the record."""
    with pytest.raises(ConfigurationError) as error:
        read(app_secrets={"oops": "s3cr3t"})
    assert "s3cr3t" not in str(error.value)
    shown = repr(read(accounts=[{"id": "1", "access_token": "t0ken", "app_secret": "s3cr3t"}]))
    assert "t0ken" not in shown
    assert "s3cr3t" not in shown


def test_an_account_of_another_app_has_a_secret_of_its_own() -> None:
    """Webhooks may be signed with either, the proof is made with the account's."""
    config = read(accounts=[{"id": "1", "access_token": "t", "app_secret": "s2"}])
    assert config.secrets == ("s1", "s2")
    assert config.secret_of(config.accounts["1"]) == "s2"
    assert read().secret_of(read_account()) == "s1"


def write(folder: Path, token: str) -> Path:
    """Write a file with one block."""
    path = folder / "credentials.yml"
    path.write_text(
        "rest:\nconnectors.messenger.MessengerInput:\n"
        f"  app_secrets: ['${{SECRET}}']\n  verify_token: v\n"
        f"  accounts:\n    - id: '1'\n      access_token: {token}\n"
    )
    return path


def test_variables_are_filled_in_as_rasa_does(tmp_path: Path) -> None:
    """Tools read the same file as Rasa, and must see the same accounts."""
    path = write(tmp_path, '"a-${TOKEN}-z"')
    config = read_credentials(path, {"SECRET": "s", "TOKEN": "t"})["messenger"]
    assert config.app_secrets == ("s",)
    assert config.accounts["1"].access_token == "a-t-z"


def test_a_variable_that_is_not_set_is_named(tmp_path: Path) -> None:
    """Rasa refuses it too."""
    with pytest.raises(ConfigurationError, match="TOKEN") as error:
        read_credentials(write(tmp_path, '"${TOKEN}"'), {"SECRET": "s"})
    key = "connectors.messenger.MessengerInput.accounts[0].access_token"
    assert error.value.key == key


def test_the_file_is_read_with_the_variables_of_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where none are given."""
    monkeypatch.setenv("SECRET", "s")
    assert read_credentials(write(tmp_path, "t"))["messenger"].app_secrets == ("s",)


@pytest.mark.parametrize("content", [b"a: [", b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes) -> None:
    """Never a traceback."""
    path = tmp_path / "credentials.yml"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=re.escape("(file)")):
        read_credentials(path, {})
