"""What the platform tells an account about its own messages: statuses and echoes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

from overture.sandbox import page_webhooks, whatsapp_webhooks
from overture.sandbox.config import Account
from overture.sandbox.exchange import Exchange
from overture.sandbox.phone import new_message_id
from overture.sandbox.postman import Letter
from overture.sandbox.refusals import Refusal, whatsapp_undeliverable
from overture.sandbox.threads import Bubble, Thread


async def report(
    exchange: Exchange, thread: Thread, bubble: Bubble, sent: Mapping[str, Any]
) -> None:
    """Tell the account what became of its message, a moment after the call was answered."""
    account = exchange.config.account(thread.channel, thread.account_id)
    await asyncio.sleep(exchange.config.status_delay)
    if account is None:
        return
    if bubble.status == "sent":
        exchange.change(thread, bubble, status="delivered")
    for kind, body in _reports(exchange, account, thread, bubble, sent):
        exchange.send(_letter(account, thread, kind, body, bubble.id))


def fail_later(exchange: Exchange, account: Account, thread: Thread) -> str:
    """Report a message as failed that the call had taken; return its id."""
    message_id, now = new_message_id(exchange, "whatsapp"), exchange.clock.now()
    problem: Refusal = whatsapp_undeliverable()
    body = whatsapp_webhooks.status_event(
        account, thread.user_id, message_id, "failed", now, errors=[problem.as_status_error()]
    )
    exchange.send(_letter(account, thread, "status:failed", body, message_id))
    return message_id


def _reports(
    exchange: Exchange,
    account: Account,
    thread: Thread,
    bubble: Bubble,
    sent: Mapping[str, Any],
) -> Iterator[tuple[str, dict[str, Any]]]:
    now, user_id = exchange.clock.now(), thread.user_id
    if account.channel == "whatsapp":
        for status in ("sent", "delivered"):
            body = whatsapp_webhooks.status_event(
                account, user_id, bubble.id, status, now, callback_data=bubble.callback_data
            )
            yield f"status:{status}", body
        return
    if exchange.config.echoes:
        message = _echoed(account.channel, bubble.id, sent.get("message"))
        yield (
            "echo",
            page_webhooks.echo_event(account, user_id, message, now, exchange.config.app_id),
        )
    if account.channel == "messenger":
        body = page_webhooks.delivery_event(account, user_id, bubble.id, now)
        yield "status:delivered", body


def _echoed(channel: str, message_id: str, message: Any) -> dict[str, Any]:
    """Return of a sent message what its echo repeats; its buttons and replies are left out."""
    sent = message if isinstance(message, Mapping) else {}
    echoed: dict[str, Any] = {"mid": message_id}
    if sent.get("text"):
        echoed["text"] = sent["text"]
    if sent.get("attachment"):
        echoed["attachments"] = [sent["attachment"]]
    if channel == "messenger" and sent.get("metadata"):
        echoed["metadata"] = sent["metadata"]
    return echoed


def _letter(
    account: Account, thread: Thread, kind: str, body: Mapping[str, Any], message_id: str
) -> Letter:
    return Letter(
        account=account,
        line=f"{thread.key}:status",
        kind=kind,
        user_id=thread.user_id,
        body=body,
        message_id=message_id,
    )
