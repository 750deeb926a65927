"""How people spell when they chat, and the plain form of their words. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

_LONG = re.compile(r"(.)\1{2,}")
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")

#: Every spelling with what it stands for.
SPELLINGS: Mapping[str, str] = {
    written: meant
    for meant, spellings in {
        "i am": "i'm im iam",
        "i have": "i've ive",
        "i will": "i'll ill",
        "i would": "i'd",
        "i do not know": "idk dunno iduno",
        "you": "u ya yu",
        "your": "ur yr",
        "you are": "you're youre",
        "you have": "you've youve",
        "are": "r",
        "we are": "we're",
        "we have": "we've",
        "they are": "they're theyre",
        "it is": "it's its",
        "that is": "that's thats",
        "what is": "what's whats wats",
        "what": "wat wut",
        "who is": "who's whos",
        "how is": "how's hows",
        "where is": "where's wheres",
        "when is": "when's whens",
        "let us": "let's lets",
        "do not": "don't dont",
        "does not": "doesn't doesnt",
        "did not": "didn't didnt",
        "can not": "can't cant cannot",
        "could not": "couldn't couldnt",
        "will not": "won't wont",
        "would not": "wouldn't wouldnt",
        "should not": "shouldn't shouldnt",
        "is not": "isn't isnt",
        "are not": "aren't arent",
        "was not": "wasn't wasnt",
        "have not": "haven't havent",
        "has not": "hasn't hasnt",
        "please": "pls plz plss pleas",
        "thanks": "thx tx tnx thnx thanx ty thnks tysm",
        "favorite": "favourite fav fave favorit favrite",
        "film": "films movie movies flick flicks moive",
        "soundtrack": "soundtracks ost",
        "score": "scores",
        "composer": "composers",
        "recommendation": "recommendations recs rec reccomendation",
        "recommend": "recomend reccomend reccommend",
        "something": "smth sth smthg somthing sumthing",
        "going to": "gonna",
        "want to": "wanna",
        "got to": "gotta",
        "give me": "gimme",
        "about": "abt bout",
        "because": "cuz bc cos",
        "tomorrow": "tmrw tmr tomorow tommorow tmrow",
        "tonight": "tonite 2nite",
        "really": "rly realy",
        "love": "luv lov",
        "people": "ppl",
        "with": "w",
        "okay": "ok okey k kk",
        "message": "msg mesage",
        "why": "y",
        "and": "n",
        "to": "2",
        "for": "4",
    }.items()
    for written in spellings.split()
}


def plain(word: str) -> str:
    """Return the plain form of a word: lower case, letters not drawn out, spelt in full."""
    bare = word.casefold().replace("\u2019", "'").replace("\u2060", "")
    shorter = _LONG.sub(r"\1", bare) if not bare.isdigit() else bare
    return SPELLINGS.get(shorter, shorter)


def spelt_out(text: str) -> str:
    """Return a text with each short or drawn-out spelling replaced by the plain form."""
    return _WORD.sub(lambda match: SPELLINGS.get(match[0].casefold(), match[0]), text)
