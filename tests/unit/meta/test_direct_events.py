"""Messenger and Instagram: events that are no message, and messages of odd shapes."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from overture.meta.events import (
    AccountNotice,
    DeliveryMark,
    DeliveryStatus,
    Edit,
    Handover,
    OptIn,
    Reaction,
    ReadMark,
    Unsend,
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


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"reaction": {"mid": "m_1", "action": "react", "reaction": "love", "emoji": "❤"}},
            Reaction(**ORIGIN, message_id="m_1", emoji="❤"),
        ),
        (
            {"reaction": {"mid": "m_1", "action": "unreact"}},
            Reaction(**ORIGIN, message_id="m_1", removed=True),
        ),
        (
            {"message_edit": {"mid": "m_1", "text": "new", "num_edit": "3"}},
            Edit(**ORIGIN, message_id="m_1", text="new", revision=3),
        ),
        ({"message": {"mid": "m_1", "is_deleted": True}}, Unsend(**ORIGIN, message_id="m_1")),
        ({"read": {"watermark": MS}}, ReadMark(**ORIGIN, up_to=MOMENT)),
        ({"read": {"mid": "m_1"}}, ReadMark(**ORIGIN, message_id="m_1")),
        ({"delivery": {"watermark": MS}}, DeliveryMark(**ORIGIN, up_to=MOMENT)),
        (
            {
                "optin": {
                    "type": "one_time_notif_req",
                    "one_time_notif_token": "otn",
                    "payload": "P",
                }
            },
            OptIn(**ORIGIN, type="one_time_notif_req", token="otn", payload="P"),
        ),
        (
            {"pass_thread_control": {"previous_owner_app_id": None, "new_owner_app_id": 12}},
            Handover(**ORIGIN, action="pass", new_owner="12"),
        ),
        (
            {"take_thread_control": {"previous_owner_app_id": "1", "new_owner_app_id": "2"}},
            Handover(**ORIGIN, action="take", previous_owner="1", new_owner="2"),
        ),
        (
            {"request_thread_control": {"requested_owner_app_id": "3", "metadata": "please"}},
            Handover(**ORIGIN, action="request", new_owner="3", metadata="please"),
        ),
        (
            {"policy_enforcement": {"action": "block", "reason": "spam"}},
            AccountNotice(**ORIGIN, topic="policy_enforcement", detail="block: spam"),
        ),
    ],
)
def test_each_event_says_what_happened(fields, expected):
    assert only_event(read("messenger", direct(event(**fields)))) == expected


def test_a_delivery_names_each_message_that_arrived():
    delivery = event(delivery={"mids": ["m_1", None, "m_2"], "watermark": MS})
    parsed = read("messenger", direct(delivery))
    assert parsed.ignored == 1
    assert parsed.statuses == tuple(
        DeliveryStatus(**ORIGIN, platform_message_id=mid, status="delivered")
        for mid in ("m_1", "m_2")
    )


def test_a_plugin_opt_in_keeps_its_reference():
    found = only_event(read("messenger", body_of("messenger_optin_plugin")))
    assert isinstance(found, OptIn)
    assert (found.user_id, found.user_ref, found.ref) == (None, "checkbox-55", "shop")


@pytest.mark.parametrize(
    "key",
    ["message", "postback", "referral", "reaction", "message_edit", "read", "optin"],
)
@pytest.mark.parametrize("odd", ["TEST_MESSAGE", 5, True, [], ["x"], 1.5])
def test_an_event_of_the_wrong_shape_costs_nothing_but_itself(key, odd):
    parsed = read("messenger", direct(event(**{key: odd}), said()))
    assert only_message(parsed).text == "hello"
    assert parsed.ignored == 1


def test_a_null_message_beside_a_postback_does_not_hide_it():
    tap = event(message=None, postback={"title": "Yes", "payload": "/affirm"})
    assert only_message(read("messenger", direct(tap))).kind == "postback"


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"text": "hi", "attachments": []}, "text"),
        ({"text": "hi", "attachments": None}, "text"),
        ({"text": "hi", "attachments": [None]}, "text"),
        ({"attachments": [None]}, "unsupported"),  # something came, and nobody can say what
        ({"attachments": "x"}, "unsupported"),
        ({"attachments": {"type": "image", "payload": {"url": "u"}}}, "attachment"),
        ({"attachments": [{"type": "image", "payload": None}]}, "attachment"),
        ({"attachments": [{}]}, "attachment"),
        ({"text": "hi", "quick_reply": None}, "text"),
        ({"text": "hi", "quick_reply": "x"}, "text"),
        ({"text": "hi", "quick_reply": {}}, "quick_reply"),
        ({"text": "hi", "reply_to": "x"}, "text"),
        ({"text": "hi", "reply_to": {"story": None}}, "text"),
        ({"text": {"body": "hi"}}, "text"),
        ({"text": 42}, "text"),
        ({"is_unsupported": True, "text": "hi"}, "unsupported"),
    ],
)
def test_odd_messages_still_have_a_kind(fields, kind):
    parsed = read("instagram", direct(said(**fields), channel="instagram"))
    assert only_message(parsed).kind == kind


@pytest.mark.parametrize("payload", [None, {"a": 1}, ["x"], 7])
def test_a_postback_of_any_payload_is_kept(payload):
    message = only_message(read("messenger", direct(event(postback={"payload": payload}))))
    expected = {"None": None, "{'a': 1}": '{"a":1}', "['x']": '["x"]', "7": "7"}
    assert message.payload == expected[str(payload)]


@pytest.mark.parametrize("sender", [None, {}, {"id": None}, {"id": ""}, {"id": True}, [], 1.5])
def test_without_a_sender_there_is_nobody_to_answer(sender):
    parsed = read("messenger", direct({**said(), "sender": sender}, said()))
    assert only_message(parsed).user_id == PSID
    assert dict(parsed.skipped) == {"no_sender": 1}


@pytest.mark.parametrize("field", ["message_echoes", "feed", "comments", None, 7])
def test_changes_of_other_fields_are_only_counted(field):
    change = {"field": field, "value": said()}
    parsed = read("messenger", {"entry": [{"id": PAGE, "changes": [change]}]})
    assert dict(parsed.skipped) == {"other_field": 1}


def test_a_sample_wrapped_by_the_dashboard_is_read():
    sample = {"sample": {"field": "messages", "value": said()}}
    assert only_message(read("messenger", sample)).text == "hello"


@pytest.mark.parametrize(
    "fields", [{"message": {"is_deleted": True}}, {"message_edit": {"text": "new"}}]
)
def test_a_change_to_an_unnamed_message_is_malformed(fields):
    assert dict(read("messenger", direct(event(**fields))).skipped) == {"malformed": 1}


def test_a_message_to_oneself_is_a_test():
    for fields in ({"text": "x"}, {"text": "x", "is_echo": True}):
        note = event(message={"mid": "m", "is_self": True, **fields})
        note["sender"] = note["recipient"]
        assert dict(read("instagram", direct(note, channel="instagram")).skipped) == {"self": 1}
    assert dict(read("instagram", direct(said(is_self=True), channel="instagram")).skipped) == {
        "self": 1
    }


def test_an_event_of_our_own_side_without_message_only_counts():
    own = event(read={"watermark": MS}) | {"sender": {"id": PAGE}}
    assert dict(read("messenger", direct(own)).skipped) == {"own": 1}


def test_a_sample_without_value_counts_as_one():
    change = {"field": "messages", "value": None}
    assert read("messenger", {"entry": [{"id": PAGE, "changes": [change]}]}).ignored == 1


@pytest.mark.parametrize("body", [{}, {"entry": []}, {"entry": None}, {"object": "page"}])
def test_a_body_without_anything_counts_as_one(body):
    assert read("messenger", body).ignored == 1


def test_an_entry_without_events_counts_as_one():
    parsed = read("messenger", {"object": "page", "entry": [{"id": PAGE, "time": MS}]})
    assert parsed.ignored == 1


def test_a_lone_entry_and_a_lone_event_are_lists_of_one():
    body = {"object": "page", "entry": {"id": PAGE, "messaging": said()}}
    assert only_message(read("messenger", body)).text == "hello"
