"""Procrastinate on PostgreSQL, ten jobs at a time in one worker."""

from __future__ import annotations

import asyncio
import logging
import sys

import procrastinate
from clockwork import Jobs

_CONCURRENT = 10


async def main() -> None:
    """Defer jobs and run them, or go on with what is left."""
    logging.disable(logging.CRITICAL)
    mode, url, count, path = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
    jobs = Jobs(*path)
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url))

    @app.task(name="job")
    async def run(number: int) -> None:
        jobs(number)

    async with app.open_async():
        if mode in ("run", "seed"):
            await app.schema_manager.apply_schema_async()
            for start in range(0, count, 1000):
                numbers = range(start, min(start + 1000, count))
                await run.batch_defer_async(*({"number": number} for number in numbers))
        if mode != "seed":
            await app.run_worker_async(
                wait=False, concurrency=_CONCURRENT, install_signal_handlers=False
            )
    if mode != "seed":
        jobs.report()


if __name__ == "__main__":
    asyncio.run(main())
