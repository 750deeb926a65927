"""Tell what a value is about, and whether it may be used unasked. Pure."""

from __future__ import annotations

import re

from overture.memory import vocabulary

_SENSITIVE = re.compile(
    r"\b(?:cancer|depress\w+|anxiety|suicid\w+|self[- ]harm|therapy|therapist|diagnos\w+|pregnan\w+"
    r"|miscarriage|abortion|disorder|disease|hiv|illness|surgery|hospital|chemo\w*|overdose|rehab"
    r"|addict\w*|alcoholi\w+|sober|aa meeting|bipolar|autis\w+|adhd|ptsd|anorexi\w+|bulimi\w+"
    r"|gay|lesbian|bisexual|transgender|queer|coming out|pride parade|church|mosque"
    r"|temple|synagogue"
    r"|ramadan|bible|quran|torah|baptis\w+|muslim|christian|catholic|jewish|hindu|atheis\w+|god"
    r"|jesus|allah|trump|biden|election|vote|voting|democrat\w*|republican\w*|politic\w+|protest"
    r"|debt|bankrupt\w*|evict\w+|laid off|unemploy\w+|fired|divorce\w*|died|death"
    r"|funeral|passed away"
    r"|abuse\w*|raped?|assault\w*|jail|prison|arrest\w*|court date|hearing|custody|ivf|dying|sick"
    r"|dementia|alzheimer\w*|stroke|ill|clinic|doctor'?s? appointment|scan|biopsy|test results"
    r"|eating disorder|panic attack\w*|deport\w*|asylum|immigration|refugee|killed"
    r"|suicide|drugs?)\b"
)
_ADJECTIVES = re.compile(
    r"^(?:old|new|good|bad|great|classic|weird|cheesy|silly|dark|slow|foreign|french|italian|korean"
    r"|japanese|german|british|american|spanish|indian|swedish|80s|90s|70s|the|any|some|scary|long"
    r"|short|black and white|really|very|all|most|cozy|cosy|funny|romantic|live"
    r"|modern|early|80's|90's"
    r"|psychological|supernatural|cheap|gory|violent|indie|corny)\s+"
)
_ENDINGS = re.compile(r"\s+(?:movies?|films?|flicks?|music|scores?|soundtracks?|songs?)$")


def topic_of(value: str) -> str | None:
    """Return film, composer, genre, music, food ... for a value in a person's words."""
    text = value.lower().replace("\u2019", "'").strip()
    found = _known(text) or _known(_ADJECTIVES.sub("", text))
    if found:
        return found
    bare = _ADJECTIVES.sub("", _ENDINGS.sub("", text))
    if bare != text:
        known = _known(bare)
        if known == "composer":
            return "music"
        if known:
            return known
    return _by_word(text)


def _known(text: str) -> str | None:
    genres = vocabulary.mapping("genres")
    if text in genres:
        return genres[text]
    if text in vocabulary.words("composers"):
        return "composer"
    if text in vocabulary.words("films"):
        return "film"
    return vocabulary.mapping("topics").get(text)


def _by_word(text: str) -> str | None:
    words = re.findall(r"[\w'-]+", text)
    topics, genres = vocabulary.mapping("topics"), vocabulary.mapping("genres")
    for word in reversed(words):
        if word in genres or word in topics:
            return genres.get(word) or topics.get(word)
    return None


def is_sensitive(text: str) -> bool:
    """Tell whether words touch health, sexuality, religion, politics, origin or hardship."""
    return bool(_SENSITIVE.search(text.lower()))
