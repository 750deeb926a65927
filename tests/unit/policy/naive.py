"""A second, deliberately simple reading of the rules: one instant, plain ifs, no intervals."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from overture.policy import Facts, Policy


def local_time(facts: Facts, instant: datetime) -> datetime:
    """Return what a clock on the person's wall shows."""
    for name in (facts.timezone, facts.account_timezone):
        if name:
            return instant.astimezone(ZoneInfo(name))
    return instant.astimezone(timezone.utc)


def is_minor(facts: Facts, today: date) -> bool:
    """Tell whether the person counts as a minor on a day of their own calendar."""
    if facts.declared_minor:
        return True
    born, year = facts.birth_date, facts.birth_year
    if born is not None:
        passed = (today.month, today.day) >= (born.month, born.day)
        if today.year - born.year - (0 if passed else 1) < 18:
            return True
    return year is not None and (born is None or born.year != year) and today.year - year <= 18


def refusals(facts: Facts, policy: Policy, now: datetime) -> set[str]:
    """Return the reasons against sending at this one instant; none means it may be sent."""
    local = local_time(facts, now)
    found = _limits(facts, policy, now) | _person(facts, now) | _operator(facts, policy, now)
    found |= _channel(facts, policy, now)
    if is_minor(facts, local.date()):
        found.add("minor")
        found |= _law(facts, local.date())
    if policy.quiet_hours is not None and _quiet(str(policy.quiet_hours), local):
        found.add("quiet_hours")
    return found


def _limits(facts: Facts, policy: Policy, now: datetime) -> set[str]:
    found = set()
    if not facts.window_opened_at <= now <= facts.window_opened_at + policy.window:
        found.add("window_closed")
    if facts.messages_in_window < policy.min_user_messages or now < facts.last_message_at:
        found.add("too_few_messages")
    if facts.last_follow_up_cycle is not None and facts.last_follow_up_cycle >= facts.cycle:
        found.add("unanswered")
    if facts.last_follow_up_at is not None and now < facts.last_follow_up_at + policy.min_gap:
        found.add("gap")
    if policy.max_per_window is not None and facts.follow_ups_in_window >= policy.max_per_window:
        found.add("cap")
    return found


def _person(facts: Facts, now: datetime) -> set[str]:
    found = set()
    if facts.opted_out_at is not None:
        found.add("opted_out")
    if facts.paused_until is not None and now < facts.paused_until:
        found.add("paused")
    if facts.crisis_hold_since is not None:
        found.add("crisis_hold")
    if facts.pending_inbound > 0:
        found.add("pending_inbound")
    if facts.kind_disabled:
        found.add("disabled")
    return found


def _operator(facts: Facts, policy: Policy, now: datetime) -> set[str]:
    found = set()
    if not (facts.persona_released and facts.persona_visible):
        found.add("persona_not_released")
    ended = facts.takeover_until is not None and now >= facts.takeover_until
    if facts.takeover_since is not None and not ended:
        found.add("takeover")
    paused = facts.account_paused_until is not None and now < facts.account_paused_until
    if paused or not facts.account_enabled or facts.kill_switch or not policy.enabled:
        found.add("disabled")
    return found


def _law(facts: Facts, today: date) -> set[str]:
    starts = {"US-TN": date(2025, 1, 1), "PR": date(2025, 3, 1), "US-WA": date(2027, 1, 1)}
    if facts.region == "US-WA" and facts.kind != "follow_up":
        return set()
    return {"law"} if facts.region in starts and today >= starts[facts.region] else set()


def _channel(facts: Facts, policy: Policy, now: datetime) -> set[str]:
    if facts.channel in ("rest", "cmdline"):
        return set()
    acted, closed = facts.last_user_action_at, facts.platform_window_closed_at
    if facts.channel == "whatsapp" and facts.template_available:
        return {"channel_window"} if now < acted else set()
    if closed is not None and closed >= acted:
        return {"channel_window"}
    inside = acted <= now < acted + timedelta(hours=24) - policy.channel_margin
    return set() if inside else {"channel_window"}


def _quiet(hours: str, local: datetime) -> bool:
    start, end = hours.split("-")
    shown = local.strftime("%H:%M")
    if start < end:
        return start <= shown < end
    return shown >= start or shown < end
