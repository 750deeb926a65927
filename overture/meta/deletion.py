"""The answer to a data deletion callback."""

from __future__ import annotations

from urllib.parse import urlencode


def deletion_answer(status_url: str, code: str) -> dict[str, str]:
    """Return the JSON Meta expects: where the person can follow the deletion, and its code.

    Args:
        status_url: https address of the status page, without query.
        code: The confirmation code; the page takes it as ``id``.
    """
    return {"url": f"{status_url}?{urlencode({'id': code})}", "confirmation_code": code}
