"""Signatures of Meta: the header on webhooks, the signed request, the proof of a token.

Webhooks are verified on the raw bytes before anything reads them; Meta signs the escaped form of
the body, so that a body encoded again would not match.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from overture.meta import wire

#: The only header that is accepted; the older SHA-1 one would be a downgrade.
HEADER = "X-Hub-Signature-256"
_SCHEME = "sha256="


@dataclass(frozen=True, kw_only=True)
class SignedRequest:
    """What a deletion or deauthorise callback says; the id is app-scoped, not a PSID."""

    user_id: str
    issued_at: datetime | None


def verify(body: bytes, header: str | None, secrets: Iterable[str]) -> bool:
    """Return whether the header is the SHA-256 signature of the body under one of the secrets.

    Compares in constant time and looks at every secret, so that the time tells nothing. Anything
    but ``sha256=`` and 64 hexadecimal digits is refused, as are empty secrets.
    """
    given = _digest_of(header)
    matched = False
    for secret in secrets:
        expected = hmac.digest(secret.encode(), body, "sha256")
        matched |= bool(secret) and hmac.compare_digest(expected, given)
    return matched


def sign(body: bytes, secret: str) -> str:
    """Return the header value Meta would send with this body."""
    return _SCHEME + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def appsecret_proof(token: str, secret: str) -> str:
    """Return the proof that goes with an access token on every Graph call."""
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def parse_signed_request(signed: str | None, secrets: Iterable[str]) -> SignedRequest | None:
    """Read the ``signed_request`` field of a callback; None when it is not genuine.

    The signature covers the second part as text, before it is decoded.
    """
    first, dot, second = (signed or "").partition(".")
    given, payload = _unpadded(first), _unpadded(second)
    if not dot or given is None or payload is None:
        return None
    if not _signed_by_any(second.encode("ascii"), given, secrets):
        return None
    try:
        claims = wire.mapping(wire.decode(payload))
    except wire.Unreadable:
        return None
    return _claims(claims)


def make_signed_request(user_id: str, issued_at: datetime, secret: str) -> str:
    """Return a ``signed_request`` as Meta would send it; for stand-ins and tests."""
    claims = {
        "algorithm": "HMAC-SHA256",
        "user_id": user_id,
        "issued_at": int(issued_at.timestamp()),
    }
    second = _encoded(json.dumps(claims).encode())
    digest = hmac.new(secret.encode(), second.encode(), hashlib.sha256).digest()
    return f"{_encoded(digest)}.{second}"


def _digest_of(header: str | None) -> bytes:
    if not isinstance(header, str) or not header.startswith(_SCHEME):
        return b""
    digits = header[len(_SCHEME) :]
    if len(digits) != 64:
        return b""
    try:
        return binascii.unhexlify(digits)
    except (binascii.Error, ValueError):
        return b""


def _signed_by_any(message: bytes, given: bytes, secrets: Iterable[str]) -> bool:
    matched = False
    for secret in secrets:
        expected = hmac.new(secret.encode(), message, hashlib.sha256).digest()
        matched |= bool(secret) and hmac.compare_digest(expected, given)
    return matched


def _claims(claims: dict[str, object]) -> SignedRequest | None:
    user_id = wire.identifier(claims.get("user_id"))
    algorithm = wire.text(claims.get("algorithm")) or ""
    if user_id is None or algorithm.upper() != "HMAC-SHA256":
        return None
    return SignedRequest(user_id=user_id, issued_at=wire.instant(claims.get("issued_at")))


def _unpadded(part: str) -> bytes | None:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
