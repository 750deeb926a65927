"""Where a telephone number is from, as far as the number alone tells."""

from __future__ import annotations

from dataclasses import dataclass

import phonenumbers
from phonenumbers import timezone

_UNKNOWN_ZONE = "Etc/Unknown"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Hold what is known of a place."""

    #: ISO 3166 country.
    region: str | None = None
    #: IANA zone, only if the number's place has a single one.
    timezone: str | None = None


def place_of(digits: str) -> Place:
    """Return where a number with its country code is from.

    Args:
        digits: as WhatsApp gives it, without a plus sign.
    """
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return Place()
    zones = [zone for zone in timezone.time_zones_for_number(number) if zone != _UNKNOWN_ZONE]
    return Place(
        region=phonenumbers.region_code_for_number(number),
        timezone=zones[0] if len(zones) == 1 else None,
    )
