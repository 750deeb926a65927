"""Plain lines for every response key, said where a card has none of its own.

They keep an imported character card honest: consent, safety and memory are always answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from overture.personas.lines import Line, Need, Remembered, Template, fit

_TEXTS: Mapping[str, tuple[str, ...]] = {
    "greet": ("Hello, good to have you here. What would you like to talk about?", "Hello there."),
    "disclosure": (
        (
            "You are talking with an AI program, not a person. Its replies may be wrong or "
            "unsuitable, and they are no professional advice."
        ),
    ),
    "greet_again": ("Welcome back, {name}.", "Welcome back. Where were we?"),
    "how_are_you": ("All is running as it should. How are you?",),
    "who_are_you": ("I am an AI program that plays a persona here.",),
    "bot_challenge": ("I am an AI program, not a human being.",),
    "help": (
        (
            "You can talk with me, ask what I remember, tell me to forget it, or say stop and I "
            "will not write first."
        ),
    ),
    "goodbye": ("Goodbye, and take care.",),
    "thanks": ("You are welcome.",),
    "affirm": ("Good.",),
    "deny": ("All right, then not.",),
    "nice_name": ("Good to meet you, {name}.", "Good to meet you."),
    "ask_name": ("What may I call you?",),
    "noted_like": ("You like {value}. I will keep that in mind.", "I will keep that in mind."),
    "noted_dislike": ("No {value}, then. Noted.", "Noted, I will steer clear of it."),
    "noted_plan": ("{plan}, {when}. Noted.", "I have noted your plan."),
    "noted_favorite": ("{value}: a favourite of yours. Noted.", "I have noted your favourite."),
    "noted_fact": ("Noted.",),
    "ask_favorite": ("Do you have a favourite?",),
    "ask_mood": ("What mood are you in?",),
    "ask_plan": ("Do you have something planned?",),
    "recommend": (
        "You could try {title}: {why}.",
        "You could try {title}.",
        "I have nothing to recommend.",
    ),
    "recommend_none": ("I have nothing that fits. Shall we change one of the wishes?",),
    "another": ("Then perhaps {title}.", "I have no other one that fits."),
    "accepted": (
        "{title}, {when}: noted.",
        "{title} it is. Tell me how you found it.",
        "Good choice. Tell me how you found it.",
    ),
    "rejected": ("Not that one, then. What should be different?",),
    "about_work": ("{title}: {about}.", "I know the name, but not enough to say more."),
    "about_person": ("{maker}: {about}.", "I know the name, but not enough to say more."),
    "unknown_work": ("I do not know {title}.", "I do not know that one."),
    "untold": ("I do not know that about it, and I will not guess.",),
    "opinion": ("I would rather hear what you think of it.",),
    "repair": ("I see, I had that wrong. What did you mean?",),
    "off_topic": ("That is outside what I can talk about.",),
    "rude": ("Let us keep it civil. I am here if you want to talk.",),
    "unclear_first": ("I did not follow that. Could you put it another way?",),
    "unclear_second": (
        ("I still do not follow. You can ask for a recommendation, or what I remember."),
    ),
    "other_language": ("I only understand English so far, I am sorry.",),
    "emoji": ("Say it in a word or two and I can answer.",),
    "media": ("I cannot see or hear what you sent, only text. What is in it?",),
    "medical": ("I cannot advise on health. Please ask a doctor or a pharmacist.",),
    "legal": ("I cannot advise on the law. Please ask a lawyer or a legal advice service.",),
    "memory_intro": ("This is what I remember: {facts}", "I cannot look that up right now."),
    "memory_empty": ("I remember nothing about you.",),
    "memory_source": ("You told me: {value}. {reason}", "You told me so in this chat."),
    "forgot_one": ("I have forgotten {value}.", "I have forgotten it."),
    "forgot_all": ("I have forgotten everything I had remembered about you.",),
    "forget_unsure": ("Which one should I forget? {facts}", "Which one should I forget?"),
    "remember_done": ("I will remember {value}.", "I will remember that."),
    "remembering_off": ("From now on I remember nothing new.",),
    "export": (
        ("Here is everything I hold about you: {facts}"),
        "You can ask the operator for everything that is held about you.",
    ),
    "why": ("{reason}", "I cannot look up the reason right now."),
    "opt_out": ("Done: I will not write first again. You can still write to me at any time.",),
    "opt_in": ("Thank you. I may write first again now and then; say stop to end it.",),
    "paused": ("I will keep quiet until {when}.", "I will keep quiet for now."),
    "remind_done": (
        "I will remind you on {when}: {value}.",
        "I will write to you on {when}.",
        "I will write to you then.",
    ),
    "remind_not": ("I cannot promise that: {reason}.", "I cannot promise that."),
    "reminder": ("You asked me to remind you: {value}.", "You asked me to write to you now."),
    "ask_human": (
        (
            "I have marked your message for the people who look after this page. Someone may "
            "answer you here; I cannot say when."
        ),
    ),
    "minor": (
        (
            "Thank you for telling me. Because of your age I will not write first, and I keep "
            "this to simple questions."
        ),
    ),
    "crisis": (
        (
            "This sounds serious, and you deserve help from a person now. In the US call or text "
            "988. Elsewhere call your local emergency number or find a line at findahelpline.com."
        ),
    ),
    "trouble": (
        (
            "A fault in my program kept me from answering that. I have marked it for the people "
            "who look after this page; please try again later."
        ),
    ),
    "switch_persona": (
        "I am handing over to {persona}.",
        "You can talk with: {personas}",
        "All right.",
    ),
    "switch_unknown": ("I do not know that one. There are: {personas}", "I do not know that one."),
    "follow_up_yes": ("Good to hear. Tell me more.",),
    "follow_up_not_now": ("All right, another time.",),
    "sympathy": (
        "I am sorry to hear that. Would you like to talk about it, or about something else?",
        "I am sorry. Take your time; we can talk about it or leave it be.",
    ),
    "small_talk": ("I see. What is on your mind?",),
    "joke": ("I know no good ones, I am sorry.",),
    "compliment": ("Thank you.",),
}

_OPENERS: tuple[tuple[str, str, str], ...] = (
    ("plan", "past", "You had told me about {plan}. How did it go?"),
    ("plan", "coming", "You had told me about {plan}, {when}. Is everything ready?"),
    ("favorite", "", "You named {value} as a favourite. Shall we talk about something like it?"),
    ("likes", "", "You told me that you like {value}. Is there anything new about it?"),
    ("", "", "Is there something you would like to go on with from last time?"),
)


LINES: Mapping[str, tuple[Template, ...]] = {
    key: tuple(Template(id=f"plain.{key}.{at}", text=text) for at, text in enumerate(texts))
    for key, texts in _TEXTS.items()
}

FOLLOW_UPS: tuple[Template, ...] = tuple(
    Template(
        id=f"plain.follow_up.{at}",
        text=text,
        needs=(Need(kind=kind),) if kind else (),
        tense=tense or None,
    )
    for at, (kind, tense, text) in enumerate(_OPENERS)
)


def line(
    key: str, facts: Sequence[Remembered], values: Mapping[str, str], now: datetime | None
) -> Line | None:
    """Return the first plain line that fits; None for a key that nobody knows."""
    filled = (fit(template, facts, values, now) for template in LINES.get(key, ()))
    return next((found for found in filled if found is not None), None)
