"""What is accepted is a change of code that is still there, and has a reason."""

from __future__ import annotations

import pytest

from tests.mutation.accepted import ACCEPTED, Change, accepted
from tests.mutation.policy_mutants import SOURCE, places_of

ONE = """
# A comment.
in quiet.parse
- if a < b:
+ if a <= b:
+ if a != b:
    They are never equal,
    and never the other way round.
"""


def test_changes_that_share_a_reason_are_read_one_by_one() -> None:
    reason = "They are never equal, and never the other way round."
    assert accepted(ONE) == {
        Change("quiet.parse", "if a < b:", "if a <= b:"): reason,
        Change("quiet.parse", "if a < b:", "if a != b:"): reason,
    }


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (ONE.partition("    ")[0], "no reason"),
        (ONE.replace("!=", "<="), "named twice"),
        (ONE.replace("- if", "if"), "not understood"),
        (ONE.replace("in quiet", "# in quiet"), "no reason"),
    ],
)
def test_a_change_without_reason_or_place_is_refused(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        accepted(text)


def test_every_accepted_change_is_of_a_line_that_is_still_there() -> None:
    for change in accepted(ACCEPTED.read_text()):
        module = change.place.partition(".")[0]
        source = (SOURCE / f"{module}.py").read_text()
        lines = [line.strip() for line in source.splitlines()]
        there = zip(places_of(module, source), lines, strict=False)
        assert (change.place, change.was) in there, f"no such line:\n{change}"
