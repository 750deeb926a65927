"""``overture dispatch``: a dispatcher alone, beside those in action servers."""

from __future__ import annotations

import asyncio
import logging
import signal

import click


@click.command()
def command() -> None:
    """Start a dispatcher alone; any number of them share the work of one database."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    asyncio.run(_run())


async def _run() -> None:
    from overture.bootstrap import make_dispatcher, runtime
    from overture.workers import settle_down

    parts = runtime()
    settle_down()
    task = asyncio.ensure_future(make_dispatcher(parts, parts.settings).run())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        parts.database.close()
