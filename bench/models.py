"""The models of the benchmarks: Overture's own, and a stock bot trained once per content."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from bench.running import Unavailable

ROOT = Path(__file__).parents[1]
_STOCK = Path(__file__).parent / "stock"
_MADE = ROOT / ".cache" / "bench"


def overture_model() -> Path:
    """Return Overture's trained model.

    Raises:
        Unavailable: it is not trained.
    """
    path = ROOT / "models" / "overture.tar.gz"
    if not path.exists():
        raise Unavailable("the model is not trained (make bench does it)")
    return path


def stock_model() -> Path:
    """Return the model of the stock bot; train it if it is not there yet."""
    name = f"stock-{_digest()}"
    path = _MADE / f"{name}.tar.gz"
    if not path.exists():
        _train(name)
    return path


def quiet_environment(**extra: str) -> dict[str, str]:
    """Return an environment in which Rasa reports nothing and warns little."""
    quiet = {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
        "LOG_LEVEL": "ERROR",
    }
    return {**os.environ, **quiet, **extra}


def _digest() -> str:
    files = sorted(path for path in _STOCK.rglob("*.yml"))
    content = b"".join(path.read_bytes() for path in files)
    return hashlib.sha256(content).hexdigest()[:12]


def _train(name: str) -> None:
    _MADE.mkdir(parents=True, exist_ok=True)
    sources = ["--config", "config.yml", "--domain", "domain.yml", "--data", "data"]
    target = ["--out", str(_MADE), "--fixed-model-name", name]
    subprocess.run(
        [sys.executable, "-m", "rasa", "train", *sources, *target],
        cwd=_STOCK,
        env=quiet_environment(),
        check=True,
        capture_output=True,
        timeout=300,
    )
