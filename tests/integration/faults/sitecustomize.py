"""Let a process of a test die at a named point: loaded by every Python that finds it on its path.

The file that `OVERTURE_TEST_FAULT` names holds one point. The first process that gets there takes
the file away and kills itself, as a power cut would. Nothing of this is part of the product.
"""

from __future__ import annotations

import functools
import importlib.machinery
import inspect
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

FILE = os.environ.get("OVERTURE_TEST_FAULT", "")


def reach(point: str, *, yes: bool = True) -> None:
    """Die here, if this is the point and nobody has died at it yet."""
    path = Path(FILE)
    if yes and path.exists() and path.read_text() == point:
        path.rename(f"{FILE}.{point}")  # fails for all but the first
        os.kill(os.getpid(), signal.SIGKILL)


def around(
    function: Callable[..., Any],
    before: str | None = None,
    after: str | None = None,
    when: Callable[..., bool] = lambda *_: True,
) -> Callable[..., Any]:
    """Return the function with a point before or after it, where its arguments are of interest."""

    @functools.wraps(function)
    async def waiting(*args: Any, **kwargs: Any) -> Any:
        reach(str(before), yes=before is not None and when(*args))
        result = await function(*args, **kwargs)
        reach(str(after), yes=after is not None and when(*args))
        return result

    @functools.wraps(function)
    def plain(*args: Any, **kwargs: Any) -> Any:
        reach(str(before), yes=before is not None and when(*args))
        result = function(*args, **kwargs)
        reach(str(after), yes=after is not None and when(*args))
        return result

    return waiting if inspect.iscoroutinefunction(function) else plain


def _dispatcher(module: Any) -> None:
    module.follow_up.claim_due = around(
        module.follow_up.claim_due, after="in the claim", when=lambda ledger, *_: True
    )
    module.Dispatcher._say = around(module.Dispatcher._say, before="claimed")
    module._settle = around(module._settle, before="acknowledging", after="in the acknowledgement")


def _proactive(module: Any) -> None:
    module.spend = around(module.spend, before="spending", after="in the spending")


def _sender(module: Any) -> None:
    def first(_: object, message: Any, *__: object) -> bool:
        return bool(message.kind == "follow_up")

    def reply(_: object, message: Any, *__: object) -> bool:
        return bool(message.kind == "reply")

    sender = module.Sender
    sender.deliver = around(sender.deliver, before="spent", when=first)
    sender.deliver = around(sender.deliver, before="marked", when=reply)
    sender._note = around(sender._note, before="sent", after="sent and noted", when=first)
    sender._note = around(sender._note, before="taken", when=reply)
    sender._send = around(sender._send, before="answered", when=reply)


def _intake(module: Any) -> None:
    module.Intake._store = around(module.Intake._store, after="storing")


def _turns(module: Any) -> None:
    module.Turns._turn = around(module.Turns._turn, before="stored")


def _rasa_turn(module: Any) -> None:
    module.RasaTurn.run = around(module.RasaTurn.run, after="in the turn")


def _use_cases(module: Any) -> None:
    module.UseCases.follow_up = around(module.UseCases.follow_up, after="composed")


_CHANGES: dict[str, Callable[[Any], None]] = {
    "overture.dispatcher": _dispatcher,
    "overture.delivery.intake": _intake,
    "overture.delivery.proactive": _proactive,
    "overture.delivery.sender": _sender,
    "overture.delivery.turns": _turns,
    "overture.rasa_ext.turn": _rasa_turn,
    "overture.use_cases": _use_cases,
}


class Finder:
    """Find the modules above as usual, and change them once they are loaded."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> Any:
        """Return the usual spec with a loader that does more."""
        if name not in _CHANGES:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            load = spec.loader.exec_module

            def exec_module(module: Any) -> None:
                load(module)
                _CHANGES[name](module)

            spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


if FILE:
    sys.meta_path.insert(0, Finder)  # type: ignore[arg-type]
