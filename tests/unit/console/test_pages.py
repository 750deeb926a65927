"""What reviewers see, over HTTP."""

from __future__ import annotations

import logging
from datetime import timedelta

from overture.console.inbox import PAGE
from tests.unit.console.conftest import visiting
from tests.unit.console.house import House, page_of

_CARD = """
name: {name}
status: draft
lines:
  greet: ["Hello."]
follow_ups:
  - needs: [likes]
    text: "{opener}"
"""


async def test_health_answers_without_a_session(visitor):
    assert await visitor.get("/health") == '{"status":"ok"}'
    assert "Set-Cookie" not in visitor.headers


async def test_an_empty_console_says_so(visitor):
    assert "Nobody has written yet." in await visitor.get("/")
    assert visitor.status == 200


async def test_every_page_keeps_out_what_is_not_its_own(visitor):
    for path in ("/", "/follow-ups/", "/accounts", "/nowhere", "/static/base.css"):
        page = await visitor.get(path)
        policy = visitor.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert visitor.headers["X-Content-Type-Options"] == "nosniff"
        assert "style=" not in page
        assert "<script>" not in page
        assert "http://" not in page.replace("http://www.w3.org", "")


async def test_who_asks_for_a_human_is_counted_on_the_first_page_until_looked_after(house, visitor):
    anna = house.hear("anna", "hello", "human please")
    house.hear("ben", "hello")
    page = await visitor.get("/")
    assert 'Needs a human <span class="count">1</span>' in page
    listed = await visitor.get("/?view=needs_human")
    assert page_of(anna) in listed
    assert ":ben:" not in listed
    assert "The person asked for a human." in await visitor.get(page_of(anna))
    await visitor.submit(page_of(anna), "looked-after")
    page = await visitor.get("/")
    assert "Needs a human</a>" in page
    assert 'class="count"' not in page
    house.write(lambda ledger: ledger.attention.ask(anna, "given_up", house.clock.now()))
    assert "An answer failed three times" in await visitor.get(page_of(anna))


async def test_the_list_shows_who_wrote_what_and_in_which_state(house, visitor):
    house.hear("anna", "I am Anna", "stop")
    page = await visitor.get("/")
    assert "Anna" in page
    assert "stop" in page
    assert "Opted out" in page
    assert 'title="2026-03-02 12:00:02 UTC"' in page
    assert "The Maestro of Movie Magic" in page


async def test_words_of_people_are_never_markup(house, visitor):
    conversation_id = house.hear("anna", "<img src=x onerror=alert(1)>", "I am <b>Anna</b>")
    for path in ("/", page_of(conversation_id), "/?q=%3Cimg"):
        page = await visitor.get(path)
        assert "<img src=x" not in page
        assert "<b>Anna" not in page
    assert "&lt;img src=x" in page


async def test_a_list_goes_on_where_the_page_ended(house, visitor):
    for number in range(PAGE + 2):
        house.hear(f"person{number:03}", "hello")
    first = await visitor.get("/")
    assert first.count('class="row"') == PAGE
    assert "person051" in first
    assert "person001" not in first
    address = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    second = await visitor.get(address.replace("&amp;", "&"))
    assert second.count('class="row"') == 2
    assert "person001" in second
    assert "Back to the newest" in second


async def test_filters_and_states_narrow_the_list(house, visitor):
    house.hear("anna", "hello", channel="instagram")
    house.hear("ben", "stop")
    assert "ben" not in await visitor.get("/?channel=instagram")
    held = await visitor.get("/?view=opted_out")
    assert "ben" in held
    assert "anna" not in held
    assert "Nobody is held back" in await visitor.get("/?view=crisis_hold")
    assert "ben" in await visitor.get("/?view=nonsense&after=nonsense")


async def test_search_finds_people_and_words(house, visitor):
    house.hear("15550001111", "Who wrote Jaws?", channel="whatsapp")
    house.hear("ben", "something else")
    house.write(lambda ledger: ledger.describe_account("whatsapp", "440", {}))
    for asked in ("jaws", "%2B1 (555) 000-1111", "15550001111"):
        page = await visitor.get(f"/?q={asked}")
        assert "15550001111" in page, asked
        assert "something else" not in page
    assert "Nothing found" in await visitor.get("/?q=herrmann")
    assert "Nothing found" in await visitor.get("/?q=jaws&channel=messenger")


async def test_a_conversation_shows_both_sides_with_ticks(house, visitor):
    conversation_id = house.hear("anna", "hello")
    house.answer(conversation_id, "Good evening.", state="read")
    refused = {"code": 131047, "message": "outside the window"}
    house.answer(conversation_id, "Still there?", state="failed", error=refused)
    page = await visitor.get(page_of(conversation_id))
    assert "Good evening." in page
    assert 'class="ticks read"' in page
    assert 'class="ticks failed"' in page
    assert "outside the window (code 131047)" in page


async def test_earlier_messages_are_a_page_away(house, visitor):
    conversation_id = house.talk("anna", messages=40)
    latest = await visitor.get(page_of(conversation_id))
    assert "line 39 of anna" in latest
    assert "line 5 of anna" not in latest
    mark = latest.split("?before=")[1].split('"')[0]
    assert "line 5 of anna" in await visitor.get(f"{page_of(conversation_id)}?before={mark}")


async def test_the_shell_shows_what_rasa_has_heard_and_said(house, visitor):
    conversation_id = house.hear("u1", "hello", channel="cmdline")
    events = [
        {"event": "user", "text": "hello", "message_id": "m1", "timestamp": 2.0},
        {"event": "bot", "text": "Good evening.", "timestamp": 3.0},
    ]
    house.write(lambda ledger: ledger.tracker.append(conversation_id, events))
    assert "Good evening." in await visitor.get(page_of(conversation_id))


async def test_the_gate_answers_with_every_rule_and_its_evidence(house, visitor):
    conversation_id = house.talk("anna", messages=4)
    page = await visitor.get(page_of(conversation_id))
    assert "Not allowed to write until something changes." in page
    assert "4 of 5 messages are there" in page
    assert "<dt>min user messages</dt><dd>5</dd>" in page
    assert "1 rule refuses it" in page
    assert "17 rules allow it" in page


async def test_memories_show_their_source_and_can_be_deleted(house, visitor):
    conversation_id = house.hear("anna", "I love Jaws", "I love Vertigo")
    page = await visitor.get(page_of(conversation_id))
    assert "“I love Jaws”" in page
    assert 'href="#m-m1"' in page
    number = str(house.read(lambda ledger: ledger.memory.current(conversation_id))[0].id)
    await visitor.submit(page_of(conversation_id), "forget", memory=number)
    left = house.read(lambda ledger: ledger.memory.history(conversation_id))
    assert [one.value for one in left] == ["Vertigo"]


async def test_deleting_a_memory_deletes_what_it_replaced(house, visitor):
    conversation_id = house.hear("anna", "I am Ann", "I am Anna", "I love Jaws")
    page = await visitor.get(page_of(conversation_id))
    assert "1 replaced" in page
    facts = house.read(lambda ledger: ledger.memory.current(conversation_id))
    name = next(one for one in facts if one.kind == "name")
    await visitor.submit(page_of(conversation_id), "forget", memory=str(name.id))
    left = house.read(lambda ledger: ledger.memory.history(conversation_id))
    assert [one.value for one in left] == ["Jaws"]


async def test_a_memory_of_somebody_else_is_out_of_reach(house, visitor):
    anna, ben = house.hear("anna", "I love Jaws"), house.hear("ben", "I love Vertigo")
    number = str(house.read(lambda ledger: ledger.memory.current(ben))[0].id)
    await visitor.submit(page_of(anna), "forget", memory=number)
    assert len(house.read(lambda ledger: ledger.memory.current(ben))) == 1


async def test_follow_ups_show_what_is_planned_went_out_and_was_withheld(house, visitor):
    for name in ("anna", "ben", "cleo"):
        house.talk(name)
    house.clock.wind(timedelta(hours=21))
    house.dispatch("How was the film?")
    house.hear("anna", "wonderful")
    house.talk("dora")
    house.hear("dora", "stop")
    page = await visitor.get("/follow-ups/")
    assert "<strong>1</strong> answered" in page
    assert "<strong>2</strong> unanswered" in page
    assert "<strong>2</strong> withheld" in page  # anna's next one: the gap outlasts the window
    assert 'title="opted_out"' in page
    assert page.count("How was the film?") == 3
    assert page.count('<rect class="') >= 3
    house.talk("emil")
    assert "emil" in (await visitor.get("/follow-ups/planned"))
    assert "How was the film?" in (await visitor.get("/follow-ups/sent"))
    assert "dora" in (await visitor.get("/follow-ups/withheld?after=nonsense"))


async def test_accounts_tell_why_they_rest(house, visitor):
    later = house.clock.now() + timedelta(hours=2)
    house.write(
        lambda ledger: (
            ledger.describe_account("messenger", "607", {"timezone": "Europe/Berlin"}),
            ledger.pause_account("instagram", "1784", later, "The access token has expired"),
        )
    )
    page = await visitor.get("/accounts")
    assert "Europe/Berlin" in page
    assert "The access token has expired" in page
    house.clock.wind(timedelta(hours=3))
    assert "The access token has expired" not in await visitor.get("/accounts")


async def test_a_persona_whose_card_is_broken_is_one_line_of_the_list(tmp_path):
    folder = tmp_path / "personas"
    folder.mkdir()
    (folder / "fine.yaml").write_text(_CARD.format(name="Fine", opener="You loved {value}."))
    (folder / "pushy.yaml").write_text(_CARD.format(name="Pushy", opener="I am lonely. Answer me!"))
    (folder / "broken.yaml").write_text("name: [")
    house = House(f"sqlite:///{tmp_path}/overture.db", folder)
    async for visitor in visiting(house):
        page = await visitor.get("/accounts")
        assert visitor.status == 200
        assert "broken.yaml" in page
        assert page.count("not linted") == 2
    house.database.close()


async def test_the_kill_switch_stops_what_is_due_and_every_page_says_so(house, visitor):
    house.talk("anna")
    seen = await visitor.get("/accounts")
    await visitor.post("/kill-switch", seen=seen, to="on")
    assert house.read(lambda ledger: ledger.switch("kill_switch")) == "on"
    assert "All proactive messages are stopped." in await visitor.get("/")
    house.clock.wind(timedelta(hours=21))
    assert house.dispatch() == []
    await visitor.post("/kill-switch", seen=await visitor.get("/accounts"), to="off")
    assert house.read(lambda ledger: ledger.switch("kill_switch")) == "off"


async def test_news_are_told_without_words(house, visitor):
    conversation_id = house.hear("anna", "hello")
    before = await visitor.get(f"{page_of(conversation_id)}/news")
    assert before == await visitor.get(f"{page_of(conversation_id)}/news")
    house.answer(conversation_id, "Good evening.")
    after = await visitor.get(f"{page_of(conversation_id)}/news")
    assert after != before
    assert "Good evening" not in after


async def test_words_of_people_stay_out_of_the_log(house, visitor, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    secret = "my secret"
    conversation_id = house.hear("15550001111", secret, channel="whatsapp")
    await visitor.get(page_of(conversation_id))
    await visitor.get("/?q=my%20secret")

    def fail(*_, **__):
        raise ValueError(secret)

    monkeypatch.setattr(house.parts.database, "read", fail)
    page = await visitor.get(page_of(conversation_id))
    assert visitor.status == 500
    assert "my secret" not in page
    assert "console.failed error=ValueError" in caplog.text
    assert "my secret" not in caplog.text
    assert "15550001111" not in caplog.text
