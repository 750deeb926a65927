"""What goes to the action server and what may come back."""

from __future__ import annotations

import inspect

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa_sdk import Tracker

from overture.rasa_ext import slim


@pytest.fixture
def action(monkeypatch):
    for name in ("_action_call_format", "_validate_action_result"):
        monkeypatch.setattr(RemoteAction, name, getattr(RemoteAction, name))  # put back after
    slim.install()
    return RemoteAction("action_x", None)


def talk(turns: int) -> DialogueStateTracker:
    tracker = DialogueStateTracker("rest:local:u1:sol", [])
    for number in range(turns):
        tracker.update(UserUttered(f"m{number}", input_channel="rest"))
    return tracker


def test_the_methods_that_are_replaced_are_still_those_of_rasa():
    replaced = (RemoteAction._action_call_format, RemoteAction._validate_action_result)
    assert [list(inspect.signature(one).parameters)[1:] for one in replaced] == [
        ["tracker", "domain"],
        ["result"],
    ]


def test_a_short_history_goes_whole(action):
    body = action._action_call_format(talk(3), Domain.empty())
    assert [event["text"] for event in body["tracker"]["events"]] == ["m0", "m1", "m2"]


def test_a_long_one_is_cut_to_its_newest_events(action):
    body = action._action_call_format(talk(1000), Domain.empty())
    events = body["tracker"]["events"]
    assert len(events) == slim.NEWEST
    assert events[-1]["text"] == "m999"


def test_the_action_server_reads_the_body_as_ever(action):
    body = action._action_call_format(talk(3), Domain.empty())
    read = Tracker.from_dict(body["tracker"])
    assert body["next_action"] == "action_x"
    assert read.sender_id == "rest:local:u1:sol"
    assert read.latest_message["text"] == "m2"
    assert read.get_latest_input_channel() == "rest"


def test_an_answer_is_still_checked(action):
    good = {"events": [{"event": "slot", "name": "x", "value": 1}], "responses": [{"text": "y"}]}
    assert action._validate_action_result(good)
    for bad in ({"events": [{"event": "no-such-event"}]}, {"responses": "y"}, []):
        with pytest.raises(ValidationError):
            action._validate_action_result(bad)
