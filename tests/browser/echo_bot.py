"""A bot small enough to read: it answers the sandbox's webhooks through its Graph API."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import aiohttp
from aiohttp import web

from overture.sandbox.config import Account


class EchoBot:
    """Answer each message with its text; some words ask for buttons, a list, typing or two."""

    def __init__(self, accounts: tuple[Account, ...]) -> None:
        self.accounts = {account.channel: account for account in accounts}
        self.graph = ""
        self.port = 0
        self.received: list[dict[str, Any]] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def start(self) -> None:
        """Listen on a free port."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)

    def stop(self) -> None:
        """Stop listening."""
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def write_first(self, channel: str, user_id: str, text: str) -> int:
        """Send a message nobody asked for; return the HTTP status."""
        work = self._post(self.accounts[channel], _text(channel, user_id, text))
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        app = web.Application()
        app.router.add_post("/webhooks/{channel}/webhook", self._webhook)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def _webhook(self, request: web.Request) -> web.Response:
        raw, account = await request.read(), self.accounts[request.match_info["channel"]]
        wanted = hmac.new(account.app_secret.encode(), raw, hashlib.sha256).hexdigest()
        if request.headers.get("X-Hub-Signature-256") != f"sha256={wanted}":
            return web.Response(status=403)
        body = json.loads(raw)
        self.received.append(body)
        for user_id, message_id, said in _messages(account.channel, body):
            asyncio.get_running_loop().create_task(self._answer(account, user_id, message_id, said))
        return web.Response()

    async def _answer(self, account: Account, user_id: str, message_id: str, said: str) -> None:
        for call in _typing(account.channel, user_id, message_id):
            await self._post(account, call)
        await asyncio.sleep(0.25)
        await self._post(account, _reply(account.channel, user_id, said))

    async def _post(self, account: Account, body: Mapping[str, Any]) -> int:
        url = f"{self.graph}/v26.0/{account.id}/messages"
        headers = {"Authorization": f"Bearer {account.access_token}"}
        async with aiohttp.request("POST", url, json=body, headers=headers) as response:
            return response.status


def _messages(channel: str, body: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for entry in body["entry"]:
        for event in entry.get("messaging", []):
            message, postback = event.get("message", {}), event.get("postback")
            if postback:
                yield event["sender"]["id"], postback["mid"], postback["payload"]
            elif message and not message.get("is_echo"):
                said = message.get("quick_reply", {}).get("payload") or message.get("text", "media")
                yield event["sender"]["id"], message["mid"], said
        for change in entry.get("changes", []):
            for message in change["value"].get("messages", []):
                yield message["from"], message["id"], _whatsapp_said(message)


def _whatsapp_said(message: Mapping[str, Any]) -> str:
    interactive = message.get("interactive", {})
    reply = interactive.get("button_reply") or interactive.get("list_reply") or {}
    return str(reply.get("id") or message.get("text", {}).get("body", "media"))


def _typing(channel: str, user_id: str, message_id: str) -> Iterator[dict[str, Any]]:
    if channel == "whatsapp":
        yield {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": message_id,
            "typing_indicator": {"type": "text"},
        }
        return
    for action in ("mark_seen", "typing_on"):
        yield {"recipient": {"id": user_id}, "sender_action": action}


def _reply(channel: str, user_id: str, said: str) -> dict[str, Any]:
    if "choose" not in said:
        return _text(channel, user_id, f"You said: {said}")
    titles = ("Something funny", "Something sad")
    if channel == "whatsapp":
        buttons = [{"type": "reply", "reply": {"id": f"/{t}", "title": t}} for t in titles]
        interactive = {
            "type": "button",
            "body": {"text": "What shall it be?"},
            "action": {"buttons": buttons},
        }
        return {
            "messaging_product": "whatsapp",
            "to": user_id,
            "type": "interactive",
            "interactive": interactive,
        }
    replies = [{"content_type": "text", "title": t, "payload": f"/{t}"} for t in titles]
    message = {"text": "What shall it be?", "quick_replies": replies}
    return {"recipient": {"id": user_id}, "messaging_type": "RESPONSE", "message": message}


def _text(channel: str, user_id: str, text: str) -> dict[str, Any]:
    if channel == "whatsapp":
        return {
            "messaging_product": "whatsapp",
            "to": user_id,
            "type": "text",
            "text": {"body": text},
        }
    return {"recipient": {"id": user_id}, "messaging_type": "RESPONSE", "message": {"text": text}}
