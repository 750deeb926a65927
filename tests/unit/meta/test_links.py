"""Links into a chat and the codes in them."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from overture.meta.links import code_in, instagram_link, messenger_link, whatsapp_link


def test_messenger_and_instagram_links_carry_a_ref():
    assert messenger_link("overture.films", "maestro") == "https://m.me/overture.films?ref=maestro"
    assert instagram_link("overture", "maestro=2") == "https://ig.me/m/overture?ref=maestro=2"


def test_a_whatsapp_link_carries_a_code_that_is_found_again():
    link = whatsapp_link("+1 (555) 010-0601", "a7", "Hi, Maestro!")
    assert link == "https://wa.me/15550100601?text=Hi%2C%20Maestro%21%20%5Ba7%5D"
    text = parse_qs(urlsplit(link).query)["text"][0]
    assert code_in(text) == ("a7", "Hi, Maestro!")


@pytest.mark.parametrize("ref", ["", "two words", "ümlaut", "a&b", "a/b", "x" * 251, "a\n"])
def test_a_ref_that_meta_would_drop_is_refused(ref):
    for link in (messenger_link, instagram_link):
        with pytest.raises(ValueError, match="cannot stand in a link"):
            link("overture", ref)


@pytest.mark.parametrize(("number", "code"), [("", "a7"), ("+", "a7"), ("15550100601", "x" * 65)])
def test_a_whatsapp_link_that_could_not_work_is_refused(number, code):
    with pytest.raises(ValueError, match=r"digits|too long"):
        whatsapp_link(number, code)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hi! [a7]", ("a7", "Hi!")),
        ("[a7]", ("a7", None)),
        ("Hi! [a7]  \n", ("a7", "Hi!")),
        ("[a7] Hi!", (None, "[a7] Hi!")),  # only at the end, where the link put it
        ("Hi! [two words]", (None, "Hi! [two words]")),
        ("Hi! []", (None, "Hi! []")),
        ("Hi!", (None, "Hi!")),
        ("", (None, "")),
        (None, (None, None)),
    ],
)
def test_codes_stand_in_brackets_at_the_end(text, found):
    assert code_in(text) == found
