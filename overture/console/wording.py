"""What states, rules, reasons and outcomes are called in the console."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

VIEWS: Mapping[str, str] = MappingProxyType(
    {
        "all": "All",
        "needs_human": "Needs a human",
        "crisis_hold": "Crisis hold",
        "taken_over": "Taken over",
        "unanswered": "Unanswered",
        "planned": "Planned",
        "paused": "Paused",
        "opted_out": "Opted out",
        "later": "Saved for later",
        "reviewed": "Reviewed",
    }
)

#: What an empty list says.
EMPTY: Mapping[str, str] = MappingProxyType(
    {
        "all": "Nobody has written yet.",
        "needs_human": "Nobody waits for a human.",
        "crisis_hold": "Nobody is held back because of a possible crisis.",
        "taken_over": "No conversation is in the hands of a person.",
        "unanswered": "No follow-up waits for an answer.",
        "planned": "No follow-up is planned.",
        "paused": "Nobody has asked for a pause.",
        "opted_out": "Nobody has opted out.",
        "later": "Nothing is saved for later.",
        "reviewed": "No conversation was reviewed yet.",
    }
)

CHANNELS: Mapping[str, str] = MappingProxyType(
    {
        "messenger": "Messenger",
        "instagram": "Instagram",
        "whatsapp": "WhatsApp",
        "rest": "REST",
        "cmdline": "Shell",
    }
)

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "window_closed": "window closed",
        "too_few_messages": "too few messages",
        "unanswered": "last follow-up unanswered",
        "opted_out": "opted out",
        "paused": "paused",
        "crisis_hold": "crisis hold",
        "minor": "minor",
        "law": "law",
        "channel_window": "app's window closed",
        "quiet_hours": "quiet hours",
        "gap": "too soon after the last",
        "cap": "cap reached",
        "pending_inbound": "message being read",
        "takeover": "with a human, or waits for one",
        "persona_not_released": "persona not released",
        "disabled": "switched off",
        "memory_changed": "memory changed",
    }
)

#: Title of each rule, and what it says when it allows contact, filled with its evidence.
RULES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "window": ("Window", "opened {window_opened_at} and is {window} long"),
        "messages": (
            "Enough messages",
            "{messages_in_window} in this window; {min_user_messages} are needed",
        ),
        "unanswered": ("Turn-taking", "no follow-up of this cycle waits for an answer"),
        "opted_out": ("Opt-out", "the person has not opted out"),
        "paused": ("Pause", "no pause is running"),
        "kind": ("Kind of message", "{kind} is not switched off"),
        "crisis_hold": ("Crisis hold", "none"),
        "minor": ("Age", "nothing says that the person is a minor"),
        "law": ("Law", "nothing known at {region} forbids it"),
        "persona": ("Persona", "released, and visible to this person"),
        "channel": (
            "App's window",
            "the person acted on {channel} {last_user_action_at}; its window is {platform_window}",
        ),
        "quiet_hours": ("Quiet hours", "it is not night in {zone} ({quiet_hours})"),
        "gap": ("Gap", "the last follow-up was {last_follow_up_at}; {min_gap} must lie between"),
        "cap": ("Cap", "{follow_ups_in_window} of at most {max_per_window} in this window"),
        "pending_inbound": ("Unread messages", "none is waiting"),
        "takeover": ("Takeover", "the bot has the conversation"),
        "account": ("Account", "is on"),
        "switch": ("Kill switch", "proactive messages are on"),
    }
)

#: What a rule that allows contact says while there is nothing to compare: its evidence, words.
WITHOUT: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "law": ("region", "it is not known where the person is"),
        "channel": ("platform_window", "{channel} has no window"),
        "quiet_hours": ("quiet_hours", "none are set"),
        "gap": ("last_follow_up_at", "there was no follow-up yet"),
        "cap": ("max_per_window", "none is set"),
    }
)

#: Title of each kind of entry in the record of decisions.
OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "planned": "Planned",
        "not_planned": "Not planned",
        "withheld": "Withheld",
        "wait": "Put off",
        "cease": "Withheld",
        "send": "Allowed",
        "sent": "Sent",
    }
)

TICKS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "queued": ("·", "waiting to be sent"),
        "sending": ("·", "being sent"),
        "sent": ("✓", "taken by the app"),
        "delivered": ("✓✓", "delivered"),
        "read": ("✓✓", "read"),
        "failed": ("!", "not sent"),
        "unknown": ("?", "nobody knows whether it arrived; not sent again"),
    }
)

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "opt_out": "asked to stop",
        "opt_in": "asked to go on",
        "crisis": "possible crisis",
        "minor": "said to be a minor",
        "asks_if_bot": "asked if it is a bot",
        "asks_human": "asked for a human",
        "erase_request": "asked to be erased",
        "export_request": "asked for their data",
        "memory_question": "asked what is remembered",
        "why_question": "asked why",
    }
)

#: What a conversation needs a human for.
NEEDS: Mapping[str, str] = MappingProxyType(
    {
        "asked_for_human": "The person asked for a human. The bot goes on answering, and writes "
        "nothing first until somebody answers or it is marked as looked after.",
        "given_up": "An answer failed three times; the person was told so.",
    }
)

#: Why an answer typed by a human was not sent.
UNSENT: Mapping[str, str] = MappingProxyType(
    {
        "length": "Nothing was sent: an answer has between 1 and {longest} characters.",
        "closed": "Nothing was sent: {channel} takes no message for this person until they write.",
        "nowhere": "Nothing was sent: nobody can be written to on this channel.",
    }
)

#: What was done, told after the act.
DONE: Mapping[str, str] = MappingProxyType(
    {
        "reply": "Your answer is on its way. The bot is silent in this conversation.",
        "take-over": "You have this conversation. The bot is silent until you hand it back.",
        "looked-after": "Marked as looked after. Follow-ups are possible again.",
        "hand-back": "The bot has the conversation again.",
        "pause": "Paused. Nothing is written first until the pause ends.",
        "end-pause": "The pause is over.",
        "release-hold": "The crisis hold is released.",
        "lift-minor": "It is taken back that the person is a minor.",
        "opt-out": "Opted out. Only the person can opt in again.",
        "forget": "That memory is deleted.",
        "reviewed": "Marked as reviewed.",
        "later": "Saved for later.",
        "not-reviewed": "The mark is taken away.",
        "note": "Tags and note are kept.",
        "correct": "Kept what it means. It is among the corrections to download.",
        "erased": "Everything held about the person is erased. An opt-out stays in force.",
        "stopped": "All proactive messages are stopped.",
        "running": "Proactive messages may go out again.",
        "signed-out": "You are signed out.",
    }
)


def channel(name: str) -> str:
    """Return what a channel is called."""
    return CHANNELS.get(name, name)


def reason(word: str) -> str:
    """Return a stable word of the gate in words."""
    return REASONS.get(word, word.replace("_", " "))
