"""The processes that work: their names in leases, whether one is still there, their memory."""

from __future__ import annotations

import gc
import os
import socket
from uuid import uuid4

_own: set[str] = set()

#: New objects after which Python looks for those that hold each other and nobody else holds. It
#: usually looks after 700: that costs some 4 % of a webhook and of a follow-up, of a turn nothing.
_NEW_OBJECTS = 20_000


def name_worker(role: str) -> str:
    """Return a name for this process: ``host/pid/role/number``."""
    name = f"{socket.gethostname()}/{os.getpid()}/{role}/{uuid4().hex[:8]}"
    _own.add(name)
    return name


def is_gone(owner: str) -> bool:
    """Return whether a named process surely ended.

    Only processes of this machine can be asked after; for others the lease decides. A name
    with our own process id that is not ours was left by a process before us.
    """
    host, _, rest = owner.partition("/")
    pid, _, _ = rest.partition("/")
    if host != socket.gethostname() or not pid.isdigit():
        return False
    if int(pid) == os.getpid():
        return owner not in _own
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def settle_down() -> None:
    """Leave what is loaded out of collections, and collect more rarely; once all is loaded.

    A loaded model would cost 0.3 s at each full collection.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)
