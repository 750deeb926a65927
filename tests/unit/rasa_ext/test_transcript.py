"""Reading what was said from the events of a tracker."""

from __future__ import annotations

import pytest

from overture.rasa_ext.transcript import LOOK_BACK, Transcript


def bot(key: str = "greet", **more: object) -> dict[str, object]:
    return {"event": "bot", "metadata": {"utter_action": f"utter_{key}", **more}}


def user(intent: str) -> dict[str, object]:
    return {"event": "user", "parse_data": {"intent": {"name": intent}}}


def slot(name: str = "met", value: object = True) -> dict[str, object]:
    return {"event": "slot", "name": name, "value": value}


def test_lines_items_wishes_and_intents_are_read_in_order():
    read = Transcript.read(
        [
            user("greet"),
            bot("greet", line="a"),
            user("ask_recommendation"),
            bot("recommend", line="b", work="w1", wish="scary", uses=["3"]),
        ]
    )
    assert read.lines == ("a", "b")
    assert read.works == ("w1",)
    assert (read.last_key, read.last_work, read.last_wish) == ("recommend", "w1", "scary")
    assert read.intent == "ask_recommendation"
    assert read.said[-1].uses == ("3",)


def test_an_empty_talk_has_nothing_to_tell():
    read = Transcript.read([])
    assert (read.last_key, read.last_work, read.last_wish, read.intent) == ("", "", "", "")


def test_the_first_answer_of_all_discloses():
    assert Transcript.read([slot("met", None), user("greet"), slot()]).undisclosed


def test_the_second_does_not():
    assert not Transcript.read([user("greet"), slot(), bot()]).undisclosed


@pytest.mark.parametrize("key", ["opt_out", "crisis", "minor", "bot_challenge"])
def test_an_urgent_answer_leaves_the_disclosure_to_the_next(key):
    assert Transcript.read([user("x"), bot(key)]).undisclosed


def test_a_slot_of_an_earlier_session_tells_that_the_person_is_no_stranger():
    assert not Transcript.read([slot(), user("greet")]).undisclosed


def test_a_history_that_was_cut_is_no_first_contact():
    assert not Transcript.read([user("greet")] * (LOOK_BACK + 1)).undisclosed


def test_events_without_metadata_do_no_harm():
    read = Transcript.read([{"event": "bot"}, {"event": "user"}, {"event": "action"}])
    assert read.last_key == ""
    assert read.intent == ""
