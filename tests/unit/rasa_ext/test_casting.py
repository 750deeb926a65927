"""Who speaks in a conversation."""

from __future__ import annotations

import pytest
from rasa.shared.core.trackers import DialogueStateTracker

from overture.personas import Registry
from overture.rasa_ext.casting import Cast, knowledge_for
from tests.unit.rasa_ext.fakes import PERSONAS


@pytest.fixture(scope="module")
def cast():
    return Cast(Registry.load(PERSONAS), "sol")


def test_the_conversation_names_the_persona(cast):
    assert cast.card("rest:local:u1:luna", "rest").id == "luna"
    assert cast.card("anna", "rest").id == "sol"


def test_nobody_speaks_for_an_unknown_persona(cast):
    assert cast.card("rest:local:u1:nobody", "rest") is None
    assert cast.knowledge("rest:local:u1:nobody", "rest") is None


def test_a_text_without_a_talk_is_read_by_the_default_persona(cast):
    assert knowledge_for(None, cast).work("nightharbour") is not None


def test_a_talk_is_read_by_its_own(cast):
    talk = DialogueStateTracker("rest:local:u1:luna", [])
    assert knowledge_for(talk, cast).work("nightharbour") is None
