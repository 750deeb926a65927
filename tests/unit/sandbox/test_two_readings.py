"""Our connectors and the stand-in read Meta's pages apart from each other; here they must agree."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overture.meta.errors import classify
from overture.meta.outbound import Button, Card, OutboundMessage, Recipient
from overture.meta.render import render
from overture.sandbox import page_messages, refusals, whatsapp_messages
from overture.sandbox.config import CHANNELS

texts = st.text(alphabet=st.sampled_from("ab Wörter. 🎬👩‍🚀\n"), min_size=1, max_size=6000)
titles = st.text(alphabet=st.sampled_from("abcÄ 🎬"), min_size=1, max_size=60).filter(str.strip)
buttons = st.builds(
    Button, title=titles, payload=st.sampled_from(["/affirm", '/pick{"film":"x"}', "/deny"])
) | st.builds(Button, title=titles, url=st.just("https://example.org/film"))
cards = st.builds(
    Card,
    title=titles,
    subtitle=st.none() | titles,
    buttons=st.lists(buttons, max_size=4).map(tuple),
)
messages = st.builds(
    OutboundMessage,
    text=texts.filter(str.strip),
    buttons=st.lists(buttons, max_size=16).map(tuple),
    image=st.none() | st.just("https://example.org/film.jpg"),
    cards=st.lists(cards, max_size=12).map(tuple),
    follow_up=st.booleans(),
)


@pytest.mark.parametrize("channel", CHANNELS)
@settings(max_examples=60, deadline=None)
@given(message=messages)
def test_the_stand_in_takes_whatever_our_connectors_render(channel, message):
    person = "12025550101" if channel == "whatsapp" else "24680000000001001"
    bodies = render(channel, message, Recipient(id=person))
    assert bodies
    for body in bodies:
        if channel == "whatsapp":
            whatsapp_messages.read_message(body, ())
        else:
            page_messages.read_message(channel, body["message"])


@pytest.mark.parametrize(
    ("channel", "refusal", "action"),
    [
        ("messenger", refusals.page_window("messenger"), "window_closed"),
        ("instagram", refusals.page_window("instagram"), "window_closed"),
        ("whatsapp", refusals.whatsapp_window(), "window_closed"),
        ("messenger", refusals.person_unavailable(), "stop_person"),
        ("messenger", refusals.page_rate(), "wait"),
        ("whatsapp", refusals.whatsapp_throughput(), "wait"),
        ("whatsapp", refusals.whatsapp_pair_rate(), "wait"),
        ("messenger", refusals.server_error(), "retry"),
        ("messenger", refusals.expired_token(), "alarm"),
        ("whatsapp", refusals.bad_token(), "alarm"),
    ],
)
def test_our_connectors_understand_the_refusals_of_the_stand_in(channel, refusal, action):
    failure = classify(channel, refusal.status, refusal.body("A1"))
    assert failure.code == refusal.code
    assert failure.action == action
