"""A console with a token, over HTTP."""

from __future__ import annotations

from tests.unit.console.conftest import visiting


async def test_with_a_token_nothing_shows_before_signing_in(house):
    house.hear("anna", "hello")
    async for visitor in visiting(house, token="open sesame"):
        assert await visitor.get("/health") == '{"status":"ok"}'
        for path in ("/", "/conversations/messenger:607:anna:maestro", "/accounts"):
            page = await visitor.get(path)
            assert "Token of this console" in page
            assert "anna" not in page
        wrong = await visitor.post("/sign-in", token="open barley")
        assert visitor.status == 401
        assert "That is not the token." in wrong
        page = await visitor.post("/sign-in", token="open sesame")
        assert "anna" in page
        await visitor.post("/sign-out", seen=page)
        assert "Token of this console" in await visitor.get("/")


async def test_a_script_may_show_the_token_instead(house):
    async for visitor in visiting(house, token="open sesame"):
        await visitor.get("/accounts", headers={"Authorization": "Bearer open sesame"})
        assert visitor.status == 200
        page = await visitor.get("/accounts", headers={"Authorization": "Bearer wrong"})
        assert "Token of this console" in page


async def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(visitor):
    await visitor.get("/")
    cookie = visitor.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
