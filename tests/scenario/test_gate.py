"""No limit is ever broken and nobody is forgotten, whatever happens in whatever order."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from overture.policy import Policy
from overture.store.database import make_engine
from overture.store.migrations import migrate
from tests.scenario import waiting
from tests.scenario.conftest import TIMES, first_seed
from tests.scenario.events import EVENTS, POINTS, TROUBLES, happen
from tests.scenario.judge import Life, violations
from tests.scenario.servers import ANSWERS
from tests.scenario.town import CONVERSATIONS, WORDS
from tests.scenario.world import World

pytestmark = [pytest.mark.slow, pytest.mark.timeout(36000)]

SECOND, MINUTE, HOUR, DAY = (
    timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days")
)
OPEN = Policy(quiet_hours=None, min_gap=timedelta(0))
#: Limits that are put in force, from loose to tight; an operator may go either way.
POLICIES = (
    OPEN,
    Policy(),
    Policy(after=HOUR, min_gap=HOUR, max_per_window=1),
    Policy(min_user_messages=6, quiet_hours=None),
    Policy(after=MINUTE, quiet_hours=None, max_per_window=2, min_gap=timedelta(0)),
    Policy(enabled=False),
)
ZONES = ("Etc/GMT+12", "America/New_York", "Europe/Berlin", "Etc/GMT-14", None)
where = st.sampled_from(CONVERSATIONS)
which = st.integers(0, 30)
forward = st.sampled_from([SECOND, MINUTE, HOUR, 5 * HOUR, 20 * HOUR, 15 * DAY])
backward = st.sampled_from([SECOND, MINUTE, HOUR, 26 * HOUR, 9 * DAY])


class Gate(RuleBasedStateMachine):
    """Draw a life: who writes what, who stops what, which process runs on or dies."""

    engine: sa.engine.Engine

    @initialize(
        policy=st.sampled_from([OPEN, OPEN, *POLICIES]),
        earned=st.sets(where, min_size=1),
        peaceful=st.booleans(),
    )
    def begin(self, policy: Policy, earned: set[str], peaceful: bool) -> None:
        self.world = World(self.engine, policy)
        self.peaceful, self.judged = peaceful, 0
        self.world.start_rasa()
        self.world.start_actions()
        for one in sorted(earned):
            self.talks(one)

    # -- people ----------------------------------------------------------------------------

    @rule(where=where)
    def talks(self, where: str) -> None:
        """Earn a follow-up, if nothing else stands in its way."""
        for _ in range(5):
            self.world.write(where, "hi")
            self.world.finish(where)
            self.world.clock.wind(MINUTE)
        self.world.remember(where)

    @rule(
        where=where,
        text=st.sampled_from(["hi", "hi", "hi", "hi", "hi", "plan 2026-03-05", *WORDS]),
        age=st.sampled_from([None, None, -400 * DAY, SECOND, HOUR, 13 * DAY, 30 * DAY]),
        read=st.sampled_from(["not yet", "died", "counted", "answered", "answered"]),
    )
    def writes(self, where: str, text: str, age: timedelta | None, read: str) -> None:
        self.world.write(where, text, age=age)
        if read in {"died", "counted"}:
            self.world.observe(where, crash=read == "died")
        if read == "answered":
            self.world.finish(where)

    @rule(where=where, again=which)
    def is_delivered_again(self, where: str, again: int) -> None:
        known = [one for one in self.world.log if one["type"] == "message"]
        mine = [one["id"] for one in known if one["conversation"] == where]
        if mine:
            self.world.write(where, "hi", again=mine[again % len(mine)])

    @rule()
    def everybody_is_answered(self) -> None:
        for one in CONVERSATIONS:
            self.world.finish(one)

    @rule(where=where, forget=st.booleans())
    def is_remembered_or_forgotten(self, where: str, forget: bool) -> None:
        (self.world.forget if forget else self.world.remember)(where)

    @rule(where=where, hours=st.sampled_from([1, 5, 20, 22, 30, 300, 400]))
    def asks_for_a_reminder(self, where: str, hours: int) -> None:
        """Nothing is promised that would be refused, as far as anybody can know by now."""
        promised = self.world.remind(where, hours)
        if promised is not None:
            life = Life()
            for line in self.world.log:
                life.read(line)
            against = set(life.objections(where, {"at": promised})) - {"waiting"}
            assert not against, f"{where} is promised {promised} against {against}"

    # -- what stands in the way, and what takes it away again --------------------------------

    @rule(where=where, event=st.sampled_from(TROUBLES))
    def has_a_trouble(self, where: str, event: str) -> None:
        happen(self.world, where, event)

    @rule(where=where)
    def is_free_again(self, where: str) -> None:
        self.world.lift(where)

    @rule(where=where, zone=st.sampled_from(ZONES))
    def tells_where_they_are(self, where: str, zone: str | None) -> None:
        self.world.of_contact("profile", where, timezone=zone)

    @rule(policy=st.sampled_from([OPEN, *POLICIES]), released=st.sampled_from([True] * 5 + [False]))
    def everything_restarts(self, policy: Policy, released: bool) -> None:
        """Other limits hold, and other personas are released, from the next start on."""
        self.world.kill_all()
        self.world.set_policy(policy)
        self.world.set_released(released)
        self.world.start_rasa()
        self.world.start_actions()

    # -- time and processes ----------------------------------------------------------------

    @rule(span=forward)
    def time_passes(self, span: timedelta) -> None:
        self.world.clock.wind(span)

    @rule(span=backward)
    def the_clock_is_set_back(self, span: timedelta) -> None:
        self.world.clock.wind(-span)

    @rule(
        where=where,
        free=st.sampled_from([True, True, False]),
        point=st.sampled_from(POINTS),
        event=st.sampled_from(EVENTS),
        answer=st.sampled_from(["accepted", *ANSWERS]),
        to_the_end=st.booleans(),
    )
    def something_happens_on_the_way(
        self, where: str, free: bool, point: str, event: str, answer: str, to_the_end: bool
    ) -> None:
        """Have a follow-up earned and due, and at a point of its way something happen."""
        if free:
            self.world.lift(where)
            self.world.finish(where)
        self.talks(where)
        self.world.platform.answer = answer
        self.world.go_to(point)
        happen(self.world, where, event)
        if to_the_end:
            self.world.finish_turns()

    @rule(servers=st.integers(1, 3), steps=st.integers(0, 25))
    def what_is_due_is_on_its_way(self, servers: int, steps: int) -> None:
        """Go to the next due time and let some dispatchers work up to some point."""
        self.world.go_to_due()
        for index in range(servers):
            self.world.dispatch(index)
        for _ in range(steps):
            self.world.step(0)

    @rule(index=which, times=st.integers(1, 12))
    def a_task_goes_on(self, index: int, times: int) -> None:
        for _ in range(times):
            self.world.step(index)

    @rule(index=which)
    def the_database_is_away(self, index: int) -> None:
        self.world.step(index, fail=True)

    @rule(answer=st.sampled_from(["accepted", *ANSWERS]))
    def the_platform_answers(self, answer: str) -> None:
        self.world.platform.answer = answer

    @precondition(lambda self: len(self.world.actions) < 3)
    @rule()
    def another_action_server_starts(self) -> None:
        self.world.start_actions()

    @rule(where=where, event=st.sampled_from(["a dispatcher dies", "rasa dies", "rasa restarts"]))
    def a_process_dies(self, where: str, event: str) -> None:
        happen(self.world, where, event)

    @rule(index=which)
    def a_call_to_rasa_times_out(self, index: int) -> None:
        self.world.time_out(index)

    # -- what must hold --------------------------------------------------------------------

    @invariant()
    def nothing_was_sent_that_must_not_be(self) -> None:
        if len(self.world.log) != self.judged and self.world.log[-1]["type"] in _TELLING:
            self.judged = len(self.world.log)
            assert not (found := violations(self.world.log)), found
        assert not self.world.stage.failures, self.world.stage.failures

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            assert not (found := violations(self.world.log)), found
            if self.peaceful:
                for one in CONVERSATIONS:
                    self.world.lift(one)
            assert not (found := waiting.forgotten(self.world)), found
            assert not (found := violations(self.world.log)), found
            assert not self.world.stage.failures, self.world.stage.failures
        finally:
            self.world.close()


_TELLING = {"spent", "posted", "repeated"}


def test_the_gate_on_sqlite(machine: Callable[..., None]) -> None:
    machine("sqlite://", examples=150, steps=60)


@pytest.mark.postgres
def test_the_gate_on_postgresql(machine: Callable[..., None], postgres_url: str) -> None:
    machine(postgres_url, examples=8, steps=40)


@pytest.fixture
def machine(capsys: pytest.CaptureFixture[str]) -> Callable[..., None]:
    """Return a function that runs lives on a database and prints how many, from which seed."""
    number = first_seed()

    def run(url: str, *, examples: int, steps: int) -> None:
        engine = make_engine(url)
        migrate(engine)
        lives = type("Lives", (Gate,), {"engine": engine})
        count = max(1, int(examples * TIMES))
        profile = settings.get_profile("scenario")
        with capsys.disabled():
            sys.stdout.write(f"\n{count} lives of {steps} steps on {url[:6]}, seed {number}\n")
        try:
            run_state_machine_as_test(
                seed(number)(lives),
                settings=settings(profile, max_examples=count, stateful_step_count=steps),
            )
        finally:
            engine.dispose()

    return run
