"""Who may use the console: where it listens, its token, sessions and the seal on every form."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address

from overture.errors import ConfigurationError

#: How long one is signed in.
_SESSION = timedelta(hours=12)
_LOCAL_NAMES = ("localhost",)


def is_loopback(host: str) -> bool:
    """Return whether an address is reached from this machine alone."""
    name = host.strip("[]").casefold()
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name in _LOCAL_NAMES


@dataclass(frozen=True, kw_only=True)
class Access:
    """Decide who may see a page and whose form is taken.

    Raises:
        ConfigurationError: the console would be open to others without a token.
    """

    host: str = "127.0.0.1"
    port: int = 5056
    #: What one has to know to sign in; empty: whoever reaches the port may.
    token: str = field(default="", repr=False)
    #: Seals sessions where there is no token; sessions then end with the process.
    seal: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def __post_init__(self) -> None:
        if not self.token and not is_loopback(self.host):
            raise ConfigurationError(
                "environment",
                "OVERTURE_CONSOLE_TOKEN",
                self.token,
                f"a console on {self.host}, which others can reach, needs a token; set one, "
                "or set OVERTURE_HOST to 127.0.0.1",
            )

    @property
    def cookie(self) -> str:
        """Return the cookie's name; two consoles on one machine keep their own."""
        return f"overture_console_{self.port}"

    def is_host(self, header: str) -> bool:
        """Return whether a ``Host`` header is ours.

        On a loopback address a foreign name is a page elsewhere that has its name point here.
        """
        name = header.rsplit(":", 1)[0] if not header.endswith("]") else header
        return not is_loopback(self.host) or is_loopback(name)

    def is_token(self, text: str) -> bool:
        """Return whether a text is the token."""
        return bool(self.token) and hmac.compare_digest(text.encode(), self.token.encode())

    def open_session(self, now: datetime) -> str:
        """Return the cookie of a new session."""
        body = f"{int(now.timestamp())}.{secrets.token_urlsafe(12)}"
        return f"{body}.{self._mac('session', body)}"

    def is_session(self, cookie: str, now: datetime) -> bool:
        """Return whether a cookie is of a session of ours that has not ended."""
        body, _, mac = cookie.rpartition(".")
        if not hmac.compare_digest(mac.encode(), self._mac("session", body).encode()):
            return False
        opened = datetime.fromtimestamp(int(body.split(".")[0]), tz=timezone.utc)
        return now < opened + _SESSION

    def new_key(self) -> str:
        """Return what names one form, so that it counts once however often it is sent."""
        return secrets.token_urlsafe(12)

    def form_key(self, session: str) -> str:
        """Return what a form of this session must carry."""
        return self._mac("form", session)

    def is_form_key(self, session: str, key: str) -> bool:
        """Return whether a form was made for this session."""
        return hmac.compare_digest(key.encode(), self.form_key(session).encode())

    def _mac(self, purpose: str, text: str) -> str:
        key = hashlib.sha256(self.token.encode()).digest() if self.token else self.seal
        return hmac.new(key, f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()
