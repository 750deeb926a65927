"""Meta's error codes as data: what each means and what to do about it.

Sources: Messenger common error codes (June 2026), Graph API error handling, WhatsApp Cloud API
error codes. A row with a subcode is more exact than one without and is looked at first.

Actions:
    retry: A fault of the platform; send again soon, a few times.
    wait: Too fast; send again after the time of the row or of the answer.
    window_closed: The 24 hours are over; close the window in the gate.
    stop_person: This person cannot or will not be reached; nothing until ``until``.
    pause_account: The account may not send now; try the account again after the wait.
    alarm: The account is broken until somebody acts; pause it and tell the operator.
    config: The request or the set-up is wrong; give this message up and tell the operator.
    give_up: This message will never arrive; nothing else is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR

ACTIONS = frozenset(
    {
        "retry",
        "wait",
        "window_closed",
        "stop_person",
        "pause_account",
        "alarm",
        "config",
        "give_up",
    }
)


@dataclass(frozen=True)
class Row:
    """One code, or one code with a subcode."""

    code: int
    action: str
    meaning: str
    subcode: int | None = None
    wait: int | None = None  #: seconds, where the platform's own pace is known
    tries: int = 0  #: how often to send again at most
    grows: int = 1  #: factor by which the wait grows with each try
    until: str | None = None  #: stop_person: until they ``write``, or ``resume`` marketing

    def __post_init__(self) -> None:
        if self.action not in ACTIONS:
            raise ValueError(f"code {self.code}: unknown action {self.action!r}")


def _retry(code: int, meaning: str, *, wait: int = 2, tries: int = 3) -> Row:
    return Row(code, "retry", meaning, wait=wait, tries=tries, grows=2)


def _wait(code: int, meaning: str, *, wait: int = MINUTE, grows: int = 2, tries: int = 5) -> Row:
    return Row(code, "wait", meaning, wait=wait, tries=tries, grows=grows)


def _gone(code: int, meaning: str, subcode: int | None = None, until: str = "write") -> Row:
    return Row(code, "stop_person", meaning, subcode, until=until)


def _closed(code: int, meaning: str, subcode: int | None = None) -> Row:
    return Row(code, "window_closed", meaning, subcode)


def _paused(code: int, meaning: str, subcode: int | None = None, wait: int = HOUR) -> Row:
    return Row(code, "pause_account", meaning, subcode, wait=wait)


def _alarm(code: int, meaning: str, subcode: int | None = None) -> Row:
    return Row(code, "alarm", meaning, subcode)


def _config(code: int, meaning: str, subcode: int | None = None) -> Row:
    return Row(code, "config", meaning, subcode)


def _lost(code: int, meaning: str, subcode: int | None = None) -> Row:
    return Row(code, "give_up", meaning, subcode)


#: Messenger and Instagram.
DIRECT_ROWS = (
    _retry(1, "unknown error"),
    _retry(2, "temporary fault"),
    _config(2, "terms of the platform not accepted", 2018344),
    _gone(2, "person unavailable", 1545041),
    _wait(4, "app rate limit"),
    _wait(17, "user rate limit"),
    _wait(32, "page rate limit"),
    _wait(613, "custom rate limit"),
    _alarm(613, "message tags abused", 2018338),
    _wait(80006, "messenger business-use rate limit"),
    _closed(10, "outside the allowed window", 2018278),
    _closed(10, "outside the allowed window", 2534022),
    _closed(10, "outside the window; would need a news subscription", 2018065),
    _gone(10, "this person cannot receive messages now", 2018108),
    _gone(10, "this person cannot receive messages now", 2018336),
    _paused(10, "instagram account link is broken", 2534077),
    _paused(10, "page temporarily restricted", 1893063, wait=6 * HOUR),
    _alarm(10, "permission missing"),
    _config(33, "object gone or not visible to this token"),
    _config(100, "bad parameter, or a message tag that no longer exists"),
    _config(100, "object gone or not visible to this token", 33),
    _gone(100, "no such person", 2018001),
    Row(100, "retry", "media could not be fetched", 2018008, wait=2, tries=1),
    _config(100, "media upload refused", 2018047),
    _config(100, "media not usable", 2018074),
    _config(100, "media too large", 2018109),
    _config(100, "recipient or token does not fit", 2018164),
    _alarm(190, "access token not valid"),
    _alarm(190, "app removed by the account", 458),
    _alarm(190, "password changed", 460),
    _alarm(190, "access token expired", 463),
    _alarm(190, "access token not valid", 467),
    _alarm(200, "permission missing"),
    _gone(200, "person unavailable", 1545041),
    _alarm(200, "app is not live", 2018028),
    _alarm(200, "instagram access to messages is off", 2534041),
    _alarm(230, "messaging permission missing, or a send to our own id"),
    _wait(341, "app posting limit", wait=10 * MINUTE),
    _alarm(368, "blocked for breach of policy"),
    _gone(551, "person unavailable: blocked us or left"),
    _gone(551, "person unavailable: blocked us or left", 1545041),
    Row(2018300, "wait", "another app owns the thread", wait=10 * MINUTE, tries=3),
)

#: WhatsApp Cloud API; built on the code alone, subcodes are deprecated there.
WHATSAPP_ROWS = (
    _alarm(0, "authentication failed"),
    _retry(1, "unknown error"),
    _retry(2, "temporary fault"),
    _alarm(3, "capability or permission missing"),
    _wait(4, "app rate limit"),
    _alarm(10, "permission missing"),
    _config(33, "object gone or not visible to this token"),
    _config(100, "bad parameter"),
    _alarm(190, "access token not valid"),
    *(_alarm(code, "permission missing") for code in range(200, 300)),
    _alarm(368, "blocked for breach of policy"),
    _wait(80007, "account rate limit"),
    _lost(130472, "person is part of an experiment"),
    _wait(130429, "throughput reached", wait=1),
    _gone(130497, "messages to this country are restricted"),
    _retry(131000, "something went wrong"),
    _config(131005, "access denied"),
    _config(131008, "parameter missing"),
    _config(131009, "parameter not valid"),
    _retry(131016, "service unavailable"),
    _config(131021, "sender and recipient are the same"),
    _gone(131026, "undeliverable: not on WhatsApp, old client or terms not accepted"),
    _config(131030, "number is not on the test list"),
    _alarm(131031, "account locked"),
    _alarm(131037, "display name not approved"),
    _alarm(131042, "payment problem"),
    _alarm(131044, "registration or account problem"),
    _alarm(131045, "number not registered"),
    _closed(131047, "more than 24 hours since the last message; needs a template"),
    _paused(131048, "spam rate limit", wait=DAY),
    Row(131049, "stop_person", "marketing cap of this person reached", wait=DAY),
    _gone(131050, "person stopped marketing messages", until="resume"),
    _config(131051, "message type not supported"),
    _config(131052, "media could not be downloaded"),
    _config(131053, "media could not be uploaded"),
    _wait(131056, "too many messages to this person", wait=4, grows=4),
    _retry(131057, "account in maintenance", wait=MINUTE),
    _config(131062, "business-scoped id not allowed here"),
    _config(131063, "marketing templates are off for this API"),
    _paused(131064, "templates in the wrong category", wait=DAY),
    _config(132000, "template: wrong number of values"),
    _config(132001, "template does not exist in this language"),
    _config(132005, "template: filled text too long"),
    _config(132007, "template breaks a content policy"),
    _config(132008, "template: bad value"),
    _config(132012, "template: value of the wrong form"),
    _config(132015, "template paused for quality"),
    _config(132016, "template disabled for quality"),
    _config(132068, "flow is blocked"),
    _config(132069, "flow is throttled"),
    _alarm(133000, "registration incomplete"),
    _retry(133004, "server unavailable"),
    _alarm(133005, "two-step code wrong"),
    _alarm(133006, "number must be verified again"),
    _alarm(133008, "too many two-step guesses"),
    _alarm(133009, "two-step code entered too fast"),
    _alarm(133010, "number not registered"),
    _alarm(133015, "number was deleted a moment ago; wait before registering"),
    _paused(133016, "registered too often", wait=3 * DAY),
    _config(134011, "payments terms not accepted"),
    _config(135000, "generic error of this message"),
    _gone(137000, "person's identity key changed"),
)
