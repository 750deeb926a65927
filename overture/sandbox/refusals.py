"""Meta's error answers, written down from the platform's own pages and not from our connectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(kw_only=True, eq=False)
class Refusal(Exception):
    """An error envelope of the Graph API with its HTTP status."""

    code: int
    message: str
    subcode: int | None = None
    kind: str = "OAuthException"
    status: int = 400
    #: WhatsApp explains itself in ``error_data.details``.
    details: str = ""
    #: Text for people, ``error_user_msg``.
    user_message: str = ""
    transient: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self, trace: str) -> dict[str, Any]:
        """Return the envelope with its trace id."""
        error: dict[str, Any] = {"message": self.message, "type": self.kind, "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        if self.user_message:
            error["error_user_msg"] = self.user_message
        if self.transient:
            error["is_transient"] = True
        return {"error": {**error, "fbtrace_id": trace}}

    def as_status_error(self) -> dict[str, Any]:
        """Return the refusal as a WhatsApp status webhook carries it."""
        title = self.message.split(") ", 1)[-1]
        return {
            "code": self.code,
            "title": title,
            "message": title,
            "error_data": {"details": self.details or title},
        }


def no_token() -> Refusal:
    """Refuse: nobody said who they are."""
    return Refusal(
        code=104, message="An access token is required to request this resource.", status=401
    )


def bad_token() -> Refusal:
    """Refuse: the token is none of this account's."""
    return Refusal(
        code=190,
        message="Invalid OAuth access token - Cannot parse access token",
        status=401,
        headers={"WWW-Authenticate": 'OAuth "Facebook Platform" "invalid_token"'},
    )


def expired_token() -> Refusal:
    """Refuse: the token was good once."""
    return Refusal(
        code=190,
        subcode=463,
        message="Error validating access token: Session has expired.",
        status=401,
    )


def bad_proof() -> Refusal:
    """Refuse: ``appsecret_proof`` was not made with this app's secret."""
    return Refusal(
        code=100,
        message="Invalid appsecret_proof provided in the API argument",
        kind="GraphMethodException",
    )


def unknown_object(object_id: str) -> Refusal:
    """Refuse: the path names something this token cannot see."""
    return Refusal(
        code=100,
        subcode=33,
        message=(
            f"Unsupported post request. Object with ID '{object_id}' does not exist, cannot be "
            "loaded due to missing permissions, or does not support this operation."
        ),
        kind="GraphMethodException",
    )


def unknown_path(path: str) -> Refusal:
    """Refuse: the stand-in plays only a part of the Graph API, and says so as Meta would."""
    return Refusal(code=2500, message=f"Unknown path components: {path}")


def bad_parameter(message: str, subcode: int | None = None) -> Refusal:
    """Refuse: a parameter is missing, of a wrong type or too long."""
    return Refusal(code=100, subcode=subcode, message=f"(#100) {message}")


def no_such_person() -> Refusal:
    """Refuse: nobody with that id ever wrote to this account."""
    return bad_parameter("No matching user found", 2018001)


def dead_tag(tag: str) -> Refusal:
    """Refuse: message tags ended in April 2026."""
    return bad_parameter(f"Message tag {tag} is deprecated and can no longer be used")


def page_window(channel: str) -> Refusal:
    """Refuse: more than 24 hours since the person last did something."""
    return Refusal(
        code=10,
        subcode=2534022 if channel == "instagram" else 2018278,
        message="(#10) This message is sent outside of allowed window.",
        status=403,
    )


def human_agent() -> Refusal:
    """Refuse: the tag is for people who write by hand, after App Review."""
    return Refusal(
        code=10,
        subcode=2018065,
        message="(#10) This app does not have the Human Agent feature.",
        status=403,
    )


def person_unavailable() -> Refusal:
    """Refuse: the person blocked the account or is gone."""
    return Refusal(
        code=551, subcode=1545041, message="(#551) This person isn't available right now."
    )


def page_rate() -> Refusal:
    """Refuse: too many calls for this account."""
    return Refusal(
        code=613,
        message="(#613) Calls to this api have exceeded the rate limit.",
        transient=True,
        headers={"X-App-Usage": '{"call_count":100,"total_cputime":12,"total_time":10}'},
    )


def whatsapp_throughput() -> Refusal:
    """Refuse: too many messages from this number."""
    return Refusal(
        code=130429,
        message="(#130429) Rate limit hit",
        status=429,
        details="Message failed to send because there were too many messages sent from this "
        "phone number in a short period of time",
    )


def whatsapp_pair_rate() -> Refusal:
    """Refuse: too many messages from this number to this person."""
    return Refusal(
        code=131056,
        message="(#131056) (Business Account, Consumer Account) pair rate limit hit",
        status=429,
        details="Message failed to send because there were too many messages sent from this "
        "phone number to the same phone number in a short period of time",
    )


def whatsapp_window() -> Refusal:
    """Refuse: more than 24 hours since the person last wrote; a template may still go."""
    return Refusal(
        code=131047,
        message="(#131047) Re-engagement message",
        details="Message failed to send because more than 24 hours have passed since the "
        "customer last replied to this number.",
    )


def whatsapp_undeliverable() -> Refusal:
    """Refuse: the person cannot be reached: not on WhatsApp, blocked, terms not accepted."""
    return Refusal(
        code=131026,
        message="(#131026) Message undeliverable",
        details="Unable to deliver the message. The recipient may have blocked this number.",
    )


def whatsapp_to_self() -> Refusal:
    """Refuse: sender and recipient are the same number."""
    return Refusal(
        code=131021,
        message="(#131021) Recipient cannot be sender",
        details="Sender and recipient phone number is the same.",
    )


def whatsapp_missing(parameter: str) -> Refusal:
    """Refuse: a required parameter is not there."""
    return Refusal(
        code=131008,
        message="(#131008) Required parameter is missing",
        details=f"Parameter '{parameter}' is mandatory.",
    )


def whatsapp_value(details: str) -> Refusal:
    """Refuse: a parameter has a value that is not allowed."""
    return Refusal(code=131009, message="(#131009) Parameter value is not valid", details=details)


def whatsapp_type(kind: str) -> Refusal:
    """Refuse: that type of message cannot be sent."""
    return Refusal(
        code=131051,
        message="(#131051) Unsupported message type",
        details=f"Message type '{kind}' is not currently supported.",
    )


def whatsapp_template(name: str) -> Refusal:
    """Refuse: no approved template of that name."""
    return Refusal(
        code=132001,
        message="(#132001) Template name does not exist in the translation",
        status=404,
        details=f"template name ({name}) does not exist",
    )


def server_error() -> Refusal:
    """Refuse: the platform is unwell for a moment."""
    return Refusal(
        code=2,
        message="An unexpected error has occurred. Please retry your request later.",
        status=503,
        transient=True,
    )
