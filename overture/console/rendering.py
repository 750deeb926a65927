"""Templates and files of the package, and the headers every page goes out with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from sanic.exceptions import NotFound
from sanic.response import HTTPResponse, html, raw

from overture.console import wording
from overture.console.times import absolute, relative, span, spoken

_HERE = Path(__file__).parent
_TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
#: Nothing from elsewhere, no inline script or style, no frame around it, nothing kept.
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Templates:
    """Make pages."""

    def __init__(self) -> None:
        environment = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters.update(
            when=_when,
            on=_on,
            span=span,
            channel=wording.channel,
            reason=wording.reason,
            path=lambda text: quote(text, safe=":"),
            readable=unquote,
        )
        environment.globals.update(words=wording, key=_form_key)
        self._environment = environment

    def page(self, name: str, status: int = 200, /, **values: Any) -> HTTPResponse:
        """Return a page.

        Args:
            values: what the template asks for; ``now`` among them, as times are told from it.
        """
        text = self._environment.get_template(name).render(values)
        return html(text, status=status, headers=dict(HEADERS))


@pass_context
def _form_key(context: Context) -> str:
    """Write the seal that every form carries."""
    return Markup('<input type="hidden" name="form_key" value="{}">').format(context["form_key"])


@pass_context
def _when(context: Context, at: datetime | None, missing: str = "never") -> str:
    """Write a time as its distance, with the exact one behind it."""
    if at is None:
        return missing
    exact = absolute(at)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        at.isoformat(), exact, relative(at, context["now"])
    )


def _on(at: datetime) -> str:
    """Write a time as a date, for plans, whose distance from now says little later on."""
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        at.isoformat(), absolute(at), spoken(at)
    )


def file(name: str) -> HTTPResponse:
    """Return a file of the package."""
    path = _HERE / "static" / name
    if not path.is_file():
        raise NotFound("no such file")
    headers = dict(HEADERS) | {"Cache-Control": "no-cache"}
    return raw(path.read_bytes(), content_type=_TYPES[path.suffix], headers=headers)
