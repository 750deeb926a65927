"""Settings are read once, from a mapping; a wrong one says what is allowed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from overture.errors import ConfigurationError
from overture.settings import SETTINGS, Settings


def test_without_variables_everything_has_its_default() -> None:
    """A fresh clone needs no configuration."""
    settings = Settings.read({})
    assert settings.database_url == "sqlite:///var/overture.db"
    assert settings.rasa_url == "http://127.0.0.1:5005"
    assert settings.lease == timedelta(seconds=60)
    assert not settings.demo


def test_the_database_is_under_the_folder_for_data() -> None:
    """Two copies with two folders do not share a database."""
    settings = Settings.read({"OVERTURE_VAR": "/somewhere"})
    assert settings.database_url == "sqlite:////somewhere/overture.db"
    assert settings.demo_clock == Path("/somewhere/demo/clock.json")


def test_an_address_for_alerts_needs_a_secret() -> None:
    """Else nobody there could tell an alert from a prank."""
    told = {"OVERTURE_ALERT_URL": "https://example.org/alerts"}
    with pytest.raises(ConfigurationError, match="OVERTURE_ALERT_SECRET"):
        Settings.read(told)
    settings = Settings.read({**told, "OVERTURE_ALERT_SECRET": "quiet"})
    assert "quiet" not in repr(settings)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("OVERTURE_RASA_PORT", "0"),
        ("OVERTURE_RASA_PORT", "rasa"),
        ("OVERTURE_CONSOLE_PORT", "65536"),
        ("OVERTURE_LEASE", "0"),
        ("OVERTURE_LEASE", "nan"),
        ("OVERTURE_TAKEOVER_HOURS", "soon"),
        ("OVERTURE_DEMO", "yes"),
        ("OVERTURE_ALERT_URL", "mailto:me"),
    ],
)
def test_a_value_that_is_not_allowed_is_refused_by_name(key: str, value: str) -> None:
    """The error names the variable, the value and what is allowed."""
    with pytest.raises(ConfigurationError) as refused:
        Settings.read({key: value})
    assert key in str(refused.value)
    assert value in str(refused.value)


@pytest.mark.parametrize("file", [".env.example", "docs/settings.md"])
def test_every_setting_is_documented_with_its_default(file: str) -> None:
    """The table in the code and the two lists people read do not drift apart."""
    text = (Path(__file__).parents[2] / file).read_text()
    for setting in SETTINGS:
        assert setting.key in text
        assert setting.default in text
