"""The few objects of the Graph API a bot needs beside messages: personas, media, profiles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from overture.sandbox.acts import ATTACHMENTS
from overture.sandbox.config import Account
from overture.sandbox.exchange import Exchange
from overture.sandbox.refusals import bad_parameter, unknown_object
from overture.sandbox.sending import Taken
from overture.sandbox.whatsapp_webhooks import PROFILE_NAME

PERSONA_NAME = 50
_MIME = {"image": "image/jpeg", "sticker": "image/webp", "audio": "audio/ogg"}


def get_node(exchange: Exchange, account: Account, node: str) -> Taken:
    """Return the account, a persona, a media object or a person's profile.

    Raises:
        Refusal: this account sees no such object.
    """
    if node == account.id:
        return Taken(answer={"id": account.id, "name": account.name}, kind="account")
    persona = exchange.world.graph_personas.get(node)
    if persona is not None:
        return Taken(answer={"id": node, **persona}, kind="persona")
    what = node.removeprefix("sandbox-")
    if account.channel == "whatsapp" and what in _MIME:
        return Taken(answer=_media(exchange, node, what), kind="media")
    if exchange.world.find(account.channel, account.id, node) is not None:
        answer = {"id": node, "first_name": PROFILE_NAME, "name": PROFILE_NAME}
        return Taken(answer=answer, kind="profile", user_id=node)
    raise unknown_object(node)


def delete_node(exchange: Exchange, node: str) -> Taken:
    """Delete a persona.

    Raises:
        Refusal: there is none of that id.
    """
    if exchange.world.graph_personas.pop(node, None) is None:
        raise unknown_object(node)
    exchange.save()
    return Taken(answer={"success": True}, kind="persona")


def make_persona(exchange: Exchange, parameters: Mapping[str, Any], *, listing: bool) -> Taken:
    """Make a persona of a Page, or list those there are.

    Raises:
        Refusal: the name is missing or too long.
    """
    personas = exchange.world.graph_personas
    if listing:
        data = [{"id": key, **value} for key, value in personas.items()]
        return Taken(answer={"data": data}, kind="personas")
    name = parameters.get("name")
    if not isinstance(name, str) or not 1 <= len(name) <= PERSONA_NAME:
        raise bad_parameter(f"Param name must have 1 to {PERSONA_NAME} characters")
    persona_id = str(7_000_000_000 + len(personas) + 1)
    picture = str(parameters.get("profile_picture_url") or "")
    personas[persona_id] = {"name": name, "profile_picture_url": picture}
    exchange.save()
    return Taken(answer={"id": persona_id}, kind="personas", note=name)


def set_profile(parameters: Mapping[str, Any]) -> Taken:
    """Take the settings of the welcome screen; the phones of the sandbox keep their own."""
    return Taken(answer={"result": "success"}, kind="messenger_profile")


def _media(exchange: Exchange, node: str, what: str) -> dict[str, Any]:
    config = exchange.config
    return {
        "messaging_product": "whatsapp",
        "id": node,
        "url": f"http://{config.host}:{config.port}/sandbox/media/{ATTACHMENTS[what]}",
        "mime_type": _MIME[what],
    }
