"""Records of the gate in plain words: for `overture why`, the console and the person who asks."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

#: One sentence for each outcome; `{moment}` is a time in UTC.
OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "send": "Allowed to write now.",
        "wait": "Not now; allowed from {moment} if nothing changes.",
        "cease": "Not allowed to write until something changes.",
        "planned": "A message is planned for {moment}.",
        "not_planned": "No message is planned.",
    }
)

#: One sentence for each rule that refuses, filled with the evidence of its verdict.
REFUSALS: Mapping[str, str] = MappingProxyType(
    {
        "window": "the window opened at {window_opened_at} and is {window} long",
        "messages": "{messages_in_window} of {min_user_messages} messages are there",
        "unanswered": "the last follow-up has not been answered",
        "opted_out": "the person asked to stop at {opted_out_at}",
        "paused": "the person asked for a pause until {paused_until}",
        "kind": "the person has switched off messages of the kind {kind}",
        "crisis_hold": "held back since {crisis_hold_since} because of a possible crisis",
        "minor": "the person is, or may be, a minor",
        "law": "the law at {region} forbids it ({laws})",
        "persona": "the persona is not released, or not visible to this person",
        "channel": "{channel} lets a bot write only within {platform_window} of the person's "
        "last act, {last_user_action_at}, less {channel_margin}",
        "quiet_hours": "quiet hours are {quiet_hours} in {zone}",
        "gap": "the last follow-up was at {last_follow_up_at}, less than {min_gap} before",
        "cap": "{follow_ups_in_window} of {max_per_window} follow-ups of this window are used up",
        "pending_inbound": "{pending_inbound} message(s) of the person wait to be read",
        "takeover": "a human has the conversation, or is waited for, since {takeover_since}",
        "account": "the account is switched off, or paused until {account_paused_until}",
        "switch": "proactive messages are switched off",
    }
)


def explain(record: Mapping[str, Any]) -> str:
    """Tell in words what a record of the gate says: the outcome, then one line for each reason."""
    lines = [OUTCOMES[record["outcome"]].format(moment=record["moment"])]
    lines += [
        f"- {verdict['reason']}: {_sentence(verdict)}."
        for verdict in record["verdicts"]
        if verdict["reason"] in record["reasons"] and _speaks(verdict, record)
    ]
    return "\n".join(lines)


def _speaks(verdict: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Tell whether this verdict, of several with one reason, is one that stood in the way."""
    rivals = [other for other in record["verdicts"] if other["reason"] == verdict["reason"]]
    return len(rivals) == 1 or not verdict["allows"]


def _sentence(verdict: Mapping[str, Any]) -> str:
    evidence = {name: _plain(value) for name, value in verdict["evidence"].items()}
    return REFUSALS[verdict["rule"]].format(**evidence)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "not set" if value is None else str(value)
