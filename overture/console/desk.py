"""What every page needs: the ledger, the templates, the session; one transaction a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sanic.exceptions import NotFound
from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from overture.console import wording
from overture.console.access import Access
from overture.console.rendering import HEADERS, Templates
from overture.errors import ConfigurationError, InvalidCard
from overture.store.sql import SqlLedger
from overture.use_cases import UseCases

#: What a page shows, read in one transaction; None if there is no such thing.
Gather = Callable[[SqlLedger, datetime], Mapping[str, Any] | None]
T = TypeVar("T")
#: Names what is wrong with a persona's lines, by its id; None where it cannot be told.
Lint = Callable[[str], Sequence[str] | None]

KILL_SWITCH = "kill_switch"
#: Most personas that are offered in a list to choose from.
_CHOICES = 200


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Hold the parts of the console."""

    parts: UseCases
    access: Access
    templates: Templates
    lint: Lint
    #: Intents of the dialogue, to choose from.
    intents: Sequence[str] = ()

    async def show(
        self, request: Request, template: str, gather: Gather, status: int = 200
    ) -> HTTPResponse:
        """Answer with a page of what the ledger holds."""
        now = self.parts.clock.now()

        def read(ledger: SqlLedger) -> tuple[Mapping[str, Any] | None, bool]:
            return gather(ledger, now), ledger.switch(KILL_SWITCH) == "on"

        values, stopped = await self.parts.read(read)
        if values is None:
            raise NotFound("there is no such thing")
        return self.page(request, template, status, now=now, stopped=stopped, **values)

    async def act(self, work: Callable[[SqlLedger, datetime], T]) -> T:
        """Run one transaction that changes something."""
        now = self.parts.clock.now()
        return await self.parts.write(lambda ledger: work(ledger, now))

    def page(
        self, request: Request, template: str, status: int = 200, /, **values: Any
    ) -> HTTPResponse:
        """Answer with a page."""
        session = getattr(request.ctx, "session", None)
        common = {
            "now": self.parts.clock.now(),
            "stopped": False,
            "done": wording.DONE.get(request.args.get("done", "")),
            "form_key": self.access.form_key(session) if session else "",
            "signed_in": bool(self.access.token and session),
            "persona_name": self.persona_name,
            "new_key": self.access.new_key,
            "intents": self.intents,
        }
        return self.templates.page(template, status, **(common | values))

    def persona_names(self) -> dict[str, str]:
        """Return the names of the personas to choose from, by id."""
        return {one: self.persona_name(one) for one in self.parts.registry.ids()[:_CHOICES]}

    def persona_name(self, persona_id: str) -> str:
        """Return the name of a persona, or its id if its card cannot be read."""
        try:
            return self.parts.registry.get(persona_id).name
        except (InvalidCard, ConfigurationError):
            return persona_id


def go_to(address: str) -> HTTPResponse:
    """Send the browser on after a form."""
    return redirect(address, headers=dict(HEADERS), status=303)
