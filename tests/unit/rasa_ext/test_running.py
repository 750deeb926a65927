"""A pipeline run in order gives what dask gives."""

from __future__ import annotations

import inspect

import pytest
import rasa
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner

from overture.rasa_ext import running

STOCK = DaskGraphRunner.run


class Adds(GraphComponent):
    """Add what it is given to a number of its own."""

    def __init__(self, config):
        self._own = config["own"]

    @classmethod
    def create(cls, config, model_storage, resource, execution_context):
        return cls(config)

    def add(self, **given):
        return self._own + sum(given.values())

    def fail(self, **given):
        raise RuntimeError("no")


def node(own: int, fn: str = "add", **needs: str) -> SchemaNode:
    return SchemaNode(needs=needs, uses=Adds, constructor_name="create", fn=fn, config={"own": own})


def runner(**nodes: SchemaNode) -> DaskGraphRunner:
    schema = GraphSchema(dict(nodes))
    return DaskGraphRunner.create(schema, None, ExecutionContext(schema))


@pytest.fixture
def graph() -> DaskGraphRunner:
    return runner(
        last=node(1, one="left", other="right"),
        right=node(20, one="first"),
        left=node(300, one="first", other="__message__"),
        first=node(4000, one="__message__"),
        aside=node(7, one="first"),
    )


@pytest.mark.parametrize("targets", [["last"], ["last", "aside"], ["first"], ["aside", "left"]])
def test_it_gives_what_dask_gives(graph, targets):
    for message in (50_000, 60_000):
        inputs = {"__message__": message}
        ours = running.run_in_order(graph, inputs, targets)
        assert ours == STOCK(graph, inputs, targets)


def test_a_component_that_lacks_something_is_an_error(graph):
    with pytest.raises(GraphRunError):
        running.run_in_order(graph, {}, ["last"])


def test_a_component_that_fails_is_an_error_as_with_dask():
    broken = runner(only=node(1, fn="fail"))
    for run in (running.run_in_order, STOCK):
        with pytest.raises(Exception) as caught:  # noqa: PT011 - whichever dask makes of it
            run(broken, {}, ["only"])
        assert "only" in str(caught.value)


def test_the_method_that_is_replaced_is_still_that_of_rasa():
    assert list(inspect.signature(STOCK).parameters) == ["self", "inputs", "targets"]
    assert rasa.__version__ == running.TESTED


def test_another_release_of_rasa_keeps_its_own(monkeypatch):
    monkeypatch.setattr(DaskGraphRunner, "run", STOCK)
    monkeypatch.setattr(rasa, "__version__", "3.7.0")
    running.install()
    assert DaskGraphRunner.run is STOCK
    monkeypatch.setattr(rasa, "__version__", running.TESTED)
    running.install()
    assert DaskGraphRunner.run is running.run_in_order
