"""What the page is told: the state of the chats, transcripts, and links with their QR codes."""

from __future__ import annotations

import io
from typing import Any

import segno

from overture.meta.links import instagram_link, messenger_link, whatsapp_link
from overture.sandbox.config import Account, PersonaEntry
from overture.sandbox.exchange import WINDOW, Exchange
from overture.sandbox.people import shown_number
from overture.sandbox.threads import Thread


def overview(exchange: Exchange) -> dict[str, Any]:
    """Return all a page needs when it opens."""
    config = exchange.config
    return {
        "now": exchange.clock.now().isoformat(),
        "demo": config.demo,
        "rasa_url": config.rasa_url,
        "accounts": [_account(exchange, account) for account in config.accounts],
        "personas": [
            {"id": entry.id, "name": entry.name, "tagline": entry.tagline, "ref": entry.ref}
            for entry in config.personas
        ],
        "people": [person.ids for person in exchange.world.people],
        "threads": [_thread(thread) for thread in exchange.world.threads.values()],
        "calls": [call.to_json() for call in exchange.journal.calls()[-200:]],
        "faults": exchange.faults.to_json(),
    }


def transcript(exchange: Exchange, account: Account, user_id: str) -> dict[str, Any]:
    """Return the chat of a person with an account; it is empty when there is none."""
    thread = exchange.world.find(account.channel, account.id, user_id)
    if thread is None:
        thread = Thread(channel=account.channel, account_id=account.id, user_id=user_id)
    return {**_thread(thread), "window_open": exchange.window_open(thread)}


def links(exchange: Exchange) -> list[dict[str, str]]:
    """Return for every persona and account the link that opens it, with a QR code as SVG."""
    return [
        {"channel": account.channel, "persona": entry.id, "url": url, "qr": _qr(url)}
        for entry in exchange.config.personas
        for account in exchange.config.accounts
        for url in (link(account, entry),)
    ]


def link(account: Account, entry: PersonaEntry) -> str:
    """Return the link of the app that opens a chat with a persona."""
    ref = entry.ref or entry.id
    if account.channel == "messenger":
        return messenger_link(account.id, ref)
    if account.channel == "instagram":
        return instagram_link(account.id, ref)
    return whatsapp_link(account.display_number, ref, f"Hi {entry.name}!")


def _account(exchange: Exchange, account: Account) -> dict[str, str]:
    persona = exchange.config.persona(account.persona)
    return {
        "channel": account.channel,
        "id": account.id,
        "name": persona.name if persona else account.name,
        "persona": account.persona,
        "number": shown_number(account.display_number) if account.display_number else "",
    }


def _thread(thread: Thread) -> dict[str, Any]:
    acted = thread.last_user_action
    closes = (acted + WINDOW).isoformat() if acted else None
    shown = thread.to_json()
    messages = shown.pop("bubbles")
    return {
        **shown,
        "conversation": thread.conversation,
        "window_closes": closes,
        "messages": messages,
    }


def _qr(url: str) -> str:
    out = io.BytesIO()
    code = segno.make(url, error="m", micro=False)
    code.save(
        out,
        kind="svg",
        scale=4,
        border=2,
        xmldecl=False,
        svgns=True,
        dark="#14161d",
        light="#ffffff",
    )
    return out.getvalue().decode()
