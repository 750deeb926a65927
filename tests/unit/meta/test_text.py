"""Cutting text between sentences and never inside a grapheme."""

from __future__ import annotations

import re

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from overture.meta.text import graphemes, shorten, split, utf8_bytes, utf16_units

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
SIGNS = [
    *("a", "Z", "é", "e\u0301", " ", "\n", ".", "! ", ", ", "ß", "中", "。", "한", "ᄒ", "ᅡ", "ᆫ"),
    *("\U0001f600", "\U0001f44d\U0001f3fd", FAMILY, "\U0001f1e9\U0001f1ea", "\U0001f1fa"),
    *("❤\ufe0f", "\u0915\u094d\u0937\u093f", "ำ", "1\ufe0f\u20e3", "\u200d", "\u0301"),
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
]
PROSE = st.lists(st.sampled_from(SIGNS), max_size=60).map("".join)
SIZES = st.sampled_from([len, utf16_units, utf8_bytes])


@pytest.mark.parametrize("sign", [s for s in SIGNS if len(s) > 1 and s not in ("! ", ", ")])
def test_what_reads_as_one_sign_is_one_grapheme(sign):
    assert list(graphemes(f"x{sign}y")) == ["x", sign, "y"]


def test_flags_are_cut_in_pairs():
    flags = "\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7"
    assert list(graphemes(flags)) == [flags[:2], flags[2:]]


@given(PROSE)
@example("\r\n")
def test_graphemes_are_never_finer_than_the_unicode_rules(text):
    borders, official = set(), set()
    for found, kept in ((graphemes(text), borders), (regex.findall(r"\X", text), official)):
        length = 0
        for one in found:
            length += len(one)
            kept.add(length)
    assert borders <= official


@given(st.text())
def test_graphemes_together_are_the_text(text):
    assert "".join(graphemes(text)) == text


@given(PROSE, st.integers(1, 40), SIZES)
def test_parts_fit_and_lose_nothing_but_white_space(text, limit, size):
    parts = split(text, limit, size)
    assert all(part.strip() for part in parts)
    assert re.sub(r"\s", "", "".join(parts)) == re.sub(r"\s", "", text)
    for part in parts:
        assert size(part) <= limit or len(part) == 1


@given(PROSE, SIZES)
def test_parts_never_break_a_grapheme_that_fits(text, size):
    text = re.sub(r"\s+", " ", text)
    whole = [one.strip() for one in graphemes(text.strip()) if one.strip()]
    again = [
        one.strip() for part in split(text, 60, size) for one in graphemes(part) if one.strip()
    ]
    if all(size(one) <= 60 for one in whole):
        assert "".join(again) == "".join(whole)
        assert len(again) <= len(whole) + 1 or again == whole


@given(PROSE, st.integers(4, 40), SIZES)
def test_a_shortened_text_fits(text, limit, size):
    short = shorten(text, limit, size)
    assert size(short) <= limit
    assert short == text.strip() or short.endswith("…")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One two. Three four.", ["One two.", "Three four."]),  # a sentence
        ("First part\n\nSecond, longer", ["First part", "Second, longer"]),  # a paragraph
        ("Who? Me! Yes, you", ["Who? Me!", "Yes, you"]),  # the last sentence that fits
        ("alpha beta, gamma", ["alpha beta,", "gamma"]),  # a clause
        ("alpha beta gamma delta", ["alpha beta", "gamma delta"]),  # words
        ("I saw Dr. Strangelove", ["I saw Dr.", "Strangelove"]),  # at worst between words
        ("Yes. Hm, J. S. Bach", ["Yes. Hm,", "J. S. Bach"]),
        ("abcdefghijklmnop", ["abcdefghijklmn", "op"]),  # no border at all
        ("“Stop.” He ran off", ["“Stop.”", "He ran off"]),
        ("これはとても長い。そして次の文", ["これはとても長い。", "そして次の文"]),
        ("   \n  ", []),
        ("", []),
        ("exactly 14 cha", ["exactly 14 cha"]),
    ],
)
def test_texts_are_cut_at_the_best_border(text, parts):
    assert split(text, 14) == parts


def test_a_title_is_not_taken_for_the_end_of_a_sentence():
    first = split("We saw it twice. Then Dr. Strangelove came", 30)[0]
    assert first == "We saw it twice."


def test_two_thousand_signs_stay_one_part():
    assert split("a" * 2000, 2000) == ["a" * 2000]
    assert [len(part) for part in split("a" * 2001, 2000)] == [2000, 1]


def test_bytes_are_counted_as_bytes():
    parts = split("ä" * 501, 1000, utf8_bytes)
    assert [utf8_bytes(part) for part in parts] == [1000, 2]


def test_an_emoji_is_never_cut_in_bytes():
    parts = split("\U0001f600" * 300, 1000, utf8_bytes)
    assert [utf8_bytes(part) for part in parts] == [1000, 200]
    assert [utf8_bytes(part) for part in split(FAMILY * 60, 1000, utf8_bytes)] == [1000, 500]


def test_a_monstrous_grapheme_is_cut_all_the_same():
    parts = split("a" + "\u0301" * 5000, 2000)
    assert [len(part) for part in parts] == [2000, 2000, 1001]


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Yes", "Yes"),
        ("The Good, the Bad and the Ugly", "The Good, the Bad…"),  # at a word when it is near
        ("Donaudampfschifffahrtsgesellschaft", "Donaudampfschifffah…"),
        ("exactly twenty chars", "exactly twenty chars"),
        ("\U0001f600" * 15, "\U0001f600" * 9 + "…"),
        ("  spaced  ", "spaced"),
    ],
)
def test_long_titles_end_in_an_ellipsis(text, short):
    assert shorten(text, 20) == short


def test_no_room_is_no_text():
    assert shorten("long", 1) == ""


@pytest.mark.parametrize("text", ["a. " * 40_000, "A. " * 40_000, "\u0301" * 40_000, "x" * 100_000])
def test_a_book_is_cut_in_no_time(text):
    assert "".join(split(text, 2000)).replace(" ", "") == text.replace(" ", "")
