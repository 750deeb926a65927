"""Words as the featurizers count them."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from overture.personas import Registry
from overture.rasa_ext import reading
from overture.rasa_ext.casting import Cast
from tests.unit.rasa_ext.fakes import PERSONAS


@pytest.fixture
def counted(monkeypatch):
    cast = Cast(Registry.load(PERSONAS), "sol")
    monkeypatch.setattr(reading, "knowledge_for", lambda tracker: cast.knowledge("x", "rest"))
    tokenizer = reading.PlainTokenizer(reading.PlainTokenizer.get_default_config())

    def count(text: str, *, training: bool = False) -> list[str]:
        message = Message(data={"text": text})
        if training:
            tokenizer.process_training_data(TrainingData([message]))
        else:
            tokenizer.process([message])
        return " ".join(token.lemma for token in message.get("text_tokens")).split()

    return count


def test_words_are_plain_between_a_beginning_and_an_end(counted):
    assert counted("IM here") == ["_begin_", "i", "am", "here", "_end_"]


def test_a_title_counts_as_one_word_and_a_name_as_another(counted):
    assert counted("who is ann humberdale") == ["_begin_", "who", "is", "_person_", "_end_"]
    assert counted("nightharbour rocks") == ["_begin_", "_title_", "rocks", "_end_"]


@pytest.mark.parametrize(
    "text", ['seen "Old Goat Road"', "seen «old goat road»", "seen “old goat road”"]
)
def test_what_stands_in_quotation_marks_is_a_title(counted, text):
    assert counted(text) == ["_begin_", "seen", "_title_", "_end_"]


def test_training_data_knows_only_the_titles_it_marks(counted):
    assert counted("«jaws» or nightharbour", training=True) == [
        "_begin_",
        "_title_",
        "or",
        "nightharbour",
        "_end_",
    ]
    assert counted("‹hans zimmer›", training=True) == ["_begin_", "_person_", "_end_"]


def test_a_command_is_not_searched_for_titles(counted):
    assert "_title_" not in counted('/ask_about{"work": "nightharbour"}')


def test_the_table_of_spellings_is_part_of_what_a_model_is_made_of(monkeypatch):
    before = reading.PlainTokenizer.fingerprint_addon({})
    monkeypatch.setattr(reading, "SPELLINGS", {"wot": "what"})
    assert reading.PlainTokenizer.fingerprint_addon({}) != before
