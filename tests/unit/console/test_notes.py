"""What reviewers note: forms, the list that finds it again, and training data Rasa can read."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader

from overture.console import notes
from overture.console.domain import intents
from overture.store.reviewing import Noted
from tests.unit.console.house import page_of


def noted(house, conversation_id):
    found = house.read(lambda ledger: ledger.notes.of([conversation_id]))
    return found.get(conversation_id, Noted())


def heard(house, conversation_id, intent="greet", confidence=0.876):
    """Let Rasa's history have what the newest message was taken for; return the message."""
    message = house.read(lambda ledger: ledger.review.last_words([conversation_id]))
    number = message[conversation_id].message_id
    parsed = {"intent": {"name": intent, "confidence": confidence}}
    event = {"event": "user", "text": "x", "timestamp": 1.0, "message_id": number}
    house.write(
        lambda ledger: ledger.tracker.append(conversation_id, [event | {"parse_data": parsed}])
    )
    return number


async def test_a_conversation_is_marked_found_again_and_unmarked(house, visitor):
    anna, ben = house.hear("anna", "hello"), house.hear("ben", "hello")
    for act, view in (("reviewed", "reviewed"), ("later", "later")):
        assert "class=" in await visitor.submit(page_of(anna), act)
        listed = await visitor.get(f"/?view={view}")
        assert page_of(anna) in listed
        assert page_of(ben) not in listed
    assert "Saved for later" in await visitor.get(page_of(anna))
    assert page_of(anna) not in await visitor.get("/?view=reviewed")
    await visitor.submit(page_of(anna), "not-reviewed")
    assert noted(house, anna) == Noted()


async def test_tags_and_a_note_are_kept_and_a_tag_filters_the_list(house, visitor):
    anna, ben = house.hear("anna", "hello"), house.hear("ben", "hello there")
    assert "Any tag" not in await visitor.get("/")
    page = await visitor.submit(
        page_of(anna), "note", tags=" Sharks,old  films ,,sharks", note=" asks\r\nwell <3 "
    )
    assert noted(house, anna) == Noted(tags=("old films", "sharks"), note="asks\nwell <3")
    assert "old films, sharks" in page
    assert "well &lt;3" in page
    listed = await visitor.get("/?tag=old+films")
    assert page_of(anna) in listed
    assert page_of(ben) not in listed
    assert 'class="reason">sharks<' in listed
    found = await visitor.get("/?q=hello&tag=sharks")
    assert page_of(anna) in found
    assert page_of(ben) not in found
    assert "No conversation fits these filters." in await visitor.get("/?tag=nothing")


async def test_what_a_message_means_is_corrected_and_handed_out_as_training_data(house, visitor):
    anna = house.hear("anna", "the one with the [shark]")
    number = heard(house, anna)
    page = await visitor.get(page_of(anna))
    assert "greet 87 %" in page
    assert "corrections.yml" not in await visitor.get("/")
    page = await visitor.submit(page_of(anna), "correct", message=number, intent="ask_about")
    assert "means <strong>ask_about</strong>, <s>greet</s>" in page
    assert "Download corrected messages as" in await visitor.get("/")
    handed = await visitor.get("/corrections.yml")
    assert "attachment" in visitor.headers["Content-Disposition"]
    [example] = RasaYAMLReader().reads(handed).intent_examples
    assert (example.get("intent"), example.get("text")) == ("ask_about", "the one with the shark")
    await visitor.submit(page_of(anna), "correct", message=number, intent="")
    assert "corrections.yml" not in await visitor.get("/")


@pytest.mark.parametrize(
    ("message", "intent"), [("m1", "/stop"), ("m1", "two words"), ("m2", "greet"), ("", "greet")]
)
async def test_what_is_no_intent_or_no_message_of_theirs_changes_nothing(
    house, visitor, message, intent
):
    anna = house.hear("anna", "hello")
    house.hear("ben", "hello")
    await visitor.submit(page_of(anna), "correct", message=message, intent=intent)
    assert not house.read(lambda ledger: ledger.notes.has_corrected())


def test_training_data_holds_each_text_once_on_one_line_whatever_is_in_it():
    told = [
        ("greet", "hi  there\nyou"),
        ("greet", "hi there you"),
        ("greet", "  "),
        ("greet", "- a: |\n  b #c 'd \"e \u2028{f} \x00 😀"),
        ("tell_like", "[Jaws](title) 100%"),
    ]
    found = RasaYAMLReader().reads(notes.training_data(told)).intent_examples
    assert [(one.get("intent"), one.get("text")) for one in found] == [
        ("greet", "hi there you"),
        ("greet", "- a: | b #c 'd \"e {f} 😀"),
        ("tell_like", "Jaws (title) 100%"),
    ]
    assert all(one.get("entities") is None for one in found)


def test_training_data_of_nothing_can_be_read_too():
    assert RasaYAMLReader().reads(notes.training_data([])).intent_examples == []


def test_long_words_and_many_tags_are_cut():
    assert notes.read_tags("x" * 99) == ["x" * 40]
    assert len(notes.read_tags(",".join(map(str, range(99))))) == 20
    assert len(notes.read_note("x" * 9999)) == notes.NOTE


def test_the_intents_to_choose_from_are_those_of_the_domain(tmp_path):
    file = tmp_path / "domain.yml"
    assert intents(file) == []
    for text, names in (
        ("intents: [thank, greet: {use_entities: []}]", ["greet", "thank"]),
        ("intents: [", []),
        ("- a list", []),
    ):
        file.write_text(text)
        assert intents(file) == names
