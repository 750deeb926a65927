"""A policy file is read strictly, and what is wrong is said in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from overture.errors import ConfigurationError
from overture.policy import QuietHours
from overture.policy.overrides import Limits
from overture.policy_file import load_limits

ROOT = Path(__file__).parents[2]


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "policy.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_the_committed_file_holds_the_defaults() -> None:
    assert load_limits(ROOT / "policy.yml") == Limits()


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "follow_up:\n", b"\xef\xbb\xbf"])
def test_an_empty_file_means_the_defaults(tmp_path: Path, text: str | bytes) -> None:
    assert load_limits(written(tmp_path, text)) == Limits()


def test_values_are_read_with_and_without_quotes(tmp_path: Path) -> None:
    policy = load_limits(
        written(tmp_path, "follow_up:\n  quiet_hours: 21:00-08:30\n  after: '2h'")
    ).general
    assert policy.quiet_hours == QuietHours.parse("21:00-08:30")


@pytest.mark.parametrize(
    ("text", "key", "told"),
    [
        ("follow_up:\n  window: 15d\n", "follow_up.window", "at most 14d"),
        ("follow_up:\n  quiet_hours: 22:00\n", "follow_up.quiet_hours", "HH:MM-HH:MM"),
        ("follow_up:\n  enabled: yes\n", "follow_up.enabled", "true or false"),
        ("follow_up:\n  min_user_messages: .nan\n", "follow_up.min_user_messages", "5 or more"),
        ("follow_up:\n  window: 7d\n  window: 14d\n", "line 3", "duplicate key"),
        ("follow_up: {}\nfollow_up: {}\n", "line 2", "duplicate key"),
        ("follow_up: [\n", "line 2", "valid YAML"),
        ("follow_up:\n\twindow: 7d\n", "line 2", "valid YAML"),
        ("a: 1\n---\nb: 2\n", "line 2", "valid YAML"),
        ("follow_up: !!python/object:os.system {}\n", "line 1", "valid YAML"),
        ("limits: {}\n", "limits", "the only key here is follow_up"),
        ("- follow_up\n", "(file)", "a mapping"),
        (b"\xff\xfe\x00", "(file)", "a readable YAML file"),
        ("#" * 70_000, "(file)", "64 kB"),
        ("[" * 5_000, "(file)", "valid YAML"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_with_its_place(
    tmp_path: Path, text: str | bytes, key: str, told: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigurationError) as caught:
        load_limits(path)
    line = str(caught.value)
    assert (caught.value.file, caught.value.key) == (str(path), key)
    assert told in line
    assert "\n" not in line


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="No such file"):
        load_limits(tmp_path / "absent.yml")
    with pytest.raises(ConfigurationError, match="Is a directory"):
        load_limits(tmp_path)
