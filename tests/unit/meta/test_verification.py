"""The handshake for a webhook address."""

from __future__ import annotations

import pytest

from overture.meta.verification import challenge_answer

QUERY = {"hub.mode": "subscribe", "hub.verify_token": "tok", "hub.challenge": "1158201444"}


def test_the_right_token_gets_the_bare_challenge():
    assert challenge_answer(QUERY, "tok") == "1158201444"


def test_values_may_come_as_lists():
    assert challenge_answer({key: [value] for key, value in QUERY.items()}, "tok") == "1158201444"


@pytest.mark.parametrize(
    "change",
    [
        {"hub.verify_token": "wrong"},
        {"hub.verify_token": ""},
        {"hub.verify_token": "tök"},
        {"hub.verify_token": "\ud800"},
        {"hub.verify_token": None},
        {"hub.verify_token": []},
        {"hub.mode": "unsubscribe"},
        {"hub.mode": None},
        {"hub.challenge": None},
        {"hub.challenge": ""},
        {"hub.challenge": "<script>"},
        {"hub.challenge": "1" * 300},
        {"hub.challenge": 5},
    ],
)
def test_anything_else_is_refused(change):
    assert challenge_answer({**QUERY, **change}, "tok") is None


def test_an_empty_token_in_the_configuration_never_matches():
    assert challenge_answer({**QUERY, "hub.verify_token": ""}, "") is None


def test_an_empty_query_is_refused():
    assert challenge_answer({}, "tok") is None
