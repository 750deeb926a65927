"""Celery on Redis: tasks with an ETA, held and run by a worker of two processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import redis
from celery import Celery

URL = os.environ["OVERTURE_BENCH_CELERY_REDIS"]
app = Celery("celery_jobs", broker=URL)
app.conf.update(
    task_ignore_result=True, worker_prefetch_multiplier=0, worker_hijack_root_logger=False
)
_store = redis.Redis.from_url(URL)


@app.task(name="job")
def job(number: int, path: str | None) -> None:
    """Note that it ran."""
    _store.rpush("overture-bench:ran", f"{number} {time.time()}")
    if path:
        with Path(path).open("a") as file:
            file.write(f"{number}\n")


def main() -> None:
    """Send tasks, start a worker, wait for the last."""
    mode, count, path = sys.argv[1], int(sys.argv[2]), next(iter(sys.argv[3:]), None)
    _store.delete("overture-bench:ran")
    if mode in ("run", "seed"):
        _store.flushdb()
        due = datetime.now(timezone.utc) + timedelta(seconds=3 + count / 1500)
        with app.producer_pool.acquire() as producer:
            for number in range(count):
                job.apply_async((number, path), eta=due, producer=producer)
    if mode == "seed":
        return
    worker = _worker()
    try:
        _wait(count, float(os.environ.get("OVERTURE_BENCH_CELERY_WAIT", "60")))
    finally:
        worker.terminate()
        worker.wait(timeout=20)
    times = [float(one.split()[1]) for one in _store.lrange("overture-bench:ran", 0, -1)]
    seconds = max(times) - min(times) if times else 0
    print(json.dumps({"ran": len(times), "seconds": seconds}))


def _worker() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "celery", "-A", "celery_jobs", "worker"]
    options = ["--pool", "prefork", "--concurrency", "2", "--loglevel", "ERROR", "--without-gossip"]
    return subprocess.Popen(
        [*command, *options, "--without-mingle"],
        cwd=Path(__file__).parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _wait(count: int, limit: float) -> None:
    end = time.monotonic() + limit
    while _store.llen("overture-bench:ran") < count and time.monotonic() < end:
        time.sleep(0.1)


if __name__ == "__main__":
    main()
