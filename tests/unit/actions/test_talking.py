"""A yes, a no, a subject, a riddle: answers that depend on what was said before."""

from __future__ import annotations

import pytest

from actions.talking import (
    ActionAffirm,
    ActionDeny,
    ActionOpinion,
    ActionRepair,
    ActionShareAttachment,
    ActionSmallTalk,
    ActionTalk,
    ActionUnclear,
    ActionUnsure,
)
from tests.unit.rasa_ext.fakes import FakeFact, FakeRuntime, answers, said, turn

NAME = FakeFact(kind="name", value="Sam", source_message_id="now")


@pytest.mark.parametrize(
    ("last", "answer"),
    [
        ("ask_mood", "See "),
        ("rejected", "See "),
        ("ask_plan", "Which mood?"),
        ("ask_favorite", "Tell me more."),
        ("follow_up", "Tell me more."),
        ("opinion", "Which favourite?"),
        ("joke", "Yes then."),
    ],
)
async def test_a_yes_answers_the_last_line(last, answer):
    (text,) = await answers(ActionAffirm(), turn("yes", said(last)))
    assert text.startswith(answer)


async def test_a_yes_to_a_recommendation_takes_it():
    to = turn("yes", said("recommend", work="tinkerfair"))
    assert await answers(ActionAffirm(), to) == ["Tinkerfair taken."]


async def test_a_yes_after_a_plan_was_noted_suits_the_plan():
    plan = FakeFact(kind="plan", value="a rainy evening in")
    to = turn("yes", said("noted_plan"), runtime=FakeRuntime(known=(plan,)))
    assert await answers(ActionAffirm(), to) == ["See Nightharbour: it suits rainy evening."]


@pytest.mark.parametrize(
    ("last", "answer"),
    [
        ("follow_up", "Another time."),
        ("recommend", "What instead?"),
        ("another", "What instead?"),
        ("ask_mood", "No then."),
    ],
)
async def test_a_no_answers_the_last_line(last, answer):
    assert await answers(ActionDeny(), turn("no", said(last))) == [answer]


async def test_who_cannot_decide_gets_a_choice_made():
    (text,) = await answers(ActionUnsure(), turn("you choose", said("ask_mood")))
    assert text.startswith("See ")


async def test_who_cannot_answer_is_asked_something_else():
    assert await answers(ActionUnsure(), turn("idk", said("ask_favorite"))) == ["Which mood?"]


@pytest.mark.parametrize(
    "action", [ActionSmallTalk(), ActionTalk(), ActionUnclear(), ActionRepair()]
)
async def test_what_memory_kept_is_answered_whatever_was_heard(action):
    assert await answers(action, turn("sam's the name", runtime=FakeRuntime(known=(NAME,)))) == [
        "Named Sam."
    ]


@pytest.mark.parametrize(
    ("action", "answer"),
    [
        (ActionSmallTalk(), "Small talk."),
        (ActionTalk(), "Which favourite?"),
        (ActionUnclear(), "Unclear once."),
        (ActionRepair(), "What was meant?"),
        (ActionOpinion(), "No view."),
    ],
)
async def test_without_anything_to_go_by_there_is_still_an_answer(action, answer):
    assert await answers(action, turn("hm hm hm hm")) == [answer]


@pytest.mark.parametrize("action", [ActionTalk(), ActionUnclear(), ActionOpinion()])
async def test_an_item_that_is_named_is_spoken_of(action):
    assert await answers(action, turn("nightharbour then")) == ["I think Nightharbour is fine."]


async def test_a_correction_that_names_an_item_is_taken_up():
    (text,) = await answers(ActionRepair(), turn("no, i meant nightharbour"))
    assert "Nightharbour" in text


@pytest.mark.parametrize("action", [ActionTalk(), ActionUnclear()])
async def test_who_tells_how_it_was_is_asked_for_more(action):
    to = turn("we watched it, so good", said("accepted", work="tinkerfair"), said("ask_mood"))
    assert await answers(action, to) == ["Tell me more."]
    assert to.runtime.called("remember_about") == [("remember_about", "now", "Tinkerfair")]


async def test_who_has_seen_what_was_just_recommended_gets_another():
    (text,) = await answers(
        ActionTalk(), turn("i watched it, meh", said("recommend", work="tinkerfair"))
    )
    assert text.startswith("Or ")


async def test_talk_without_a_name_goes_on_about_the_item_named_last():
    to = turn("that drum is huge", said("about_work", work="tinkerfair"))
    assert await answers(ActionTalk(), to) == ["I think Tinkerfair is fine."]


async def test_talk_goes_on_to_a_question_when_all_was_said_of_an_item():
    to = turn(
        "that drum is huge",
        said("about_work", work="tinkerfair"),
        said("opinion", work="tinkerfair"),
    )
    assert await answers(ActionTalk(), to) == ["Which favourite?"]


async def test_an_item_that_is_only_described_is_admitted_to_be_unknown():
    assert await answers(ActionTalk(), turn("that film with the goat")) == ["Unknown film."]


async def test_an_opinion_of_the_card_answers_a_topic_once():
    asked = turn("do you like horror in general")
    assert await answers(ActionOpinion(), asked) == ["Fear is a matter of lighting."]
    again = turn("do you like horror in general", said("opinion", line="sol.opinions.horror"))
    assert await answers(ActionOpinion(), again) == ["No view."]


async def test_two_riddles_in_a_row_get_different_answers():
    assert await answers(ActionUnclear(), turn("blub", said("unclear_first"))) == ["Unclear twice."]


@pytest.mark.parametrize(("kind", "answer"), [("image", "A picture."), ("file", "A thing.")])
async def test_what_cannot_be_read_is_answered_by_its_kind(kind, answer):
    to = turn("/share_attachment", entities={"kind": kind})
    assert await answers(ActionShareAttachment(), to) == [answer]


async def test_the_question_not_asked_for_longest_comes_first():
    to = turn(
        "hm hm hm hm",
        said("ask_favorite"),
        said("ask_mood"),
        said("ask_plan"),
        said("small_talk"),
        said("ask_favorite"),
    )
    assert await answers(ActionTalk(), to) == ["Which mood?"]
