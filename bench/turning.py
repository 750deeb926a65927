"""Whole deployments for the benchmarks of turns: Overture's, and the same bot on stock stores."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.databases import fresh_url
from bench.models import overture_model
from tests.integration.house import House

_STOCK = """
action_endpoint:
  url: "http://127.0.0.1:{port}/webhook"
nlg:
  type: overture.rasa_ext.nlg.PersonaNLG
tracker_store:
  type: SQL
  dialect: sqlite
  db: "{file}"
"""


class StockHouse(House):
    """Keep conversations in Rasa's own SQL tracker store, with Rasa's own lock store."""

    def _write_files(self) -> None:
        super()._write_files()
        text = _STOCK.format(port=self.actions_port, file=self.folder / "tracker.db")
        (self.folder / "endpoints.yml").write_text(text)


@contextmanager
def house(kind: str = "SQLite", *, stock: bool = False, graph: str = "") -> Iterator[House]:
    """Start Rasa and the action server on an empty database."""
    overture_model()
    with TemporaryDirectory(prefix="overture-bench-") as folder, fresh_url(kind) as url:
        made = (StockHouse if stock else House)(
            folder=Path(folder),
            database_url=url,
            graph_url=graph or "http://127.0.0.1:9",
            env={"LOG_LEVEL": "ERROR"},
        )
        try:
            made.overture("migrate")
            made.start_actions()
            yield made
        finally:
            made.stop()
