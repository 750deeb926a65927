"""Which persona a link or a code opens, and for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from overture.meta.links import code_in
from overture.services.deployment import Deployment
from overture.store.ports import Ledger
from overture.store.records import Inbound


def opened(ledger: Ledger, message: Inbound, deployment: Deployment) -> Inbound:
    """Return the message with the persona its link opens, and without a code in its text.

    A code that nobody gave out is part of the person's own words; a link to a persona this
    person may not see is ignored.
    """
    ref = message.detail.get("ref")
    if ref:
        return replace(message, detail={**message.detail, **_persona(ledger, ref, deployment)})
    if message.channel != "whatsapp" or message.kind != "text":
        return message
    code, rest = code_in(message.text)
    found = _persona(ledger, code, deployment) if code else {}
    if not found:
        return message
    detail = {**message.detail, **found, "ref": code}
    return replace(message, text=rest, kind="text" if rest else "referral", detail=detail)


def _persona(ledger: Ledger, code: str, deployment: Deployment) -> Mapping[str, Any]:
    """Return what a code opens, as details of its message; a share is noted as one."""
    shared = ledger.sharing.persona(code)
    persona_id = shared or deployment.persona_by_ref(code)
    if persona_id is None:
        return {}
    standing = deployment.persona(persona_id, "")
    if not standing.released or not (standing.visible or shared):
        return {}
    return {"persona": persona_id, "shared": True} if shared else {"persona": persona_id}
