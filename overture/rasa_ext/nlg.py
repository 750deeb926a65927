"""The voice of the personas inside Rasa: ``utter_greet`` becomes a line of whoever speaks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from random import Random
from typing import Any

from rasa.core.nlg import NaturalLanguageGenerator, TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from overture.personas import Card
from overture.personas.lines import Template
from overture.personas.responses import MEMORY
from overture.rasa_ext.casting import Cast, cast, spoken_to
from overture.rasa_ext.live import heard
from overture.rasa_ext.ports import Fact, Runtime
from overture.rasa_ext.transcript import Transcript
from overture.rasa_ext.voice import compose


class PersonaNLG(NaturalLanguageGenerator):
    """Say a response in the words of the persona that the conversation belongs to.

    Named in ``endpoints.yml``. A response that no persona knows is said as in the domain.
    """

    def __init__(
        self,
        endpoint_config: EndpointConfig | None = None,
        domain: Domain | None = None,
        *,
        personas: Cast | None = None,
        runtime: Callable[[], Runtime] | None = None,
        rng: Random | None = None,
    ) -> None:
        """Take Rasa's two arguments; the others are for tests."""
        self._cast = personas or cast()
        self._cast.warm_up()
        self._runtime = runtime or _own_runtime
        self._responses = domain.responses if domain else {}
        self._rng = rng or Random()  # noqa: S311  # chooses among lines, no secret

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """Return the message for a response, with the id of its line as metadata."""
        responses = kwargs.pop("domain_responses", None) or self._responses
        key = utter_action.removeprefix("utter_")
        card = self._cast.card(spoken_to(tracker, output_channel), output_channel)
        if card is not None:
            facts, now = await self._known(card, key, tracker, output_channel)
            message = compose(
                card,
                key,
                heard=Transcript.read(heard(tracker)),
                facts=facts,
                values=_texts(kwargs),
                rng=self._rng,
                now=now,
            )
            if message:
                return message
        plain = TemplatedNaturalLanguageGenerator(responses)
        found = await plain.generate(utter_action, tracker, output_channel, **kwargs)
        return None if found is None else {**found, "utter_action": utter_action}

    async def _known(
        self, card: Card, key: str, tracker: DialogueStateTracker, channel: str
    ) -> tuple[Sequence[Fact], datetime | None]:
        """Return memories and the time, read only where a line of the key asks for them."""
        if not any(_personal(line) for line in card.lines.get(key, ())):
            return (), None
        runtime = self._runtime()
        conversation = self._cast.conversation(spoken_to(tracker, channel), channel)
        return await runtime.facts(str(conversation)), runtime.clock.now()


def _personal(line: Template) -> bool:
    return bool(line.needs or line.without or line.placeholders & MEMORY)


def _own_runtime() -> Runtime:
    from overture.bootstrap import runtime  # the composition root, built at first use

    return runtime()


def _texts(values: dict[str, Any]) -> dict[str, object]:
    return {key: value for key, value in values.items() if isinstance(value, str)}
