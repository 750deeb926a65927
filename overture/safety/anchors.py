"""Find the pieces of text of which one must occur wherever a rule matches.

Pure. Compiling a thousand rules takes longer than a short command may take; looking for
these pieces first means that a text compiles only the few rules it could match.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

Needs = frozenset[str] | None
_TOKEN = re.compile(
    r"(?P<look>\(\?<?[=!])|(?P<open>\((?:\?:)?)|(?P<close>\))|(?P<or>\|)|(?P<macro>\{[a-z_]+\})"
    r"|(?P<times>[?*+]\??|\{\d*,?\d*\})|(?P<text>[^\W_]+)|(?P<other>\[[^\]]*\]|\\.|.)"
)
_COMMON = (
    " i a an the to of in on at it is am are be do does did not no you u me my your we us our this "
    "that and or but so just have has had can could will would should was were with for from all "
    "about what why how who when where if get got go going want like know any more some out up "
    "off as by they he she them his her there then now one de la le que me te no mi je ne tu ich "
    "mir du e un una il di non ik je een o os en es er in an re ed ing s t d n m "
)


def needs(rule: str, macros: Mapping[str, Needs]) -> Needs:
    """Return the cheapest set of pieces of which a match must hold one, or None if none is.

    Args:
        rule: a line in the rule language, ``{name}`` not yet expanded.
        macros: what each ``{name}`` needs.
    """
    tokens = [(str(match.lastgroup), match.group()) for match in _TOKEN.finditer(rule)]
    return _alternatives(tokens, 0, macros)[0]


def _alternatives(
    tokens: Sequence[tuple[str, str]], at: int, macros: Mapping[str, Needs]
) -> tuple[Needs, int]:
    """Read up to the closing bracket; all alternatives together need one of all their pieces."""
    united: Needs = frozenset()
    while True:
        found, at = _sequence(tokens, at, macros)
        united = None if united is None or found is None else united | found
        if at >= len(tokens) or tokens[at][0] == "close":
            return united, at + 1
        at += 1


def _sequence(
    tokens: Sequence[tuple[str, str]], at: int, macros: Mapping[str, Needs]
) -> tuple[Needs, int]:
    """Read one alternative; of what it needs, keep what is rarest."""
    best: Needs = None
    while at < len(tokens) and tokens[at][0] not in ("or", "close"):
        item, at = _item(tokens, at, macros)
        if item is not None and (best is None or _cost(item) < _cost(best)):
            best = item
    return best, at


def _item(
    tokens: Sequence[tuple[str, str]], at: int, macros: Mapping[str, Needs]
) -> tuple[Needs, int]:
    kind, text = tokens[at]
    found: Needs = None
    if kind in ("open", "look"):
        found, at = _alternatives(tokens, at + 1, macros)
        found = None if kind == "look" else found
    else:
        at += 1
        found = macros.get(text[1:-1]) if kind == "macro" else None
    optional = at < len(tokens) and tokens[at][0] == "times" and tokens[at][1][0] in "?*{"
    if kind == "text":
        text = text[:-1] if optional else text
        return (frozenset((text,)) if text else None), at
    return (None if optional else found), at


def _cost(pieces: Collection[str]) -> int:
    """Weigh a set of pieces: few, long and uncommon ones let the fewest texts through."""
    return sum(_weight(piece) for piece in pieces)


def _weight(piece: str) -> int:
    if len(piece) < 3:
        return 100_000
    return 10_000 if f" {piece} " in _COMMON else 100 - min(len(piece), 20)
