"""What `overture check` finds that nothing else would tell."""

from __future__ import annotations

from pathlib import Path

from overture.checking import check
from overture.settings import Settings

ROOT = Path(__file__).parents[2]
#: All but two of these names are misspelt or of nobody.
NAMES = """
personas:
  maestro: {follow_up: {window: 7d}}
  mastero: {follow_up: {window: 7d}}
accounts:
  "rest:demo": {follow_up: {window: 7d}}
  "messenger:77": {follow_up: {window: 7d}}
  "mesenger:77": {follow_up: {window: 7d}}
"""


def test_limits_that_hold_for_nobody_are_told(tmp_path: Path) -> None:
    """Else a slip of the pen would leave somebody with the general limits in silence."""
    policy = tmp_path / "policy.yml"
    policy.write_text(NAMES)
    settings = Settings.read(
        {"OVERTURE_POLICY": str(policy), "OVERTURE_DATABASE_URL": f"sqlite:///{tmp_path}/none.db"}
    )
    warned = [one.what for one in check(settings, ROOT) if one.level == "warning"]
    assert warned == [
        "personas.mastero: there is no such persona to limit",
        "accounts.messenger:77: there is no such account to limit",
        "accounts.mesenger:77: there is no such account to limit",
    ]
