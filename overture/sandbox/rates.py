"""How fast an account may send: token buckets that run on the stand-in's clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from overture.sandbox.refusals import Refusal, page_rate, whatsapp_pair_rate, whatsapp_throughput


@dataclass(frozen=True, kw_only=True)
class Rate:
    """``burst`` at once, then ``per_second`` sustained."""

    burst: float
    per_second: float


#: Send API of Messenger and Instagram: 300 text messages a second for each account.
PAGE = Rate(burst=300, per_second=300)
#: Cloud API: 80 messages a second for each number.
NUMBER = Rate(burst=80, per_second=80)
#: Cloud API: one message in six seconds to the same person, 45 of them on credit.
PAIR = Rate(burst=45, per_second=1 / 6)


class Rates:
    """Count what each account, and each pair of number and person, has sent."""

    def __init__(self) -> None:
        self._buckets: dict[str, tuple[float, datetime]] = {}

    def refuse(self, channel: str, account_id: str, user_id: str, now: datetime) -> Refusal | None:
        """Take one message from the buckets, or say why it may not go now."""
        if channel != "whatsapp":
            return None if self._take(f"page:{account_id}", PAGE, now) else page_rate()
        if not self._take(f"number:{account_id}", NUMBER, now):
            return whatsapp_throughput()
        pair = f"pair:{account_id}:{user_id}"
        return None if self._take(pair, PAIR, now) else whatsapp_pair_rate()

    def clear(self) -> None:
        """Fill every bucket."""
        self._buckets.clear()

    def _take(self, key: str, rate: Rate, now: datetime) -> bool:
        level, since = self._buckets.get(key, (rate.burst, now))
        passed = max(0.0, (now - since).total_seconds())
        level = min(rate.burst, level + passed * rate.per_second)
        taken = level >= 1
        self._buckets[key] = (level - 1 if taken else level, now)
        return taken
