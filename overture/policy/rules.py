"""The rules of contact, one small pure function each: when is contact allowed, and else why not.

A rule looks at the facts and the policy and returns the instants at which it allows contact. A
message is allowed where all of them agree. No rule knows the present time: `span` is only the
stretch of time the caller asks about, for rules that never end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple, cast

from overture.policy.channels import CHANNEL_WINDOWS, STRICTEST_WINDOW, TEMPLATE_CHANNELS
from overture.policy.facts import Facts
from overture.policy.intervals import ALWAYS, NEVER, TICK, Intervals, Span, later
from overture.policy.law import adulthood, lawful, packs_for
from overture.policy.limits import Policy
from overture.policy.zones import zone_of


class Verdict(NamedTuple):
    """What one rule says. A named tuple, because every decision makes one for each rule."""

    rule: str
    #: Stable word for "not allowed by this rule".
    reason: str
    allowed: Intervals
    #: The facts and limits the rule has read.
    evidence: Mapping[str, Any]


class Status(NamedTuple):
    """The facts that are alike for many people; the names are those of ``Facts``."""

    opted_out_at: datetime | None
    paused_until: datetime | None
    crisis_hold_since: datetime | None
    takeover_since: datetime | None
    takeover_until: datetime | None
    kind: str
    kind_disabled: bool
    birth_year: int | None
    birth_date: date | None
    declared_minor: bool
    region: str | None
    timezone: str | None
    account_timezone: str | None
    persona_released: bool
    persona_visible: bool
    follow_ups_in_window: int
    pending_inbound: int
    account_enabled: bool
    account_paused_until: datetime | None
    kill_switch: bool


_status = attrgetter(*Status._fields)

Rule = Callable[[Facts, Policy, Span], Verdict]


def window(facts: Facts, policy: Policy, span: Span) -> Verdict:
    """Allow contact from the message that opened the window to its last instant, both inside."""
    opened = facts.window_opened_at
    allowed = Intervals.between(opened, later(opened, policy.window + TICK))
    evidence = {"window_opened_at": opened, "window": policy.window}
    return Verdict("window", "window_closed", allowed, evidence)


def messages(facts: Facts, policy: Policy, span: Span) -> Verdict:
    """Allow contact once enough messages are there, and not before the last of them."""
    enough = facts.messages_in_window >= policy.min_user_messages
    evidence = {
        "messages_in_window": facts.messages_in_window,
        "min_user_messages": policy.min_user_messages,
        "last_message_at": facts.last_message_at,
        "window_message_ids": facts.window_message_ids,
    }
    allowed = Intervals.since(facts.last_message_at) if enough else NEVER
    return Verdict("messages", "too_few_messages", allowed, evidence)


def unanswered(facts: Facts, policy: Policy, span: Span) -> Verdict:
    """Allow one follow-up in a cycle: after it, only the person can go on."""
    last = facts.last_follow_up_cycle
    allowed = ALWAYS if last is None or last < facts.cycle else NEVER
    evidence = {"cycle": facts.cycle, "last_follow_up_cycle": last}
    return Verdict("unanswered", "unanswered", allowed, evidence)


def opted_out(facts: Facts, policy: Policy, span: Span) -> Verdict:
    """Allow nothing to a person who said stop, whatever the clock shows."""
    allowed = ALWAYS if facts.opted_out_at is None else NEVER
    return Verdict("opted_out", "opted_out", allowed, {"opted_out_at": facts.opted_out_at})


def paused(facts: Facts, policy: Policy, span: Span) -> Verdict:
    """Allow contact again from the instant at which the person's pause ends."""
    until = facts.paused_until
    allowed = ALWAYS if until is None else Intervals.since(until)
    return Verdict("paused", "paused", allowed, {"paused_until": until})


def kind(facts: Facts, policy: Policy, span: Span) -> Verdict:
    """Allow only the kinds of message the person has not switched off."""
    allowed = NEVER if facts.kind_disabled else ALWAYS
    evidence = {"kind": facts.kind, "kind_disabled": facts.kind_disabled}
    return Verdict("kind", "disabled", allowed, evidence)


def crisis_hold(facts: Facts, policy: Policy, span: Span) -> Verdict:
    """Allow nothing while a crisis hold is on: a person releases it, not the time."""
    held = facts.crisis_hold_since
    allowed = ALWAYS if held is None else NEVER
    return Verdict("crisis_hold", "crisis_hold", allowed, {"crisis_hold_since": held})


def minor(facts: Facts, policy: Policy, span: Span) -> Verdict:
    """Allow contact from the day the person counts as an adult."""
    # The birth date itself stays out of the record: whether there is one is evidence enough.
    evidence = {
        "birth_year": facts.birth_year,
        "birth_date_known": facts.birth_date is not None,
        "declared_minor": facts.declared_minor,
    }
    return Verdict("minor", "minor", adulthood(facts), evidence)


def law(facts: Facts, policy: Policy, span: Span) -> Verdict:
    """Allow contact where and when no law pack of the person's region forbids it."""
    packs = packs_for(facts.region, facts.kind)
    evidence = {"region": facts.region, "laws": tuple(pack.id for pack in packs)}
    return Verdict("law", "law", lawful(facts, packs), evidence)


def persona(facts: Facts, policy: Policy, span: Span) -> Verdict:
    """Allow contact only by a persona that is released and visible to this person."""
    released, visible = facts.persona_released, facts.persona_visible
    allowed = ALWAYS if released and visible else NEVER
    evidence = {"persona_released": released, "persona_visible": visible}
    return Verdict("persona", "persona_not_released", allowed, evidence)


def channel(facts: Facts, policy: Policy, span: Span) -> Verdict:
    """Allow contact inside the platform's own window, or where a template may be sent after it."""
    acted, closed = facts.last_user_action_at, facts.platform_window_closed_at
    length = CHANNEL_WINDOWS.get(facts.channel, STRICTEST_WINDOW)
    template = facts.template_available and facts.channel in TEMPLATE_CHANNELS
    if length is None:
        allowed = ALWAYS
    elif template:
        allowed = Intervals.since(acted)
    elif closed is not None and closed >= acted:
        allowed = NEVER
    else:
        allowed = Intervals.between(acted, later(acted, length - policy.channel_margin))
    evidence = {
        "channel": facts.channel,
        "last_user_action_at": acted,
        "platform_window": length,
        "channel_margin": policy.channel_margin,
        "platform_window_closed_at": closed,
        "template": template,
    }
    return Verdict("channel", "channel_window", allowed, evidence)


def quiet_hours(facts: Facts, policy: Policy, span: Span) -> Verdict:
    """Allow contact outside the quiet hours of the person's own day, within the span asked for."""
    name, zone = zone_of(facts)
    quiet = policy.quiet_hours
    allowed = ALWAYS if quiet is None else quiet.open_times(span, zone)
    return Verdict("quiet_hours", "quiet_hours", allowed, {"quiet_hours": quiet, "zone": name})


def gap(facts: Facts, policy: Policy, span: Span) -> Verdict:
    """Allow contact again some time after the last follow-up."""
    last = facts.last_follow_up_at
    allowed = ALWAYS if last is None else Intervals.since(later(last, policy.min_gap))
    return Verdict("gap", "gap", allowed, {"last_follow_up_at": last, "min_gap": policy.min_gap})


def cap(facts: Facts, policy: Policy, span: Span) -> Verdict:
    """Allow no more follow-ups in one window than the operator has set."""
    most, sent = policy.max_per_window, facts.follow_ups_in_window
    allowed = ALWAYS if most is None or sent < most else NEVER
    return Verdict("cap", "cap", allowed, {"follow_ups_in_window": sent, "max_per_window": most})


def pending_inbound(facts: Facts, policy: Policy, span: Span) -> Verdict:
    """Allow nothing while a message of the person waits to be read: it may say stop."""
    waiting = facts.pending_inbound
    allowed = NEVER if waiting else ALWAYS
    return Verdict("pending_inbound", "pending_inbound", allowed, {"pending_inbound": waiting})


def takeover(facts: Facts, policy: Policy, span: Span) -> Verdict:
    """Allow nothing while a human has taken over: up to the agreed end, else to the hand-back."""
    since, until = facts.takeover_since, facts.takeover_until
    allowed = ALWAYS
    if since is not None:
        allowed = NEVER if until is None else Intervals.since(until)
    evidence = {"takeover_since": since, "takeover_until": until}
    return Verdict("takeover", "takeover", allowed, evidence)


def account(facts: Facts, policy: Policy, span: Span) -> Verdict:
    """Allow contact through an account that is switched on, once its pause has ended."""
    enabled, until = facts.account_enabled, facts.account_paused_until
    allowed = ALWAYS if enabled else NEVER
    if enabled and until is not None:
        allowed = Intervals.since(until)
    evidence = {"account_enabled": enabled, "account_paused_until": until}
    return Verdict("account", "disabled", allowed, evidence)


def switch(facts: Facts, policy: Policy, span: Span) -> Verdict:
    """Allow contact only while neither the policy nor the kill switch stops all of it."""
    allowed = ALWAYS if policy.enabled and not facts.kill_switch else NEVER
    evidence = {"enabled": policy.enabled, "kill_switch": facts.kill_switch}
    return Verdict("switch", "disabled", allowed, evidence)


#: Every rule, in the order of records. A message is allowed where all of them allow it.
RULES: tuple[Rule, ...] = (
    window,
    messages,
    unanswered,
    opted_out,
    paused,
    kind,
    crisis_hold,
    minor,
    law,
    persona,
    channel,
    quiet_hours,
    gap,
    cap,
    pending_inbound,
    takeover,
    account,
    switch,
)


#: Rules that read nothing but a ``Status``. They need not be asked again about people who have
#: the same one, and nearly everybody to whom a message is due has.
_OF_STATUS = frozenset(
    {
        opted_out,
        paused,
        kind,
        crisis_hold,
        minor,
        law,
        persona,
        cap,
        pending_inbound,
        takeover,
        account,
        switch,
    }
)
#: The others, with their places.
_OF_PERSON = tuple((place, rule) for place, rule in enumerate(RULES) if rule not in _OF_STATUS)


def verdicts(facts: Facts, policy: Policy, span: Span) -> tuple[Verdict, ...]:
    """Ask every rule about a stretch of time; within it the answers are complete."""
    found = [*_by_status(_status(facts), policy)]
    for place, rule in _OF_PERSON:
        found[place] = rule(facts, policy, span)
    return tuple(found)


@lru_cache(maxsize=8192)
def _by_status(values: tuple[Any, ...], policy: Policy) -> tuple[Verdict, ...]:
    """Return the verdicts of the rules of status; in the places of the others, any of these."""
    # A rule that reads more than it may finds no such attribute, or no span.
    alike, never = cast(Facts, Status(*values)), cast(Span, None)
    asked = [rule if rule in _OF_STATUS else switch for rule in RULES]
    return tuple(rule(alike, policy, never) for rule in asked)
