"""Ids of contacts and conversations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overture.errors import InvalidIdentity
from overture.identity import Contact, Conversation, conversation_for

PART = st.text(st.characters(blacklist_characters=":"), min_size=1)


@given(PART, PART, PART, PART)
def test_a_conversation_reads_what_it_writes(a: str, b: str, c: str, d: str) -> None:
    """The id is the whole record."""
    conversation = Conversation(a, b, c, d)
    assert Conversation.parse(str(conversation)) == conversation
    assert Contact.parse(str(conversation.contact)) == conversation.contact


@pytest.mark.parametrize("text", ["", "a", "a:b:c", "a:b:c:d:e", "a::c:d", ":b:c:d"])
def test_an_id_with_other_parts_is_refused(text: str) -> None:
    """Three parts are a contact, five are nothing."""
    with pytest.raises(InvalidIdentity):
        Conversation.parse(text)


@given(st.text())
def test_any_sender_of_rasa_has_a_conversation(sender: str) -> None:
    """The shell makes ids up, and REST takes what it is given."""
    conversation = conversation_for(sender, "rest", "maestro")
    assert Conversation.parse(str(conversation)) == conversation


@pytest.mark.parametrize(
    ("channel", "taken"), [("messenger", True), ("", True), ("rest", False), ("cmdline", False)]
)
def test_nobody_gets_at_a_conversation_of_an_app_by_naming_it_elsewhere(
    channel: str, taken: bool
) -> None:
    """REST takes any sender; the people of the apps come through the apps."""
    theirs = "messenger:1001:2002:maestro"
    found = conversation_for(theirs, channel, "maestro", reserved={"messenger"})
    assert (str(found) == theirs) == taken


def test_a_sender_of_four_parts_is_taken_as_it_is() -> None:
    """So a tool can name any conversation."""
    found = conversation_for("rest:demo:u1:kilo", "cmdline", "maestro")
    assert found == Conversation("rest", "demo", "u1", "kilo")
