"""What a message means in its talk where its words alone do not tell: a title, a mood. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from overture.personas import Knowledge
from overture.personas.knowledge import Match
from overture.personas.knowledge.folding import folded
from overture.personas.knowledge.words import COUNTRIES, GENRES, MOODS, NEGATIONS
from overture.personas.phrasing import word_set

#: Response keys whose lines ask for a mood, a genre or an item.
ASKING = word_set(
    "greet greet_again help affirm ask_mood ask_plan noted_plan rejected recommend_none small_talk "
    "unclear_first unclear_second nice_name deny"
)
#: Response keys whose lines ask which item is meant or loved, so that any word may be a title.
ASKING_WHICH = word_set(
    "greet greet_again nice_name ask_favorite noted_like unknown_work repair opinion unclear_first"
)
#: Response keys that leave a recommendation on the table.
OFFERED = word_set("recommend another rejected")
#: Intents that say nothing of what a persona knows; an item named in the message speaks louder.
_ELSEWHERE = word_set(
    "nlu_fallback get_started greet goodbye affirm deny unsure how_are_you small_talk joke "
    "compliment emoji_only share_attachment rude who_are_you bot_challenge help "
    "switch_persona ask_human medical legal off_topic tell_name tell_fact memory_question "
    "memory_source forget_that erase_request stop_remembering export_request why_question ask_why "
    "opt_out opt_in pause_contact remind_me minor crisis"
)
#: A guess as sure as this stands, whatever the message names.
_SURE = 0.8
#: A guess as sure as this stands against a mere part of a title.
_HALF = 0.5
#: The score from which a title is more than a part.
_WHOLE = 0.8
#: An intent weaker than this is no better than talk about the item.
_FAINT = 0.08
#: Longer messages are sentences, whose words the classifier weighs better.
_SHORT = 8
#: Words around a title that say nothing more about it.
_AROUND = word_set(
    "a about actually ah also an and by definitely er film guess hm hmm i id in is it its just "
    "lets maybe me movie n of oh ok okay one or perhaps please pls probably really say score "
    "soundtrack that the then think this today tonight u um was well with would yeah yep yes you"
)
#: Words around a mood or a genre.
_WISHING = word_set(
    "a an and any anything film films for from give in kind maybe me mood movie movies music n ok "
    "okay one ones or perhaps please pls really score scores smth some something song soundtrack "
    "soundtracks stuff then to today tonight yeah yes"
)
#: Moods that are as often said of what has been seen.
_SAID_OF = word_set(
    "beautiful big epic exciting fast fun funny happy inspiring lovely quiet sad silly strange "
    "sweet thrilling weird"
)
_DEGREE = re.compile(r"\b[^\W\d_]{3,}er\b", re.IGNORECASE)
_DECADE = re.compile(r"(?:18|19|20)?[0-9]0s")


def positive(text: str) -> str:
    """Return a text with words of degree made plain: ``darker`` says ``dark``."""
    return _DEGREE.sub(lambda match: _plain_word(match[0]), text)


def _plain_word(word: str) -> str:
    stem = word.casefold().removesuffix("r").removesuffix("e")
    forms = (stem, stem + "e", stem[:-1] + "y", stem[:-1])
    return next((form for form in forms if form in MOODS), word)


def meant(
    text: str,
    named: Sequence[Match],
    ranking: Sequence[tuple[str, float]],
    knowledge: Knowledge,
    last_key: str,
) -> str | None:
    """Return the intent that what the persona knows gives a message; None leaves the guess.

    Args:
        text: the person's words.
        named: what ``knowledge`` found in them.
        ranking: intents with their confidence, the best guess first.
        knowledge: what the persona knows.
        last_key: response key of what the persona said last, empty at the beginning.
    """
    rest = set(folded(_without([(match.start, match.end) for match in named], text)))
    if named and not rest - _AROUND and (_whole(named) or not _sure(ranking, _HALF)):
        return _asked(text, named, rest)
    if not named and _is_wish(text, knowledge, last_key):
        return "ask_another" if last_key in OFFERED else "ask_recommendation"
    return _related(ranking) if named and _whole(named) else None


def _asked(text: str, named: Sequence[Match], rest: Collection[str]) -> str:
    """Return what a bare title or name means: with a question mark it is a question."""
    if not text.rstrip().endswith("?"):
        return "talk_topic"
    return "ask_opinion" if len(named) > 1 and "or" in rest else "ask_about"


def _whole(named: Sequence[Match]) -> bool:
    return max(match.score for match in named) >= _WHOLE


def _without(spans: Collection[tuple[int, int]], text: str) -> str:
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return text


def _is_wish(text: str, knowledge: Knowledge, last_key: str) -> bool:
    """Say whether a short message is made of words that narrow a recommendation down."""
    words = folded(positive(text))
    if not words or len(words) > _SHORT:
        return False
    phrases, left = _phrases(words, knowledge)
    tags = [word for word in left if _tag(word, knowledge)]
    around = _WISHING | (NEGATIONS if last_key in OFFERED else frozenset())
    if set(left) - set(tags) - around or not (tags or phrases):
        return False
    if last_key in ASKING | OFFERED or phrases or any(_genre(word) for word in tags):
        return True
    return positive(text) != text or not _SAID_OF.issuperset(tags)


def _phrases(words: Sequence[str], knowledge: Knowledge) -> tuple[list[str], list[str]]:
    """Return the occasions and genres of several words in a text, and its other words."""
    joined = f" {' '.join(words)} "
    known = (*knowledge.spec.occasions, *_LONG_GENRES)
    found = [one for one in known if f" {one} " in joined]
    for one in found:
        joined = joined.replace(f" {one} ", " ")
    return found, joined.split()


def _tag(word: str, knowledge: Knowledge) -> bool:
    known = knowledge.catalogue.moods | knowledge.catalogue.genres
    return word in known or word in MOODS or _genre(word) or word.removesuffix("s") in known


#: Genres of several words, as ``folded`` leaves them.
_LONG_GENRES = frozenset(
    " ".join(folded(name)) for name in (*GENRES, *GENRES.values()) if len(folded(name)) > 1
)
_PLAIN_GENRES: Mapping[str, str] = {
    "".join(folded(name)): name for name in (*GENRES, *GENRES.values()) if name not in MOODS
}


def _genre(word: str) -> bool:
    """Say whether a word names a genre, a country or a decade, and no mood."""
    bare = word.removesuffix("s")
    known = word in _PLAIN_GENRES or bare in _PLAIN_GENRES or word in COUNTRIES
    return known or _DECADE.fullmatch(word) is not None


def _related(ranking: Sequence[tuple[str, float]]) -> str | None:
    """Return the best intent that can be about an item, where the first guess cannot."""
    if not ranking or ranking[0][0] not in _ELSEWHERE or _sure(ranking, _SURE):
        return None
    name, confidence = next((one for one in ranking if one[0] not in _ELSEWHERE), ("", 0.0))
    return name if confidence >= _FAINT else "talk_topic"


def _sure(ranking: Sequence[tuple[str, float]], bar: float) -> bool:
    return bool(ranking) and ranking[0][0] != "nlu_fallback" and ranking[0][1] >= bar
