"""Run a trained pipeline in an order worked out once.

Rasa 3.6 has dask plan the same graph anew for each message and each prediction: a seventh of
a turn. It has no setting for another runner, so the method that runs the graph is replaced.
Components, their order and what they are given stay the same.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter
from typing import Any
from weakref import WeakKeyDictionary

import rasa
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner

logger = logging.getLogger(__name__)

#: The release whose runner was read.
TESTED = "3.6.21"

#: A component, and the names of what it is given.
_Step = tuple[GraphNode, tuple[str, ...]]
_plans: WeakKeyDictionary[DaskGraphRunner, dict[tuple[str, ...], list[_Step]]] = WeakKeyDictionary()


def install() -> None:
    """Let Rasa run its graphs in order; a second call changes nothing."""
    if rasa.__version__ != TESTED:
        logger.warning("graph.left_to_dask rasa=%s tested=%s", rasa.__version__, TESTED)
        return
    DaskGraphRunner.run = run_in_order


def run_in_order(
    runner: DaskGraphRunner,
    inputs: Mapping[str, Any] | None = None,
    targets: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Run the components that the targets need, each after those it needs.

    Raises:
        GraphRunError: a component lacks what it needs.
    """
    wanted = tuple(targets or runner._graph_schema.target_names)
    plans = _plans.setdefault(runner, {})
    if wanted not in plans:
        plans[wanted] = _plan(runner, wanted)
    results: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
    try:
        for node, needs in plans[wanted]:
            name, output = node(*(results.get(need, need) for need in needs))
            results[name] = (name, output)
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error
    return {name: results[name][1] for name in wanted}


def _plan(runner: DaskGraphRunner, targets: tuple[str, ...]) -> list[_Step]:
    nodes = runner._graph_schema.minimal_graph_schema(list(targets)).nodes
    needs = {name: tuple(node.needs.values()) for name, node in nodes.items()}
    order = TopologicalSorter(needs).static_order()
    return [(runner._instantiated_nodes[name], needs[name]) for name in order if name in nodes]
