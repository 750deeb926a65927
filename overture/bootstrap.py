"""The composition root: the only place that chooses implementations."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import threading
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from overture.accounts import Account, ChannelConfig
from overture.clock import Clock, DemoClock, SystemClock
from overture.delivery.alerting import Alarm
from overture.delivery.graph import GraphClient
from overture.delivery.intake import Intake
from overture.delivery.names import PersonaNames
from overture.delivery.proactive import ProactiveSender
from overture.delivery.sender import Sender
from overture.delivery.speaking import RasaSpeaker
from overture.delivery.tidying import TidyUp
from overture.delivery.turns import Turns, Worker
from overture.delivery.watching import Watch
from overture.dispatcher import Dispatcher
from overture.errors import ConfigurationError, InvalidCard, StoreUnavailable
from overture.personas import Registry, plain
from overture.policy_file import load_limits
from overture.services.deployment import Deployment, PersonaStanding
from overture.services.keeping import Keeping
from overture.settings import Settings
from overture.store.database import Database
from overture.store.migrations import migrate
from overture.store.records import Inbound
from overture.store.sql import SqlLedger
from overture.use_cases import UseCases
from overture.workers import name_worker, settle_down

logger = logging.getLogger(__name__)

#: How many personas are read before somebody asks for them.
_WARM_PERSONAS = 20


class Runtime(UseCases):
    """Hold the parts of one process, built when they are first asked for."""

    def __init__(self, settings: Settings, *, clock: Clock | None = None) -> None:
        self.settings = settings
        #: Filled by the connectors of this process as Rasa makes them.
        self.channels: dict[str, ChannelConfig] = {}
        #: Rasa's tracker store in this process, once Rasa has made it.
        self.trackers: Any = None
        self.registry = Registry.load(settings.personas, reload=settings.demo)
        deployment = make_deployment(settings, self.registry, self.channels)
        super().__init__(
            database=open_database(settings),
            clock=clock or make_clock(settings),
            deployment=deployment,
            registry=self.registry,
            rng=Random(),  # noqa: S311 - chooses among lines, guards nothing
            default_persona=settings.default_persona,
        )
        #: Channels whose accounts the database does not know yet.
        self._unannounced: list[ChannelConfig] = []
        self.worker = Worker(owner=name_worker("work"), lease=settings.lease, clock=SystemClock())
        self.graph = GraphClient(self.channels)
        self.sender = Sender(self.database, self.graph, self.clock, deployment)
        self.names = PersonaNames(
            self.database, self.graph, self.channels, self.clock, self._name_of
        )
        self.sender.names = self.names
        self.watch = Watch(self.database, self.sender, self.worker)
        self.turns = Turns(self.database, self.clock, deployment, self.sender, self.worker)
        self.turns.apologise = lambda message: apology(message, self.registry, self._rng)
        self.intake = Intake(self.database, self.clock, deployment, self.turns, self.worker)
        self.proactive = ProactiveSender(
            self.database, self.clock, deployment, self.sender, self.worker
        )

        self.tidy_up = TidyUp(
            self.database,
            self.worker.clock,
            Keeping(
                messages=settings.keep_messages,
                requests=settings.keep_requests,
                decisions=settings.keep_decisions,
            ),
        )

    def _name_of(self, persona_id: str) -> str | None:
        try:
            return self.registry.get(persona_id).name
        except (InvalidCard, ConfigurationError):
            return None

    def add_channel(self, config: ChannelConfig) -> None:
        """Let this process send and receive on the accounts of a channel."""
        self.channels[config.channel] = config

    def drop_history(self, conversation_id: str) -> None:
        """Forget the live tracker of a conversation in this process."""
        if self.trackers is not None:
            self.trackers.drop(conversation_id)

    def warm_up(self) -> None:
        """Load what the first message would otherwise wait for, beside the event loop."""
        threading.Thread(target=self._load, name="overture-warm-up", daemon=True).start()

    def _load(self) -> None:
        now = self.clock.now()
        self.deployment.extract("We have a movie night on Friday.", now, None)
        self.deployment.screen("Please stop.")
        for persona_id in self.registry.ids()[:_WARM_PERSONAS]:
            with contextlib.suppress(InvalidCard, ConfigurationError):
                self.registry.knowledge(persona_id)

    async def announce(self, config: ChannelConfig) -> None:
        """Note the accounts of a channel where every process can see them.

        A database that is away at the start of a server does not end it: it is done later.
        """
        self._unannounced.append(config)
        with contextlib.suppress(StoreUnavailable):
            await self._announce()

    async def _announce(self) -> None:
        configs = tuple(self._unannounced)

        def describe(ledger: SqlLedger) -> None:
            for config in configs:
                for account in config.accounts.values():
                    ledger.describe_account(config.channel, account.id, _detail(account))

        if configs:
            await self.write(describe)
            del self._unannounced[: len(configs)]

    async def keep_working(self) -> None:
        """Do what this process does besides answering webhooks, for ever."""
        settle_down()
        await asyncio.gather(self._keep(), self.watch.run())

    async def _keep(self) -> None:
        """Take up abandoned work now and then, and keep what is being worked on."""
        while True:
            try:
                await self._announce()
                await self.turns.renew()
                await self.turns.take_over()
                await self.tidy_up.when_due()
            except StoreUnavailable as error:
                logger.warning("worker.waiting error=%s", error)
            except Exception as error:  # noqa: BLE001 - without this task, work would be lost
                logger.error("worker.failed error=%s", type(error).__name__)
            await asyncio.sleep(self.settings.lease.total_seconds() / 3)


def _detail(account: Account) -> dict[str, Any]:
    known = {
        "timezone": account.timezone,
        "persona": account.persona,
        "display_number": account.display_number,
        "template": dict(account.follow_up_template or {}),
        "human_agent": account.human_agent,
    }
    return {name: value for name, value in known.items() if value}


def apology(message: Inbound, registry: Registry, rng: Random) -> str | None:
    """Return what a persona says where it has no answer; help in a crisis comes first."""
    key = "crisis" if "crisis" in message.labels else "trouble"
    persona_id = (message.conversation_id or "").rsplit(":", 1)[-1]
    try:
        line = registry.get(persona_id).line(key, rng=rng)
    except (InvalidCard, ConfigurationError):
        line = plain.line(key, (), {}, None)
    return None if line is None else line.text


def make_dispatcher(parts: UseCases, settings: Settings) -> Dispatcher:
    """Return a dispatcher for the database of these use cases."""
    return Dispatcher(
        parts.database,
        parts.clock,
        parts.deployment,
        RasaSpeaker(settings.rasa_url, settings.rasa_token),
        owner=name_worker("dispatch"),
        lease=settings.lease,
    )


def make_alarm(parts: UseCases, settings: Settings) -> Alarm:
    """Return what tells the address in the settings, if there is one, what needs a human."""
    return Alarm(parts.database, SystemClock(), settings.alert_url, settings.alert_secret)


def make_clock(settings: Settings) -> Clock:
    """Return the machine's clock, or the shared one of a demo."""
    return DemoClock(settings.demo_clock) if settings.demo else SystemClock()


def open_database(settings: Settings) -> Database:
    """Return the database with the newest schema."""
    file = settings.database_url.removeprefix("sqlite:///")
    if file and file != settings.database_url:
        Path(file).resolve().parent.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    migrate(database.engine)
    return database


def make_deployment(
    settings: Settings, registry: Registry, channels: Mapping[str, ChannelConfig]
) -> Deployment:
    """Return what use cases need to know of this deployment."""
    from overture.memory import extract
    from overture.numbers import place_of
    from overture.safety import screen

    def extracted(text: str, now: datetime, zone: str | None) -> Any:
        return extract(text, now, zone)

    limits = load_limits(settings.policy)
    return Deployment(
        policy=limits.general,
        policy_of=limits.of,
        version=limits.version,
        persona=lambda persona_id, contact_id: _standing(registry, persona_id),
        default_persona=lambda channel, account_id: _default(
            settings, channels, channel, account_id
        ),
        persona_by_ref=lambda ref: ref if ref in registry else None,
        screen=screen,
        extract=extracted,
        place_of_number=place_of,
        takeover=settings.takeover,
        alerts=bool(settings.alert_url),
    )


def _standing(registry: Registry, persona_id: str) -> PersonaStanding:
    try:
        card = registry.get(persona_id)
    except (InvalidCard, ConfigurationError):
        return PersonaStanding(released=False, visible=False)
    return PersonaStanding(released=card.status == "released", visible=card.audience != "private")


def _default(
    settings: Settings, channels: Mapping[str, ChannelConfig], channel: str, account_id: str
) -> str:
    config = channels.get(channel)
    account = config.accounts.get(account_id) if config else None
    return (account.persona if account else None) or settings.default_persona


@lru_cache(maxsize=1)
def runtime() -> Runtime:
    """Return the runtime of this process, built from the environment at the first call.

    Raises:
        ConfigurationError: a setting, the policy or the folder of personas is not usable.
    """
    return Runtime(Settings.read(os.environ))
