"""One connection to the action server, kept from call to call; Rasa opens a new one for each."""

from __future__ import annotations

import asyncio
from weakref import WeakKeyDictionary

import aiohttp
from rasa.core.constants import DEFAULT_REQUEST_TIMEOUT
from rasa.utils.endpoints import EndpointConfig

#: Seconds after which an idle connection is closed: before the action server does so (five),
#: so that no call goes out on one that is just being closed.
_IDLE = 2.0


class _Connector(aiohttp.TCPConnector):
    """Close without a complaint when the process ends."""

    def __del__(self) -> None:  # type: ignore[override]
        self._close()


class KeptEndpoint(EndpointConfig):
    """Be an endpoint whose calls share connections."""

    def __init__(self, endpoint: EndpointConfig) -> None:
        super().__init__()
        self.__dict__.update(endpoint.__dict__)
        self._connectors: WeakKeyDictionary[asyncio.AbstractEventLoop, _Connector] = (
            WeakKeyDictionary()
        )

    def session(self) -> aiohttp.ClientSession:
        """Return a session of its own for one call, on the connections of all."""
        loop = asyncio.get_running_loop()
        if loop not in self._connectors:
            self._connectors[loop] = _Connector(keepalive_timeout=_IDLE)
        basic = self.basic_auth
        return aiohttp.ClientSession(
            connector=self._connectors[loop],
            connector_owner=False,
            headers=self.headers,
            auth=aiohttp.BasicAuth(basic["username"], basic["password"]) if basic else None,
            timeout=aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT),
        )
