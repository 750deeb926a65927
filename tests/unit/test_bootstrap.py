"""The parts of one process, put together as they are in production."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from overture.accounts import Account, ChannelConfig
from overture.bootstrap import Runtime
from overture.errors import StoreUnavailable
from overture.settings import Settings
from overture.store.migrations import migrate

CONFIG = ChannelConfig(
    channel="messenger",
    app_secrets=("secret",),
    verify_token="verify",
    accounts={"607": Account(id="607", access_token="token", persona="maestro")},
)


async def _noted(event: asyncio.Event) -> None:
    event.set()


async def test_a_server_starts_though_the_database_is_away_and_tells_of_its_accounts_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock held for a backup at the wrong moment must not end Rasa."""
    url = f"sqlite:///{tmp_path}/overture.db"
    parts = Runtime(Settings.read({"OVERTURE_DATABASE_URL": url}))
    migrate(parts.database.engine)
    write, away = parts.write, [StoreUnavailable("locked")]

    async def shaky(work: Any) -> Any:
        if away:
            raise away.pop()
        return await write(work)

    monkeypatch.setattr(parts, "write", shaky)
    await parts.announce(CONFIG)
    assert await parts.read(lambda ledger: ledger.accounts()) == []
    looked = asyncio.Event()
    monkeypatch.setattr(parts.watch, "run", lambda: _noted(looked))
    keeper = asyncio.ensure_future(parts.keep_working())
    for _ in range(500):
        if known := await parts.read(lambda ledger: ledger.accounts()):
            break
        await asyncio.sleep(0.01)
    keeper.cancel()
    assert [one["account_id"] for one in known] == ["607"]
    assert looked.is_set()  # what is typed in the console goes out from here too
    parts.database.close()
