"""Noting, showing, forgetting."""

from __future__ import annotations

import pytest

from actions.remembering import (
    ActionExport,
    ActionForgetAll,
    ActionForgetThat,
    ActionMemoryList,
    ActionMemorySource,
    ActionNoteFact,
    ActionRememberThis,
    ActionStopRemembering,
)
from tests.unit.rasa_ext.fakes import FakeFact, FakeRuntime, answers, said, turn


def knowing(*facts: FakeFact) -> FakeRuntime:
    return FakeRuntime(known=facts)


@pytest.mark.parametrize(
    ("kind", "value", "answer"),
    [
        ("name", "Sam", "Named Sam."),
        ("likes", "jazz", "Liked jazz."),
        ("dislikes", "horror", "Disliked horror."),
        ("favorite", "spring", "Favoured spring."),
        ("occupation", "nurse", "Fact kept."),
    ],
)
async def test_what_was_noted_is_said_by_its_kind(kind, value, answer):
    runtime = knowing(FakeFact(id="5", kind=kind, value=value, source_message_id="now"))
    to = turn("...", runtime=runtime)
    assert await answers(ActionNoteFact(), to) == [answer]
    assert to.dispatcher.messages[0]["uses"] == ["5"]


async def test_a_plan_is_noted_with_its_day():
    fact = FakeFact(kind="plan", value="movie night", when="2026-03-06", source_message_id="now")
    to = turn("movie night on friday", runtime=knowing(fact))
    assert await answers(ActionNoteFact(), to) == ["Planned movie night this Friday."]


async def test_an_event_that_is_over_is_no_plan():
    fact = FakeFact(kind="event", value="party", when="2026-03-01", source_message_id="now")
    assert await answers(ActionNoteFact(), turn("...", runtime=knowing(fact))) == ["Fact kept."]


async def test_a_title_that_was_noted_is_spoken_of_first():
    fact = FakeFact(value="nightharbour", source_message_id="now")
    first, second = await answers(
        ActionNoteFact(), turn("i love nightharbour", runtime=knowing(fact))
    )
    assert "Nightharbour" in first
    assert second == "Liked Nightharbour."


async def test_a_title_of_an_ordinary_word_is_known_by_the_message_it_stood_in():
    fact = FakeFact(value="Duskrunner", source_message_id="now")
    to = turn("I love Duskrunner", runtime=knowing(fact))
    first, second = await answers(ActionNoteFact(), to)
    assert "Duskrunner" in first
    assert second == "Liked Duskrunner."


async def test_a_sensitive_memory_is_not_repeated():
    fact = FakeFact(kind="likes", value="rum", sensitive=True, source_message_id="now")
    assert "rum" not in (await answers(ActionNoteFact(), turn("...", runtime=knowing(fact))))[0]


async def test_what_is_told_again_is_answered_from_the_older_memory():
    fact = FakeFact(kind="name", value="Sam")
    to = turn("my name is sam", intent="tell_name", runtime=knowing(fact))
    assert await answers(ActionNoteFact(), to) == ["Named Sam."]


@pytest.mark.parametrize(
    ("intent", "answer"),
    [
        ("tell_name", "Small talk."),
        ("tell_plan", "Which mood?"),
        ("tell_like", "Which favourite?"),
        ("tell_dislike", "Which mood?"),
    ],
)
async def test_nothing_is_claimed_where_nothing_was_noted(intent, answer):
    assert await answers(ActionNoteFact(), turn("...", intent=intent)) == [answer]


async def test_an_item_is_spoken_of_where_nothing_was_noted():
    to = turn("i suppose i like nightharbour", intent="tell_like")
    assert await answers(ActionNoteFact(), to) == ["I think Nightharbour is fine."]


async def test_a_film_that_was_recommended_is_taken_under_its_name():
    kept = FakeFact(
        id="8", kind="plan", value="watch Nightharbour", when="2026-03-06", source_message_id="now"
    )
    runtime = FakeRuntime(pointed_at=(kept,))
    offered = said("recommend", work="nightharbour")
    to = turn("ok, we'll watch that on friday", offered, intent="tell_plan", runtime=runtime)
    assert await answers(ActionNoteFact(), to) == ["Nightharbour, this Friday, taken."]
    assert runtime.called("remember_about") == [("remember_about", "now", "Nightharbour")]
    assert to.dispatcher.messages[0]["uses"] == ["8"]


@pytest.mark.parametrize("text", ["i'll watch it", "that goes on my list", "we'll go with it"])
async def test_what_is_taken_for_no_day_is_named_too(text):
    to = turn(text, said("another", work="nightharbour"), intent="tell_plan")
    assert await answers(ActionNoteFact(), to) == ["Nightharbour taken."]


async def test_what_names_another_film_is_not_about_the_one_talked_about():
    offered = said("recommend", work="nightharbour")
    to = turn("i'll watch it after tinkerfair", offered, intent="tell_plan")
    assert await answers(ActionNoteFact(), to) == ["I think Tinkerfair is fine."]
    assert to.runtime.called("remember_about") == []


async def test_the_list_of_memories_is_complete_sensitive_ones_too():
    runtime = knowing(
        FakeFact(id="1", kind="name", value="Sam"),
        FakeFact(id="2", kind="health", value="a bad knee", sensitive=True),
    )
    to = turn("what do you remember", runtime=runtime)
    assert await answers(ActionMemoryList(), to) == [
        "I remember: your name is Sam; about your health: a bad knee"
    ]
    assert to.dispatcher.messages[0]["uses"] == ["1", "2"]


async def test_an_empty_memory_is_admitted():
    assert await answers(ActionMemoryList(), turn()) == ["I remember nothing."]
    assert await answers(ActionMemorySource(), turn()) == ["I remember nothing."]


async def test_the_source_of_a_memory_is_quoted():
    to = turn("how do you know i like jazz", runtime=knowing(FakeFact()))
    assert await answers(ActionMemorySource(), to) == [
        'Told: jazz. You wrote it today: "i like jazz"'
    ]


async def test_a_question_without_a_name_means_the_memory_spoken_of_last():
    runtime = knowing(FakeFact(id="1"), FakeFact(id="2", value="tea", quote="tea please"))
    to = turn("how do you know that?", said("greet_again", uses=("1",)), runtime=runtime)
    assert "jazz" in (await answers(ActionMemorySource(), to))[0]


async def test_one_memory_is_forgotten_by_its_words():
    runtime = knowing(FakeFact())
    assert await answers(ActionForgetThat(), turn("forget that i like jazz", runtime=runtime)) == [
        "Forgot you like jazz."
    ]


async def test_forget_that_means_the_newest():
    runtime = knowing(FakeFact(id="1"), FakeFact(id="2", value="tea"))
    await answers(ActionForgetThat(), turn("forget that", runtime=runtime))
    assert runtime.called("forget") == [("forget", None)]


async def test_which_one_is_asked_where_the_words_name_none():
    to = turn("forget my horse", runtime=knowing(FakeFact(value="tea")))
    assert await answers(ActionForgetThat(), to) == ["Which of you like tea?"]


async def test_there_is_nothing_to_forget_in_an_empty_memory():
    assert await answers(ActionForgetThat(), turn("forget my horse")) == ["I remember nothing."]


async def test_forgetting_everything_empties_the_slots_too():
    runtime = knowing(FakeFact())
    to = turn("forget everything", runtime=runtime)
    events = await ActionForgetAll().answer(to)
    assert runtime.called("forget_everything")
    assert [event["event"] for event in events] == ["reset_slots", "slot"]


async def test_what_is_to_be_remembered_is_kept_without_the_request():
    runtime = FakeRuntime()
    to = turn("please remember that I run", runtime=runtime)
    assert await answers(ActionRememberThis(), to) == ["Kept you run."]
    assert runtime.called("remember") == [("remember", "now", "I run")]


async def test_memory_is_switched_off():
    runtime = FakeRuntime()
    assert await answers(ActionStopRemembering(), turn(runtime=runtime)) == ["Memory off."]
    assert runtime.called("stop_remembering")


async def test_everything_is_handed_out():
    assert await answers(ActionExport(), turn()) == ["Data: all of it"]
