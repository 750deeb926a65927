"""APScheduler 3, which Rasa's reminders run on: ``memory`` or a SQLAlchemy URL as its store."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta, timezone
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from clockwork import Jobs

#: The jobs of this process, under the one name a store can keep.
JOBS: list[Jobs] = []


def job(number: int) -> None:
    """Run; stores keep a job by this name."""
    JOBS[0](number)


def main() -> None:
    """Add jobs and run them, or go on with those a killed process has left."""
    mode, store, count, path = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
    jobs = Jobs(*path)
    JOBS.append(jobs)
    scheduler = BackgroundScheduler(jobstores=_stores(store), timezone=timezone.utc)
    scheduler.start(paused=True)
    if mode in ("run", "seed"):
        due = datetime.now(timezone.utc) + timedelta(milliseconds=10)
        for number in range(count):
            scheduler.add_job(
                job, "date", run_date=due, args=[number], misfire_grace_time=None, id=str(number)
            )
    if mode == "seed":
        return
    left = len(scheduler.get_jobs())
    scheduler.resume()
    if left:
        jobs.wait(left)
    jobs.report()
    scheduler.shutdown(wait=False)


def _stores(store: str) -> dict[str, Any]:
    if store == "memory":
        return {}
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore

    return {"default": SQLAlchemyJobStore(url=store)}


if __name__ == "__main__":
    import apscheduler_jobs  # stores find the job under this name, not under __main__

    apscheduler_jobs.main()
