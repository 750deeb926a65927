"""Every failure Overture raises, as one tree.

::

    OvertureError
    ├── ConfigurationError    a file, a key or a variable has a value that is not allowed
    ├── InvalidIdentity       a contact or conversation id cannot be read
    ├── InvalidCard           a persona or character card cannot be used
    ├── ClockLocked           somebody tried to move the clock of a production process
    ├── StoreUnavailable      the database does not answer or refuses to write
    ├── PermitRefused         the gate does not let this message out
    ├── TurnError             a turn of the dialogue could not be finished; it may be tried again
    ├── ActionFailed          an action of a turn ended with an error
    └── PlatformError         the Graph API answered with an error, or did not answer
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class OvertureError(Exception):
    """Be the root of every failure Overture raises."""


class ConfigurationError(OvertureError):
    """Say which file and key hold a value that is not allowed, and what is."""

    def __init__(self, file: str, key: str, value: object, allowed: str) -> None:
        super().__init__(f"{file}: {key}: {value!r} is not allowed; {allowed}")
        self.file = file
        self.key = key
        self.value = value
        self.allowed = allowed


class UnreadableFile(ConfigurationError):
    """Say where a configuration file cannot be read, and why."""

    def __init__(self, file: str, place: str, problem: str, expected: str) -> None:
        super().__init__(file, place, problem, expected)
        self.args = (f"{file}: {place}: {problem}; expected {expected}",)


class InvalidIdentity(OvertureError):
    """Say why a contact or conversation id cannot be read."""


class InvalidCard(OvertureError):
    """Say why a persona or a character card cannot be used."""


class ClockLocked(OvertureError):
    """The clock of this process cannot be moved; that is for the demo only."""


class StoreUnavailable(OvertureError):
    """The database does not answer or refuses to write."""


class PermitRefused(OvertureError):
    """The gate does not let this message out."""

    def __init__(self, conversation: str, reasons: Sequence[str]) -> None:
        super().__init__(f"{conversation}: withheld: {', '.join(reasons) or 'no permit'}")
        self.conversation = conversation
        self.reasons = tuple(reasons)


class TurnError(OvertureError):
    """A turn of the dialogue could not be finished; it may be tried again."""


class ActionFailed(OvertureError):
    """An action of a turn ended with an error; Rasa itself goes on as if it had said nothing."""

    def __init__(self, because: str, said: Sequence[dict[str, Any]]) -> None:
        super().__init__(because)
        #: What the turn said all the same.
        self.said = said


class PlatformError(OvertureError):
    """The Graph API answered with an error, or did not answer.

    Attributes:
        code: Meta's error code, or None when there was no readable answer.
        subcode: Meta's error subcode, if any.
        trace_id: ``fbtrace_id`` to quote to Meta's support.
        action: what to do, as classified by ``overture.meta.errors``.
        ambiguous: whether the platform may have taken the message all the same.
    """

    def __init__(
        self,
        message: str,
        *,
        code: int | None = None,
        subcode: int | None = None,
        trace_id: str | None = None,
        action: str = "give_up",
        ambiguous: bool = False,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.subcode = subcode
        self.trace_id = trace_id
        self.action = action
        self.ambiguous = ambiguous
