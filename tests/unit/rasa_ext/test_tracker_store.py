"""Trackers that live in memory, with every event in the database."""

from __future__ import annotations

import pytest
from rasa.shared.core.events import ActionExecuted, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from overture.bootstrap import Runtime
from overture.rasa_ext import running, slim, tracker_store
from overture.rasa_ext.live import FULL, LiveTracker
from overture.rasa_ext.tracker_store import OvertureTrackerStore
from overture.settings import Settings
from tests.unit.rasa_ext.fakes import PERSONAS
from tests.unit.rasa_ext.test_live import ASKED, DOMAIN, answered, newest_states, same

SENDER = "messenger:1001:u1:sol"


@pytest.fixture
def make(tmp_path, monkeypatch):
    """Return what makes a store as a new process would, on one database."""
    values = {
        "OVERTURE_DATABASE_URL": f"sqlite:///{tmp_path}/ledger.db",
        "OVERTURE_PERSONAS": str(PERSONAS),
        "OVERTURE_DEFAULT_PERSONA": "sol",
    }
    monkeypatch.setattr(slim, "install", lambda: None)
    monkeypatch.setattr(running, "install", lambda: None)
    made = []

    def one() -> OvertureTrackerStore:
        made.append(Runtime(Settings.read(values)))
        monkeypatch.setattr(tracker_store, "runtime", lambda: made[-1])
        return OvertureTrackerStore(DOMAIN)

    yield one
    for runtime in made:
        runtime.database.close()


async def say(store: OvertureTrackerStore, number: int) -> DialogueStateTracker:
    """Run a turn as Rasa does: the first one begins a session."""
    tracker = await store.retrieve(SENDER) or DialogueStateTracker(SENDER, DOMAIN.slots)
    if not tracker.events:
        tracker.update(ActionExecuted("action_session_start"))
        tracker.update(SessionStarted())
        tracker.update(ActionExecuted("action_listen"))
    for event in answered(number, number % 5):
        if isinstance(event, UserUttered):
            event.input_channel, event.message_id = "messenger", f"m{number}"
        for asked in ASKED:
            tracker.past_states(DOMAIN, **asked)
        tracker.update(event)
    await store.save(tracker)
    return tracker


async def texts(store: OvertureTrackerStore) -> list[str]:
    whole = await store.retrieve_full_tracker(SENDER)
    return [event.text for event in whole.events if isinstance(event, UserUttered)]


async def test_the_database_keeps_what_leaves_the_tracker(make):
    store = make()
    for number in range(60):
        await say(store, number)
    live = await store.retrieve(SENDER)
    assert isinstance(live, LiveTracker)
    assert len(live.events) < FULL + 10
    assert await texts(store) == [f"u{number}" for number in range(60)]


async def test_a_tracker_that_was_loaded_again_is_the_same(make):
    store = make()
    for number in range(60):
        await say(store, number)
    live, loaded = await store.retrieve(SENDER), await make().retrieve(SENDER)
    same(live, loaded)
    assert list(newest_states(live)) == list(newest_states(loaded))


async def test_talks_go_on_over_restarts_and_nothing_is_written_twice(make):
    store = make()
    for number in range(50):
        store = store if number % 16 else make()
        await say(store, number)
    assert await texts(store) == [f"u{number}" for number in range(50)]


async def test_another_server_may_go_on_with_a_talk(make):
    one, other = make(), make()
    for number in range(40):
        await say(other if number % 3 else one, number)
    assert await texts(one) == [f"u{number}" for number in range(40)]
    same(await one.retrieve(SENDER), await other.retrieve(SENDER))


async def test_a_turn_that_was_cut_off_runs_again_alone(make):
    store = make()
    for number in range(45):
        await say(store, number)
    await store.rewind(SENDER, "m44")
    await say(store, 44)
    assert await texts(store) == [f"u{number}" for number in range(45)]


async def test_what_was_forgotten_during_a_turn_does_not_come_back_with_it(make):
    store = make()
    for number in range(45):
        await say(store, number)
    tracker = await store.retrieve(SENDER)
    await store.delete(SENDER)
    for event in answered(45):
        tracker.update(event)
    await store.save(tracker)
    assert await texts(store) == ["u45"]
    kept = await store.retrieve(SENDER)
    assert [event.text for event in kept.events if isinstance(event, UserUttered)] == ["u45"]


async def test_a_conversation_that_nobody_began_is_not_there(make):
    assert await make().retrieve(SENDER) is None
    assert not await make().exists(SENDER)


async def test_a_new_tracker_is_no_row_yet(make):
    store = make()
    await store.save(DialogueStateTracker(SENDER, DOMAIN.slots))
    assert list(await store.keys()) == []
