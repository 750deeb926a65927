"""Memory extraction and screening: texts a second on one core."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from functools import partial

from bench.results import Finding, Measured, Row, at_least
from bench.running import Contender, Run
from bench.seeding import NOW
from overture.memory import extract
from overture.safety import screen

#: What people write: talk, plans, tastes, requests. Numbers make every text a new one.
_TEXTS = (
    "My name is Sam and I live in Lisbon.",
    "We have a movie night on Friday, the {n}th of them.",
    "I really love Vertigo but I can't stand musicals",
    "actually it's Samuel, not Sam",
    "what should I watch with my sister tonight? she is {n}",
    "haha yes that one was great",
    "please stop writing to me at {n} in the morning",
    "I am a nurse, work nights, and my birthday is on the 3rd of May",
    "do you remember what I said about Bernard Herrmann?",
    "not in the mood for anything long, {n} minutes at most",
)
#: One pattern over the text: no tool that reads at all is faster.
_ONE_PATTERN = re.compile(r"\b(my name is|i live in|i love|i am)\b", re.IGNORECASE)


def run(run: Run) -> list[Finding]:
    """Measure both over the same texts."""
    count = run.size(100, 3_000)
    texts = [_TEXTS[number % len(_TEXTS)].format(n=number) for number in range(count)]
    tokens = _tokenizer()
    rows = run.interleave(
        "texts",
        [
            _contender("extract facts", "ours", texts, lambda text: extract(text, NOW, None)),
            _contender("screen", "ours", texts, screen),
            _contender("spaCy's tokenizer alone", "other", texts, tokens),
            _contender("one regular expression", "raw", texts, _ONE_PATTERN.search),
        ],
    )
    return [_table(rows)]


def _tokenizer() -> Callable[[str], object]:
    import spacy

    return spacy.blank("en").make_doc


def _contender(
    name: str, role: str, texts: Sequence[str], work: Callable[[str], object]
) -> Contender:
    work(texts[0])  # what is loaded at the first text is not measured
    return Contender(name=name, role=role, measure=partial(_rate, texts, work))  # type: ignore[arg-type]


def _rate(texts: Sequence[str], work: Callable[[str], object]) -> float:
    begun = time.process_time()
    for text in texts:
        work(text)
    return len(texts) / (time.process_time() - begun)


def _table(rows: list[Row]) -> Measured:
    return Measured(
        title="Texts read, one core",
        unit="per second of CPU",
        rows=rows,
        goals=[at_least("extraction over 1,000/s", rows[0].median, 1_000, "/s")],
        how="Ten sentences in turn, with numbers that change, so that no cache knows them all.",
    )
