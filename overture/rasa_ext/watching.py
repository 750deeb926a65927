"""Notice that an action failed: Rasa logs it and goes on as if the action had said nothing."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig

#: Errors of the action server in the turn that runs in this context.
_failed: ContextVar[list[str] | None] = ContextVar("overture_failed_actions", default=None)


class WatchedActions:
    """Look over the calls of one action server."""

    def __init__(self) -> None:
        self._watched: EndpointConfig | None = None

    def begin(self) -> list[str]:
        """Return a list that will hold the errors of the turn that begins here."""
        failed: list[str] = []
        _failed.set(failed)
        return failed

    def watch(self, endpoint: EndpointConfig) -> None:
        """Note from now on how calls of an endpoint end."""
        if self._watched is endpoint or getattr(endpoint, "overture_watched", False):
            return
        self._watched, request = endpoint, endpoint.request

        async def watched(*args: Any, **kwargs: Any) -> Any:
            try:
                return await request(*args, **kwargs)
            except Exception as error:
                failed = _failed.get()
                if failed is not None and not _is_answer(error):
                    failed.append(type(error).__name__)
                raise

        endpoint.request = watched
        endpoint.overture_watched = True


def _is_answer(error: Exception) -> bool:
    """Return whether an error is an action's own no, or that there is no such action."""
    return isinstance(error, ClientResponseError) and error.status < 500
