"""Pictures of a persona: a story to share, with its name, tagline and code, and an avatar."""

from __future__ import annotations

import colorsys
import hashlib
import io

import segno
from PIL import Image, ImageDraw, ImageFont

#: Width and height of a story on Instagram, Messenger and WhatsApp, in pixels.
STORY = (1080, 1920)
_AVATAR = (512, 512)
_MARGIN = 110
_WHITE = (255, 255, 255)

Colour = tuple[int, int, int]


def story(name: str, tagline: str, link: str, note: str = "This is an AI program.") -> bytes:
    """Draw a story-sized PNG: name, tagline, a code that opens the link, and a note.

    Args:
        name: of the persona.
        tagline: one sentence.
        link: what the code holds.
        note: stands at the foot; says that this is an AI.
    """
    image = _ground(STORY, name)
    draw = ImageDraw.Draw(image)
    below = _text(draw, name, 300, 104)
    _text(draw, tagline, below + 40, 52)
    code = _code(link, 620)
    image.paste(code, ((STORY[0] - code.width) // 2, 1020))
    _text(draw, note, 1740, 36)
    return _png(image)


def avatar(name: str) -> bytes:
    """Draw a square PNG with the initials of a name."""
    image = _ground(_AVATAR, name)
    words = [word for word in name.split() if word[0].isalnum()]
    initials = "".join(word[0].upper() for word in words if word.lower() not in {"the", "of"})
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(200)
    draw.text((256, 256), initials[:2] or "?", font=font, fill=_WHITE, anchor="mm")
    return _png(image)


def qr(link: str, form: str) -> bytes:
    """Draw a code that opens a link.

    Args:
        link: what it holds.
        form: ``png`` or ``svg``.
    """
    stream = io.BytesIO()
    segno.make(link, error="m", micro=False).save(stream, kind=form, scale=10, border=4)
    return stream.getvalue()


def _ground(size: tuple[int, int], name: str) -> Image.Image:
    """Draw a field that fades between two colours drawn from the name."""
    hue = hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=1).digest()[0] / 255
    top, foot = _colour(hue, 0.3), _colour((hue + 0.08) % 1, 0.14)
    fade = Image.linear_gradient("L").resize(size)
    return Image.composite(Image.new("RGB", size, foot), Image.new("RGB", size, top), fade)


def _colour(hue: float, light: float) -> Colour:
    red, green, blue = colorsys.hls_to_rgb(hue, light, 0.45)
    return int(red * 255), int(green * 255), int(blue * 255)


def _text(draw: ImageDraw.ImageDraw, text: str, top: int, size: int) -> int:
    """Write centred lines and return where they end."""
    font = ImageFont.load_default(size)
    lines = _wrapped(draw, text, font)
    for at, line in enumerate(lines):
        place = (STORY[0] // 2, top + at * int(size * 1.3))
        draw.text(place, line, font=font, fill=_WHITE, anchor="ma")
    return top + len(lines) * int(size * 1.3)


def _wrapped(
    draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont
) -> list[str]:
    lines = [""]
    for word in text.split()[:60]:
        longer = f"{lines[-1]} {word}".strip()
        if draw.textlength(longer, font=font) <= STORY[0] - 2 * _MARGIN:
            lines[-1] = longer
        else:
            lines.append(word)
    return [line for line in lines if line][:5]


def _code(link: str, size: int) -> Image.Image:
    """Draw the code in whole pixels a module, as large as fits."""
    code = segno.make(link, error="m", micro=False)
    stream = io.BytesIO()
    scale = max(1, size // code.symbol_size(border=4)[0])
    code.save(stream, kind="png", scale=scale, border=4)
    stream.seek(0)
    with Image.open(stream) as image:
        return image.convert("RGB")


def _png(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, format="PNG", optimize=True)
    return stream.getvalue()
