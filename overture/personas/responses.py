"""The response keys every persona answers: what each is for and what its lines may use.

A key ``greet`` is the persona's side of Rasa's response ``utter_greet``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: Another name of the same value, so that a gardener may write {plant} where others say {film}.
ALIASES: Mapping[str, str] = {
    "work": "title",
    "film": "title",
    "plant": "title",
    "dish": "title",
    "book": "title",
    "route": "title",
    "object": "title",
    "composer": "maker",
    "author": "maker",
}

#: Placeholders that the knowledge door fills.
WORK = frozenset({"title", "year", "maker", "director", "country", "about", "why", "cue", "next"})
#: Placeholders that one remembered fact fills.
MEMORY = frozenset({"name", "value", "topic", "when", "plan", "kind"})
#: Every placeholder there is.
PLACEHOLDERS = WORK | MEMORY | frozenset({"facts", "personas", "persona", "reason"})

#: Kinds of memory a follow-up may rest on; age and health never may.
OPENER_KINDS = (
    "name",
    "favorite",
    "likes",
    "dislikes",
    "plan",
    "event",
    "location",
    "occupation",
    "relationship",
    "birthday",
    "other",
)


@dataclass(frozen=True, kw_only=True)
class ResponseKey:
    """Describe one response key."""

    name: str
    #: When the line is said, for authors.
    purpose: str
    #: Placeholders its lines may use besides {name}.
    placeholders: frozenset[str] = frozenset()
    #: How many lines of its own a finished persona has.
    variants: int = 1
    #: Groups of words; each group must appear (any of its words) in every line.
    must: tuple[tuple[str, ...], ...] = ()
    #: Whether longer texts are in order, because the law or safety asks for them.
    long: bool = False


_AI = ("ai", "a.i.", "program", "software", "bot", "artificial")


def _key(
    name: str,
    purpose: str,
    *placeholders: str,
    variants: int = 1,
    must: tuple[tuple[str, ...], ...] = (),
    long: bool = False,
) -> ResponseKey:
    return ResponseKey(
        name=name,
        purpose=purpose,
        placeholders=frozenset(placeholders),
        variants=variants,
        must=must,
        long=long,
    )


_TABLE = (
    _key("greet", "the first words to somebody new", variants=2),
    _key(
        "disclosure",
        "says that this is an AI program, may be wrong and is no professional advice",
        must=(_AI, ("wrong", "mistaken", "mistakes", "inaccurate"), ("advice",)),
        long=True,
    ),
    _key("greet_again", "greeting somebody who came back", variants=3),
    _key("how_are_you", "asked how it is, without claiming feelings", variants=2),
    _key("who_are_you", "asked who it is", must=(_AI,)),
    _key("bot_challenge", "asked whether it is human: the truth", must=(_AI,), variants=2),
    _key("help", "what the persona can do", variants=2, long=True),
    _key("goodbye", "the person leaves: let them", variants=3),
    _key("thanks", "the person says thanks", variants=2),
    _key("affirm", "the person says yes to something small", variants=2),
    _key("deny", "the person says no to something small", variants=2),
    _key("nice_name", "the person gave their name", variants=2),
    _key("ask_name", "asks what to call the person"),
    _key("noted_like", "the person likes something", "value", "topic", variants=3),
    _key("noted_dislike", "the person dislikes something", "value", "topic", variants=2),
    _key("noted_plan", "the person has a plan", "plan", "when", "value", variants=3),
    _key("noted_favorite", "the person named a favourite", "value", "topic", variants=3),
    _key("noted_fact", "the person told something else", "value", "topic", "kind", variants=2),
    _key("ask_favorite", "asks for a favourite", variants=3),
    _key("ask_mood", "asks for the mood of the moment", variants=2),
    _key("ask_plan", "asks what is planned", variants=2),
    _key("recommend", "recommends one item of the catalogue", *WORK, variants=5),
    _key("recommend_none", "nothing fits, and says so", variants=2),
    _key("another", "the next recommendation", *WORK, variants=3),
    _key("accepted", "the person takes what was recommended", "when", *WORK, variants=2),
    _key("rejected", "the person does not want that one; asks what to change", variants=2),
    _key("about_work", "tells about one item", *WORK, variants=3),
    _key("about_person", "tells about one maker", *WORK, "value", variants=2),
    _key("unknown_work", "the item is not in the catalogue", "value", "title", variants=2),
    _key("untold", "a question that the catalogue does not answer", *WORK, variants=2),
    _key("opinion", "the persona's view on a topic", "topic", *WORK, variants=3),
    _key("repair", "the person corrects a misunderstanding", variants=2),
    _key("off_topic", "a subject the persona does not keep", variants=3),
    _key("rude", "the person is rude", variants=2),
    _key("unclear_first", "not understood, first time", variants=3),
    _key("unclear_second", "not understood twice: offer what can be done", variants=2),
    _key("other_language", "the person writes another language"),
    _key("emoji", "only emoji came", variants=2),
    _key("media", "a picture, voice message, sticker or file came", "kind", variants=2),
    _key(
        "medical",
        "a medical question: declines, points to professionals",
        must=(("doctor", "pharmacist", "medical"),),
        long=True,
    ),
    _key(
        "legal",
        "a legal question: declines, points to professionals",
        must=(("lawyer", "legal"),),
        long=True,
    ),
    _key("memory_intro", "what is remembered", "facts", must=(("{facts}",),), long=True),
    _key("memory_empty", "nothing is remembered"),
    _key("memory_source", "where something was said", "value", "when", "reason", long=True),
    _key("forgot_one", "one memory is gone", "value"),
    _key("forgot_all", "every memory is gone"),
    _key("forget_unsure", "which memory should go", "facts", long=True),
    _key("remember_done", "kept because the person asked", "value"),
    _key("remembering_off", "nothing more will be remembered"),
    _key("export", "how to get everything that is held", "facts", long=True),
    _key("why", "why it wrote", "reason", must=(("{reason}",),), long=True),
    _key("opt_out", "the one confirmation that it will not write first again", must=(("not",),)),
    _key("opt_in", "it may write first again"),
    _key("paused", "it keeps quiet until a day", "when"),
    _key("remind_done", "when it will remind", "when", "value", must=(("{when}",),)),
    _key("remind_not", "why it cannot remind", "reason", must=(("{reason}",),), long=True),
    _key("reminder", "the reminder itself, a follow-up", "value"),
    _key(
        "ask_human",
        "how to reach a person",
        must=(("person", "human", "someone", "somebody"),),
        long=True,
    ),
    _key("minor", "the person is under age", long=True),
    _key(
        "crisis",
        "referral, without the persona's jokes",
        must=(("988",), ("findahelpline.com",), ("emergency",)),
        long=True,
    ),
    _key(
        "trouble",
        "a fault kept it from answering: says so, and that people who look after the page know",
        must=(("fault", "broken", "failed"),),
        long=True,
    ),
    _key("switch_persona", "hands over to another persona", "persona", "personas", long=True),
    _key("switch_unknown", "no such persona", "personas", long=True),
    _key("follow_up_yes", "the person takes up a follow-up", variants=2),
    _key("follow_up_not_now", "not now, after a follow-up: let it rest", variants=2),
    _key("small_talk", "weather, weekend, this and that", variants=3),
    _key("sympathy", "a loss, an illness, a hard day: no jokes, no subject", variants=3),
    _key("joke", "a joke in character", variants=2),
    _key("compliment", "the person praises it", variants=2),
)

#: Every key by its name, in the order authors write them.
KEYS: Mapping[str, ResponseKey] = {key.name: key for key in _TABLE}

#: Answers that law and safety need: never left out, never joked about.
SERIOUS = frozenset({"crisis", "minor", "medical", "legal", "opt_out", "disclosure"})


def canonical(placeholder: str) -> str:
    """Return the one name of a placeholder: {film}, {plant} and {work} are {title}."""
    return ALIASES.get(placeholder, placeholder)
