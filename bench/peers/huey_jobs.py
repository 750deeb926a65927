"""Huey with one worker thread: on SQLite (a file) or on Redis (a URL)."""

from __future__ import annotations

import logging
import sys
from datetime import datetime, timedelta

from clockwork import Jobs
from huey import Huey, RedisHuey, SqliteHuey


def main() -> None:
    """Put jobs into the schedule and run them, go on with what is left, or clear it away."""
    logging.disable(logging.CRITICAL)
    mode, store, count, path = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
    jobs, queue = Jobs(*path), _queue(store)

    @queue.task()
    def run(number: int) -> None:
        jobs(number)

    if mode in ("run", "seed"):
        due = datetime.now() - timedelta(seconds=1)  # noqa: DTZ005 - Huey takes local times
        for number in range(count):
            queue.add_schedule(run.s(number, eta=due))
    if mode == "flush":
        queue.flush()
    if mode in ("seed", "flush"):
        return
    left = len(queue.scheduled()) + len(queue.pending())
    consumer = queue.create_consumer(workers=1, initial_delay=0.001, max_delay=0.05)
    consumer.start()
    if left:
        jobs.wait(left)
    consumer.stop(graceful=False)
    jobs.report()


def _queue(store: str) -> Huey:
    if store.startswith("redis:"):
        return RedisHuey("overture-bench", url=store, results=False)
    return SqliteHuey("overture-bench", filename=store, results=False, fsync=True)


if __name__ == "__main__":
    main()
