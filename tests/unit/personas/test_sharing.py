"""Links, codes, stories and profile texts."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from overture.personas import Registry
from overture.personas.sharing import PROFILE_LIMIT, Account, link, profile
from overture.personas.story import STORY, avatar, qr, story


@pytest.mark.parametrize(
    ("channel", "handle", "url"),
    [
        ("messenger", "moviemagic", "https://m.me/moviemagic?ref=maestro"),
        ("instagram", "movie.magic", "https://ig.me/m/movie.magic?ref=maestro"),
        ("whatsapp", "+1 555 010 0601", "https://wa.me/15550100601?text=Hi%21%20%5Bmaestro%5D"),
    ],
)
def test_a_link_leads_to_the_persona(
    registry: Registry, channel: str, handle: str, url: str
) -> None:
    assert link(registry.get("maestro"), Account(channel=channel, handle=handle)) == url


def test_a_code_of_its_own_takes_the_place_of_the_id(registry: Registry) -> None:
    account = Account(channel="messenger", handle="moviemagic")
    assert link(registry.get("maestro"), account, "s3cret").endswith("ref=s3cret")


def test_a_handle_cannot_break_out_of_the_link(registry: Registry) -> None:
    with pytest.raises(ValueError, match="link"):
        link(registry.get("maestro"), Account(channel="messenger", handle="a?b=c"))


def test_a_profile_fits_and_says_what_it_is(registry: Registry) -> None:
    for persona_id in registry:
        text = profile(registry.get(persona_id))
        assert len(text) <= PROFILE_LIMIT
        assert "AI" in text


def test_a_story_has_the_size_of_one() -> None:
    picture = story("The Maestro of Movie Magic", "Scores " * 40, "https://m.me/x?ref=y")
    with Image.open(io.BytesIO(picture)) as image:
        assert image.size == STORY == (1080, 1920)


@pytest.mark.parametrize("name", ["The Maestro", "é", "", "!!", "漢字 かな"])
def test_any_name_gets_an_avatar_and_a_story(name: str) -> None:
    assert avatar(name).startswith(b"\x89PNG")
    assert story(name, name, "https://m.me/x").startswith(b"\x89PNG")


def test_codes_come_as_png_and_svg() -> None:
    assert qr("https://m.me/x", "png").startswith(b"\x89PNG")
    assert b"<svg" in qr("https://m.me/x", "svg")
