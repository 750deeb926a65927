"""Recommending, refining, telling and explaining."""

from __future__ import annotations

import pytest

from actions.recommending import (
    ActionAbout,
    ActionAnother,
    ActionExplain,
    ActionRecommend,
    ActionRejected,
)
from tests.unit.rasa_ext.fakes import FakeFact, FakeRuntime, answers, said, turn


@pytest.mark.parametrize(
    ("wish", "answer"),
    [
        ("something scary", "See Glassmeadow: it is eerie."),
        ("a film for a rainy night", "See Nightharbour: it suits rainy evening."),
        ("sci-fi", "See Duskrunner: science fiction is what you asked for."),
        ("something like nightharbour", "See Glassmeadow: it is by Ann Humberdale too."),
        ("anything by bo tuckwell but nothing dark", "See Tinkerfair: Bo Tuckwell made it."),
        ("a german documentary", "See "),  # nothing asked for that the catalogue knows
    ],
)
async def test_a_wish_is_met_and_the_reason_said(wish, answer):
    (text,) = await answers(ActionRecommend(), turn(wish))
    assert text.startswith(answer)


async def test_what_was_recommended_goes_with_the_message():
    to = turn("something scary")
    await answers(ActionRecommend(), to)
    assert to.dispatcher.messages[0]["work"] == "glassmeadow"
    assert to.dispatcher.messages[0]["wish"] == "something scary"


async def test_dislikes_are_kept_away_even_where_nothing_was_asked_for():
    disliked = [
        FakeFact(id=str(n), kind="dislikes", value=value)
        for n, value in enumerate(("horror", "comedies", "science fiction"))
    ]
    to = turn("recommend something", runtime=FakeRuntime(known=tuple(disliked)))
    assert (await answers(ActionRecommend(), to))[0].startswith("See Nightharbour")


async def test_a_taste_is_the_start_where_nothing_was_asked_for():
    runtime = FakeRuntime(known=(FakeFact(value="eerie films"),))
    to = turn("recommend something", runtime=runtime)
    assert await answers(ActionRecommend(), to) == ["See Glassmeadow: it is eerie."]


async def test_a_sensitive_memory_steers_nothing():
    runtime = FakeRuntime(known=(FakeFact(value="eerie films", sensitive=True),))
    (text,) = await answers(ActionRecommend(), turn("recommend something", runtime=runtime))
    assert "it is eerie" not in text


async def test_nothing_that_fits_is_admitted():
    to = turn("something scary", said("recommend", work="glassmeadow"))
    assert await answers(ActionRecommend(), to) == ["None fits."]


async def test_another_one_keeps_the_earlier_wish():
    to = turn("another one", said("recommend", work="nightharbour", wish="by ann humberdale"))
    assert await answers(ActionAnother(), to) == ["Or Glassmeadow: Ann Humberdale made it."]


async def test_a_newer_word_takes_the_place_of_an_older_one():
    to = turn("something darker", said("recommend", work="tinkerfair", wish="something funny"))
    assert await answers(ActionAnother(), to) == ["Or Duskrunner: it is dark."]


async def test_newer_means_newer_than_what_was_named_last():
    to = turn("something newer", said("recommend", work="tinkerfair", wish="from mali"))
    (text,) = await answers(ActionAnother(), to)
    assert text.startswith("Or Duskrunner")


async def test_a_plain_no_to_a_recommendation_asks_what_else():
    to = turn("not that one", said("recommend", work="tinkerfair", wish="something"))
    assert await answers(ActionRejected(), to) == ["What instead?"]


@pytest.mark.parametrize("words", ["seen it already", "too silly", "less funny please"])
async def test_a_no_that_says_how_brings_another_one(words):
    to = turn(words, said("recommend", work="tinkerfair", wish=""))
    (text,) = await answers(ActionRejected(), to)
    assert text.startswith("Or ")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("who composed nightharbour?", "Nightharbour is by Ann Humberdale."),
        ("when did nightharbour come out", "Nightharbour is of 1971."),
        ("what should i listen for in nightharbour", "In Nightharbour, wait for the foghorn."),
        ("who is bo tuckwell", "Bo Tuckwell: drums at dusk."),
        ("who composed quibblestone", "Unknown film."),
    ],
)
async def test_the_question_decides_which_line_answers_it(question, answer):
    assert await answers(ActionAbout(), turn(question)) == [answer]


async def test_a_question_may_point_back_to_what_was_named_last():
    to = turn("who wrote its music?", said("recommend", work="tinkerfair"))
    assert await answers(ActionAbout(), to) == ["Tinkerfair is by Bo Tuckwell."]


async def test_what_else_somebody_did_is_another_item_of_theirs():
    to = turn("what else did he write", said("about_work", work="tinkerfair"))
    assert await answers(ActionAbout(), to) == ["Or Duskrunner: Bo Tuckwell made it."]


async def test_what_no_catalogue_tells_is_not_guessed():
    to = turn("is it on netflix?", said("about_work", work="tinkerfair"))
    assert await answers(ActionAbout(), to) == [
        "I do not know that about it, and I will not guess."
    ]


async def test_why_is_answered_for_the_item_named_last():
    to = turn("why?", said("recommend", work="tinkerfair"))
    (text,) = await answers(ActionExplain(), to)
    assert "Tinkerfair" in text


async def test_why_after_a_follow_up_is_its_reason_on_record():
    assert await answers(ActionExplain(), turn("why?", said("follow_up"))) == [
        "Because: you had a plan"
    ]


async def test_why_out_of_the_blue_is_answered_with_what_can_be_done():
    assert await answers(ActionExplain(), turn("why?")) == ["I can help."]
