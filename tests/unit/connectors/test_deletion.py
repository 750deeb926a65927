"""People who leave: deletion asked for through the platform, its status page, deauthorising."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import sqlalchemy as sa

from overture.meta.signature import make_signed_request
from overture.store.schema import contact, deletion, fact, inbound, metadata, outbound
from tests.unit.connectors.served import Served, served
from tests.unit.delivery.rooms import NOON, Rooms


async def ask(
    app: Served, user_id: str, path: str = "data-deletion", secret: str = "secret", **headers: str
) -> tuple[int, Any]:
    """Post a signed request about a person."""
    form = urlencode({"signed_request": make_signed_request(user_id, NOON, secret)})
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    url = f"{app.base}/{path}"
    async with app.session.post(url, data=form, headers={**kind, **headers}) as answer:
        text = await answer.text()
        return answer.status, json.loads(text) if text.startswith("{") else text


async def test_a_deletion_leaves_nothing_and_tells_where_to_look(rooms: Rooms) -> None:
    """The answer is what Meta's page prescribes; the page shows the state to the person."""
    await rooms.say("messenger", "my name is Ada", user="u1")
    await rooms.say("messenger", "I am somebody else", user="u2")
    async with served(rooms, "messenger") as app:
        status, answer = await ask(app, "u1")
        assert status == 200
        code = answer["confirmation_code"]
        assert parse_qs(urlsplit(answer["url"]).query) == {"id": [code]}
        for path, query in ((f"data-deletion/{code}", {}), ("data-deletion", {"id": code})):
            shown, page = await app.get(path, **query)
            assert shown == 200
            assert "has been deleted" in page
            assert "u1" not in page
    assert [row.user_id for row in rooms.rows(sa.select(contact.c.user_id))] == ["u2"]
    assert [row.user_id for row in rooms.rows(sa.select(inbound.c.user_id))] == ["u2"]
    people = {row.contact_id for row in rooms.rows(sa.select(outbound.c.contact_id))}
    assert people == {"messenger:601:u2"}
    assert rooms.dropped == ["messenger:601:u1:maestro"]


async def test_no_table_holds_the_persons_id_after_a_deletion(rooms: Rooms) -> None:
    """Whatever tables there will be."""
    await rooms.say("messenger", "hello", user="24000000000000077")
    async with served(rooms, "messenger") as app:
        await ask(app, "24000000000000077")
    for table in metadata.sorted_tables:
        assert "24000000000000077" not in str(rooms.rows(sa.select(table)))


async def test_a_request_about_somebody_unknown_is_answered_and_kept(rooms: Rooms) -> None:
    """The id is app-scoped: most people were never known under it."""
    async with served(rooms, "instagram") as app:
        _, answer = await ask(app, "12345")
        shown, page = await app.get(f"data-deletion/{answer['confirmation_code']}")
    assert (shown, "Nothing was held" in page) == (200, True)
    assert [row.erased for row in rooms.rows(sa.select(deletion.c.erased))] == [0]


async def test_a_code_nobody_was_given_shows_nothing(rooms: Rooms) -> None:
    """And cannot put words on the page."""
    async with served(rooms, "messenger") as app:
        status, page = await app.get("data-deletion", id="<script>x</script>")
    assert status == 404
    assert "<script>" not in page


@pytest.mark.parametrize("path", ["data-deletion", "deauthorize"])
async def test_a_request_that_is_not_signed_changes_nothing(rooms: Rooms, path: str) -> None:
    """Anybody can post a form."""
    await rooms.say("messenger", "hello", user="u1")
    async with served(rooms, "messenger") as app:
        assert (await ask(app, "u1", path, secret="wrong"))[0] == 403
        assert await app.post(b"signed_request=%ff.%00&signed_request", None, path) == 403
        assert await app.post(b"", None, path) == 403
        assert await app.post(b"x" * 70_000, None, path) == 413
    person = rooms.read(lambda ledger: ledger.people.contact("messenger:601:u1"))
    assert person.opted_out_at is None


async def test_somebody_who_removes_the_app_is_not_written_to_first(rooms: Rooms) -> None:
    """What they told stays until they ask for its deletion."""
    await rooms.say("messenger", "hello", user="u1")
    async with served(rooms, "messenger") as app:
        assert (await ask(app, "u1", "deauthorize"))[0] == 200
    person = rooms.read(lambda ledger: ledger.people.contact("messenger:601:u1"))
    assert person.opted_out_at == NOON or person.opted_out_at > NOON


@pytest.mark.parametrize(
    ("variables", "headers", "start"),
    [
        ({"OVERTURE_PUBLIC_URL": "https://bot.example/"}, {}, "https://bot.example/webhooks/"),
        ({}, {"X-Forwarded-Proto": "https", "Host": "bot.example"}, "https://bot.example/webhooks"),
        ({}, {"X-Forwarded-Proto": "javascript", "Host": "b.example"}, "https://b.example/"),
        ({}, {"Host": "bot.example"}, "http://bot.example/webhooks/"),
    ],
)
async def test_the_page_is_where_people_can_reach_it(
    rooms: Rooms, variables: dict[str, str], headers: dict[str, str], start: str
) -> None:
    """By the setting, or else as the platform asked for it."""
    async with served(rooms, "messenger", variables) as app:
        _, answer = await ask(app, "u1", **headers)
    assert answer["url"].startswith(start)


async def test_a_person_erased_in_the_middle_of_a_turn_leaves_nothing(rooms: Rooms) -> None:
    """What the turn stores afterwards goes too."""

    async def erase(message: Any) -> None:
        async with served(rooms, "messenger") as app:
            await ask(app, "u1")
        rooms.write(
            lambda ledger: ledger.tracker.append(
                "messenger:601:u1:maestro", [{"event": "bot", "text": "re"}]
            )
        )

    rooms.during_turn = erase
    await rooms.say("messenger", "hello", user="u1")
    assert rooms.read(lambda ledger: ledger.tracker.senders()) == []
    assert rooms.graph.calls == []
    assert rooms.rows(sa.select(fact.c.id)) == []


async def test_a_person_erased_while_an_answer_is_sent_leaves_nothing(rooms: Rooms) -> None:
    """Also when the platform's answer is one that would be kept with the person."""
    from overture.delivery.graph import Rejected
    from overture.meta.errors import classify_code

    async def erase(body: Any) -> None:
        async with served(rooms, "messenger") as app:
            await ask(app, "u1")

    rooms.graph.during = erase
    rooms.graph.answers = [Rejected(failure=classify_code("messenger", 551))]
    await rooms.say("messenger", "hello", user="u1")
    assert rooms.rows(sa.select(contact.c.id)) == []
