"""Messenger and Instagram: what is kept of each event beside its kind."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from overture.meta.events import (
    Attachment,
    Echo,
    Referral,
    Standby,
)
from tests.unit.meta.factories import (
    MS,
    PAGE,
    PSID,
    direct,
    event,
    only_event,
    only_message,
    read,
    said,
)
from tests.unit.meta.recorded import body_of

MOMENT = datetime(2026, 6, 15, 9, tzinfo=timezone.utc)
ORIGIN = {
    "channel": "messenger",
    "account_id": PAGE,
    "user_id": PSID,
    "occurred_at": MOMENT,
}


def test_a_message_knows_account_person_and_time():
    message = only_message(read("messenger", direct(said(mid="m_7"))))
    assert (message.account_id, message.user_id, message.message_id) == (PAGE, PSID, "m_7")
    assert message.occurred_at == MOMENT


def test_without_a_recipient_the_entry_names_the_account():
    lone = said()
    del lone["recipient"]
    assert only_message(read("messenger", direct(lone))).account_id == PAGE


def test_without_any_account_the_event_is_ignored():
    lone = said()
    del lone["recipient"]
    parsed = read("messenger", {"entry": [{"messaging": [lone]}]})
    assert dict(parsed.skipped) == {"no_account": 1}


def test_an_event_without_time_takes_no_time_but_stays():
    parsed = read("messenger", direct({**said(), "timestamp": "yesterday"}))
    assert only_message(parsed).occurred_at is None


def test_the_time_of_the_entry_stands_in_for_a_missing_one():
    lone = said()
    del lone["timestamp"]
    assert only_message(read("messenger", direct(lone))).occurred_at == MOMENT


def test_a_postback_without_mid_gets_the_same_id_on_redelivery_and_another_when_tapped_again():
    tap = event(postback={"title": "Yes", "payload": "/affirm"})
    later = {**tap, "timestamp": MS + 1}
    other = {**tap, "sender": {"id": "77"}}
    ids = [only_message(read("messenger", direct(one))).message_id for one in (tap, later, other)]
    assert ids[0] == only_message(read("messenger", direct(tap))).message_id
    assert len(set(ids)) == 3


def test_a_postback_of_get_started_brings_the_link():
    message = only_message(read("messenger", body_of("messenger_get_started_link")))
    assert message.referral == Referral(ref="maestro", source="SHORTLINK", type="OPEN_THREAD")


def test_a_referral_beside_a_message_is_its_context():
    parsed = read("messenger", direct({**said(), "referral": {"ref": "noir", "source": "ADS"}}))
    assert only_message(parsed).kind == "text"
    assert only_message(parsed).referral == Referral(ref="noir", source="ADS")


def test_an_advertisement_keeps_its_id_and_title():
    referral = only_message(read("messenger", body_of("messenger_ad_referral"))).referral
    assert referral is not None
    assert (referral.ref, referral.ad_id) == ("noir-week", "120200000000000001")
    assert referral.title == "Noir week"


def test_a_shop_item_is_kept_as_product():
    referral = only_message(read("messenger", body_of("messenger_shop_referral"))).referral
    assert referral == Referral(product_id="5550001")


def test_every_attachment_of_a_message_is_kept_in_order():
    message = only_message(read("messenger", body_of("messenger_images")))
    assert [one.kind for one in message.attachments] == ["image"] * 3
    assert [(one.url or "")[-5:] for one in message.attachments] == ["1.jpg", "2.jpg", "3.jpg"]


@pytest.mark.parametrize("name", ["sticker", "sticker_twice", "sticker_old"])
def test_a_sticker_is_one_sticker_in_all_its_forms(name):
    message = only_message(read("messenger", body_of(f"messenger_{name}")))
    assert [(one.kind, one.media_id) for one in message.attachments] == [
        ("sticker", "369239263222822")
    ]


def test_a_sticker_beside_a_picture_is_an_attachment():
    sticker = {"type": "sticker", "payload": {"sticker_id": 1}}
    parsed = read("messenger", direct(said(attachments=[sticker, {"type": "image"}])))
    assert only_message(parsed).kind == "attachment"


def test_a_location_keeps_its_coordinates():
    message = only_message(read("messenger", body_of("messenger_location")))
    place = Attachment(
        kind="location", title="Open-air cinema", latitude=48.1374, longitude=11.5755
    )
    assert message.attachments == (place,)


def test_a_reel_keeps_its_id():
    message = only_message(read("messenger", body_of("messenger_ig_reel")))
    assert message.attachments[0].media_id == "18001"
    assert message.attachments[0].title == "Strings tuning"


def test_an_answer_knows_what_it_answers():
    parsed = read("messenger", direct(said(text="yes", reply_to={"mid": "m_0"})))
    assert only_message(parsed).reply_to == "m_0"


def test_a_story_reply_keeps_the_story_and_the_words():
    message = only_message(read("instagram", body_of("instagram_story_reply")))
    assert (message.kind, message.text) == ("story_reply", "What is playing here?")
    assert message.story_url == "https://cdn.example/media/story"


def test_a_bare_url_never_becomes_the_text():
    for name in ("image", "audio", "video", "file", "images", "post", "reel"):
        assert only_message(read("messenger", body_of(f"messenger_{name}"))).text is None


def test_a_standby_message_is_an_event_and_not_a_message():
    parsed = read("messenger", direct(said(), box="standby"))
    standby = only_event(parsed)
    assert isinstance(standby, Standby)
    assert standby.message.text == "hello"


@pytest.mark.parametrize(
    "echo",
    [
        {"is_echo": True, "text": "we"},
        {"is_echo": "true", "attachments": [{"type": "image", "payload": {"url": "u"}}]},
        {"attachments": [{"type": "image", "payload": {"url": "u"}}]},  # the flag is missing
    ],
)
def test_what_our_own_side_sent_is_an_echo(echo):
    own = {**event(message={"mid": "m_e", "app_id": 5, "metadata": "r", **echo})}
    own |= {"sender": {"id": PAGE}, "recipient": {"id": PSID}}
    found = only_event(read("messenger", direct(own)))
    assert found == Echo(
        **ORIGIN, message_id="m_e", app_id="5", metadata="r", text=echo.get("text")
    )


def test_an_echo_is_filed_under_our_account_also_when_the_entry_has_no_id():
    own = event(message={"mid": "m_e", "is_echo": True, "text": "we"})
    own |= {"sender": {"id": PAGE}, "recipient": {"id": PSID}}
    found = only_event(read("messenger", {"entry": [{"messaging": [own]}]}))
    assert (found.account_id, found.user_id) == (PAGE, PSID)
