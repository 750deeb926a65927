"""Whoever was switched to answers on REST and in the shell too."""

from __future__ import annotations

import pytest

from overture.rasa_ext.speaker import switched


@pytest.mark.parametrize(
    ("sender", "channel", "speaker", "hears"),
    [
        ("u1", "rest", "kilo", "rest:local:u1:kilo"),
        ("u1", "cmdline", "kilo", "cmdline:local:u1:kilo"),
        ("u1", "rest", None, "u1"),
        ("rest:local:u1:maestro", "rest", "kilo", "rest:local:u1:kilo"),
        ("messenger:1:2:maestro", "messenger", "kilo", "messenger:1:2:maestro"),
        # nobody gets into a conversation of an app by naming it over REST
        ("messenger:1:2:maestro", "rest", "kilo", "rest:local:messenger%3A1%3A2%3Amaestro:kilo"),
    ],
)
def test_the_slot_names_the_speaker_where_the_id_does_not(sender, channel, speaker, hears):
    assert switched(sender, channel, speaker) == hears
