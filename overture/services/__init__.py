"""Use cases. Each takes its ports as parameters and knows neither SQL, Rasa nor HTTP."""

from __future__ import annotations
