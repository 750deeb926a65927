"""Lean calls to the action server: the newest events only, and a schema read once.

Rasa 3.6 sends the whole tracker and the whole domain with each call, and builds and checks
its schema of the answer anew each time, over a connection of its own: on a two-core machine
8 ms of a turn, more with each message of a talk. It has no setting for any of these, so two
methods of its caller are replaced.
"""

from __future__ import annotations

from collections.abc import Reversible
from functools import lru_cache
from itertools import islice
from typing import Any

import rasa
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.utils.endpoints import EndpointConfig

from overture.rasa_ext.kept import KeptEndpoint

#: How many events an action gets to see: about ten turns.
NEWEST = 80
#: The action servers of this process, each with what Rasa knows it by.
_kept: list[tuple[EndpointConfig, KeptEndpoint]] = []


def install() -> None:
    """Let Rasa call its action server the lean way; a second call changes nothing."""
    RemoteAction._action_call_format = _call_format
    RemoteAction._validate_action_result = _validate


def _call_format(
    action: RemoteAction, tracker: DialogueStateTracker, domain: Domain
) -> dict[str, Any]:
    """Return the body of a call, which goes over a kept connection; our actions need no domain."""
    action.action_endpoint = kept(action.action_endpoint)
    state = tracker.current_state(EventVerbosity.NONE)
    return {
        "next_action": action.name(),
        "sender_id": tracker.sender_id,
        "tracker": {**state, "events": newest(tracker.events)},
        "domain": {},
        "version": rasa.__version__,
    }


def kept(endpoint: EndpointConfig | None) -> EndpointConfig | None:
    """Return an endpoint as one that keeps its connections."""
    if endpoint is None or isinstance(endpoint, KeptEndpoint):
        return endpoint
    known = next((made for given, made in _kept if given is endpoint), None)
    if known is None:
        known = KeptEndpoint(endpoint)
        _kept.append((endpoint, known))
    return known


def newest(events: Reversible[Event]) -> list[dict[str, Any]]:
    """Return the newest events as JSON, the oldest first.

    Args:
        events: those of a tracker, the oldest first.
    """
    kept = list(islice(reversed(events), NEWEST))
    return [event.as_dict() for event in reversed(kept)]


def _validate(action: RemoteAction, result: dict[str, Any]) -> bool:
    """Refuse an answer that is none.

    Raises:
        jsonschema.ValidationError: as Rasa's own check does.
    """
    _validator().validate(result)
    return True


@lru_cache(maxsize=1)
def _validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    return validator_for(schema)(schema)
