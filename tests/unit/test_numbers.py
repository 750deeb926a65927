"""Places of telephone numbers; all of these are reserved for fiction or carriers' own."""

from __future__ import annotations

import pytest

from overture.numbers import Place, place_of


@pytest.mark.parametrize(
    ("digits", "place"),
    [
        ("4915735985555", Place(region="DE", timezone="Europe/Berlin")),
        ("35799000000", Place(region="CY", timezone="Asia/Nicosia")),
        ("16155550100", Place(region="US", timezone="America/Chicago")),  # Nashville
        ("15550100601", Place()),  # no such area
        ("123", Place()),
        ("US.13491208655302741918", Place()),
        ("", Place()),
    ],
)
def test_a_number_tells_its_country_and_zone_if_it_has_one(digits: str, place: Place) -> None:
    """Where several zones are possible, none is guessed."""
    found = place_of(digits)
    assert found.timezone == place.timezone
    assert found.region == place.region
