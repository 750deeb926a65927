"""What reviewers see and do, over HTTP."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
import sqlalchemy as sa

from overture.console.inbox import PAGE
from overture.services import consent
from overture.store.schema import contact, conversation, tracker_event
from tests.unit.console.conftest import visiting
from tests.unit.console.house import House

_CARD = """
name: {name}
status: draft
lines:
  greet: ["Hello."]
follow_ups:
  - needs: [likes]
    text: "{opener}"
"""


def page_of(conversation_id):
    return f"/conversations/{conversation_id}"


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


async def test_taking_over_silences_the_bot_until_it_is_handed_back(house, visitor):
    conversation_id = house.talk("anna")
    told = await visitor.submit(page_of(conversation_id), "take-over")
    assert "You have this conversation." in told
    now = house.clock.now()
    assert house.read(lambda ledger: consent.taken_over(ledger, conversation_id, now))
    assert house.read(lambda ledger: ledger.people.standing(conversation_id)).plan is None
    assert "Taken over" in told
    await visitor.submit(page_of(conversation_id), "hand-back")
    assert not house.read(lambda ledger: consent.taken_over(ledger, conversation_id, now))
    assert house.read(lambda ledger: ledger.people.standing(conversation_id)).plan is not None


async def test_a_pause_lasts_as_long_as_was_chosen_and_can_be_ended(house, visitor):
    conversation_id = house.talk("anna")
    await visitor.submit(page_of(conversation_id), "pause", days="7")
    paused = house.read(lambda ledger: ledger.people.conversation(conversation_id)).paused_until
    assert paused == house.clock.now() + timedelta(days=7)
    await visitor.submit(page_of(conversation_id), "end-pause")
    assert (
        house.read(lambda ledger: ledger.people.conversation(conversation_id)).paused_until is None
    )


async def test_a_pause_of_any_other_length_is_the_shortest(house, visitor):
    conversation_id = house.talk("anna")
    await visitor.submit(page_of(conversation_id), "pause", days="99999999999")
    paused = house.read(lambda ledger: ledger.people.conversation(conversation_id)).paused_until
    assert paused == house.clock.now() + timedelta(days=1)


async def test_a_crisis_hold_is_released_for_all_personas(house, visitor):
    conversation_id = house.hear("anna", "I want to die")
    assert "possible crisis" in await visitor.get(page_of(conversation_id))
    await visitor.submit(page_of(conversation_id), "release-hold")
    assert (
        house.read(lambda ledger: ledger.people.contact("messenger:607:anna")).crisis_hold_since
        is None
    )


async def test_that_somebody_is_a_minor_can_be_taken_back_and_is_noted(house, visitor):
    conversation_id = house.hear("anna", "i am 15")
    assert "said to be a minor" in await visitor.get(page_of(conversation_id))
    page = await visitor.submit(page_of(conversation_id), "lift-minor")
    person = house.read(lambda ledger: ledger.people.contact("messenger:607:anna"))
    assert not person.declared_minor
    assert "taken back on" in page


async def test_an_opt_out_is_one_way(house, visitor):
    conversation_id = house.talk("anna")
    page = await visitor.submit(page_of(conversation_id), "opt-out")
    assert house.read(lambda ledger: ledger.people.contact("messenger:607:anna")).opted_out_at
    assert "/opt-out" not in page
    assert "opt-in" not in page
    await visitor.post(f"{page_of(conversation_id)}/opt-in", seen=page)
    assert visitor.status == 404
    house.clock.wind(timedelta(hours=21))
    assert house.dispatch() == []


async def test_only_what_makes_sense_is_offered(house, visitor):
    page = await visitor.get(page_of(house.talk("anna")))
    for act in ("hand-back", "end-pause", "release-hold", "lift-minor"):
        assert f'/{act}"' not in page


async def test_erasing_asks_for_the_id_and_then_leaves_nothing(house, visitor):
    conversation_id = house.talk("anna")
    house.hear("anna", "hello", persona="vesper")
    ben = house.talk("ben")
    event = {"event": "user", "text": "hello", "timestamp": 1.0}
    house.write(lambda ledger: ledger.tracker.append(conversation_id, [event]))
    address = f"{page_of(conversation_id)}/erase"
    asked = await visitor.get(address)
    assert "Vesper" in asked
    assert "A running Rasa keeps the tracker" in asked
    wrong = await visitor.post(address, seen=asked, typed="ann")
    assert "Nothing was erased." in wrong
    assert house.read(lambda ledger: ledger.people.conversation(conversation_id))
    told = await visitor.post(address, seen=wrong, typed="anna")
    assert "Everything held about the person is erased." in told
    with house.database.engine.connect() as connection:
        left = connection.execute(sa.select(conversation.c.id)).scalars().all()
        assert left == [ben]
        assert connection.execute(sa.select(contact.c.user_id)).scalars().all() == ["ben"]
        assert connection.execute(sa.select(tracker_event.c.id)).all() == []
    await visitor.get(page_of(conversation_id))
    assert visitor.status == 404


@pytest.mark.parametrize("act", ["take-over", "opt-out", "erase"])
async def test_a_form_without_the_key_of_its_page_changes_nothing(house, visitor, act):
    conversation_id = house.talk("anna")
    await visitor.get("/")
    answer = await visitor.post(f"{page_of(conversation_id)}/{act}", typed="anna")
    assert visitor.status == 403
    assert "too old" in answer
    assert (
        house.read(lambda ledger: ledger.people.contact("messenger:607:anna")).opted_out_at is None
    )
    assert (
        house.read(lambda ledger: ledger.people.conversation(conversation_id)).takeover_since
        is None
    )


async def test_a_form_from_another_site_changes_nothing(house, visitor):
    conversation_id = house.talk("anna")
    seen = await visitor.get(page_of(conversation_id))
    visitor.session.headers["Origin"] = "https://elsewhere.example"
    await visitor.post(f"{page_of(conversation_id)}/opt-out", seen=seen)
    assert visitor.status == 403


async def test_a_foreign_name_for_this_machine_sees_nothing(visitor):
    await visitor.get("/", headers={"Host": "rebound.example:5056"})
    assert visitor.status == 421


@pytest.mark.parametrize(
    "path",
    [
        "/conversations/messenger:607:nobody:maestro",
        "/conversations/not-an-id",
        "/conversations/messenger:607:nobody:maestro/erase",
        "/static/none.css",
        "/static/..%2fapp.py",
        "/nowhere",
    ],
)
async def test_what_is_not_there_is_said_to_be_not_there(visitor, path):
    await visitor.get(path)
    assert visitor.status == 404


async def test_an_act_on_somebody_unknown_makes_nobody(house, visitor):
    seen = await visitor.get(page_of(house.talk("anna")))
    await visitor.post("/conversations/messenger:607:nobody:maestro/opt-out", seen=seen)
    assert visitor.status == 404
    assert house.read(lambda ledger: ledger.people.contact("messenger:607:nobody")) is None


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
