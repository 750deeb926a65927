"""What may happen while a follow-up is on its way, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from tests.scenario.town import LEASE
from tests.scenario.world import World

MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("minutes", "hours", "days"))

#: Every point at which a process waits for the others, in the order of a follow-up's way.
POINTS = (
    "before a transaction",
    "after a transaction",
    "before the call to Rasa",
    "before reading",
    "before a group commit",
    "after a group commit",
    "before the call to the platform",
    "before the platform's answer",
    "before Rasa's answer",
    "before noting the end of a turn",
    "asleep",
)


def happen(world: World, where: str, event: str) -> None:
    """Have something happen, to one conversation where it is about one."""
    _EVENTS[event](world, where)


def _writes(text: str, *, read: bool) -> Callable[[World, str], None]:
    def event(world: World, where: str) -> None:
        world.write(where, text)
        if read:
            world.finish(where)

    return event


def _passes(span: timedelta) -> Callable[[World, str], None]:
    def event(world: World, where: str) -> None:
        world.clock.wind(span)

    return event


def _until(kind: str, hours: int | None) -> Callable[[World, str], None]:
    def event(world: World, where: str) -> None:
        until = None if hours is None else world.clock.now() + hours * HOUR
        world.of_conversation(kind, where, until=until)

    return event


def _account_rests(world: World, where: str) -> None:
    world.pause_account(where, world.clock.now() + 30 * HOUR)


def _rasa_dies(world: World, where: str) -> None:
    if world.rasa is not None:
        world.kill(world.rasa.process)


def _rasa_restarts(world: World, where: str) -> None:
    """A new server takes up what the lease of the old one no longer protects."""
    _rasa_dies(world, where)
    world.clock.wind(LEASE)
    world.start_rasa()
    world.take_over()


def _a_dispatcher_dies(world: World, where: str) -> None:
    if world.actions:
        world.kill(world.actions[0].process)


def _another_dispatches(world: World, where: str) -> None:
    """The lease runs out, and another dispatcher takes the same plan."""
    world.clock.wind(LEASE)
    if len(world.actions) < 3:
        world.start_actions()
    world.dispatch(len(world.actions) - 1)
    for _ in range(12):
        world.step(-1)


_TROUBLES: Mapping[str, Callable[[World, str], None]] = {
    "says stop": _writes("stop", read=True),
    "stops in the menu": lambda world, where: world.of_contact("opt_out", where, by="menu"),
    "asks for a human": _writes("a human please", read=True),
    "is held": lambda world, where: world.of_contact("crisis_hold", where),
    "wants a pause": _until("pause", 30),
    "is taken over": _until("takeover", None),
    "is taken over for an hour": _until("takeover", 1),
    "is young": lambda world, where: world.of_contact("profile", where, birth_year=2008),
    "is in another zone": lambda world, where: world.of_contact(
        "profile", where, timezone="Asia/Tokyo"
    ),
    "the account rests": _account_rests,
    "all is forgotten": lambda world, where: world.forget(where),
}
_EVENTS: Mapping[str, Callable[[World, str], None]] = {
    **_TROUBLES,
    "nothing": lambda world, where: None,
    "writes": _writes("hi", read=False),
    "is answered": _writes("hi", read=True),
    "says stop, unread": _writes("stop", read=False),
    "everything is stopped": lambda world, where: world.set_kill_switch(True),
    "an hour passes": _passes(HOUR),
    "a night passes": _passes(9 * HOUR),
    "the window passes": _passes(14 * DAY),
    "the clock is set back a bit": _passes(-MINUTE),
    "the clock is set back a lot": _passes(-9 * DAY),
    "rasa dies": _rasa_dies,
    "rasa restarts": _rasa_restarts,
    "a dispatcher dies": _a_dispatcher_dies,
    "another dispatches": _another_dispatches,
    "the database is away": lambda world, where: world.step(0, fail=True),
    "the call times out": lambda world, where: world.time_out(0),
}
EVENTS = tuple(_EVENTS)
TROUBLES = tuple(_TROUBLES)
