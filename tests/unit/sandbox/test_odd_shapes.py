"""Whatever JSON a bot sends, the stand-in takes it or refuses it in Meta's form."""

from __future__ import annotations

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from overture.sandbox import page_messages, whatsapp_messages
from overture.sandbox.config import CHANNELS
from overture.sandbox.refusals import Refusal

scalars = st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["", "x", "text"])
PAGE_KEYS = [
    "text",
    "quick_replies",
    "attachment",
    "attachments",
    "sticker_id",
    "content_type",
    "title",
    "payload",
    "type",
    "template_type",
    "elements",
    "buttons",
    "url",
    "subtitle",
    "image_url",
]
WHATSAPP_KEYS = [
    "type",
    "text",
    "body",
    "template",
    "name",
    "language",
    "components",
    "parameters",
    "interactive",
    "action",
    "buttons",
    "sections",
    "rows",
    "button",
    "reply",
    "id",
    "title",
    "header",
    "footer",
    "image",
    "link",
    "caption",
    "location",
    "latitude",
    "longitude",
    "reaction",
    "message_id",
    "contacts",
    "url",
    "display_text",
]
KINDS = ["template", "generic", "button", "list", "cta_url", "interactive", "image", "postback"]


def odd(keys: list[str]) -> st.SearchStrategy[object]:
    return st.recursive(
        scalars | st.sampled_from(KINDS),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(keys), inner, max_size=5)
        ),
        max_leaves=20,
    )


@settings(max_examples=150, deadline=None)
@given(message=odd(PAGE_KEYS))
def test_messenger_and_instagram_messages_of_any_shape(message):
    for channel in CHANNELS[:2]:
        with contextlib.suppress(Refusal):
            page_messages.read_message(channel, message)


@settings(max_examples=200, deadline=None)
@given(
    body=st.dictionaries(st.sampled_from(WHATSAPP_KEYS), odd(WHATSAPP_KEYS), max_size=6),
    kind=st.sampled_from([*KINDS, "text", "location", "reaction", "contacts"]),
    part=odd(WHATSAPP_KEYS),
)
def test_whatsapp_messages_of_any_shape(body, kind, part):
    with contextlib.suppress(Refusal):
        whatsapp_messages.read_message({**body, "type": kind, kind: part}, ("x",))


@settings(max_examples=100, deadline=None)
@given(
    part=st.fixed_dictionaries({key: odd(WHATSAPP_KEYS) for key in ("header", "footer")}),
    action=st.dictionaries(st.sampled_from(WHATSAPP_KEYS), odd(WHATSAPP_KEYS), max_size=5),
    kind=st.sampled_from(["button", "list", "cta_url", "other"]),
)
def test_whatsapp_buttons_and_lists_of_any_shape(part, action, kind):
    interactive = {**part, "type": kind, "action": action, "body": {"text": "Well?"}}
    with contextlib.suppress(Refusal):
        whatsapp_messages.read_message({"type": "interactive", "interactive": interactive}, ())


@settings(max_examples=200, deadline=None)
@given(components=odd(WHATSAPP_KEYS))
def test_whatsapp_templates_of_any_shape(components):
    template = {"name": "x", "language": {"code": "en"}, "components": components}
    with contextlib.suppress(Refusal):
        whatsapp_messages.read_message({"type": "template", "template": template}, ("x",))
