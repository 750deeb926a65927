"""WhatsApp: what is kept of each item beside its kind."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from overture.meta.events import (
    AccountNotice,
    Attachment,
    ChatOpened,
    DeliveryStatus,
    Echo,
    Edit,
    Handover,
    IdentityChange,
    MarketingPreference,
    Reaction,
    Referral,
    Unsend,
)
from tests.unit.meta.factories import (
    NUMBER_ID,
    SCOPED,
    WA_ID,
    only_event,
    only_message,
    read,
    value,
    whatsapp,
    wrote,
)
from tests.unit.meta.recorded import body_of

MOMENT = datetime(2026, 6, 15, 9, tzinfo=timezone.utc)
ORIGIN = {
    "channel": "whatsapp",
    "account_id": NUMBER_ID,
    "user_id": WA_ID,
    "occurred_at": MOMENT,
}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"type": "reaction", "reaction": {"message_id": "w0", "emoji": "🎻"}},
            Reaction(**ORIGIN, message_id="w0", emoji="🎻"),
        ),
        (
            {"type": "reaction", "reaction": {"message_id": "w0"}},
            Reaction(**ORIGIN, message_id="w0", removed=True),
        ),
        (
            {
                "type": "edit",
                "edit": {
                    "original_message_id": "w0",
                    "message": {"type": "image", "image": {"caption": "new"}},
                },
            },
            Edit(**ORIGIN, message_id="w0", text="new"),
        ),
        (
            {"type": "revoke", "revoke": {"original_message_id": "w0"}},
            Unsend(**ORIGIN, message_id="w0"),
        ),
        ({"type": "request_welcome"}, ChatOpened(**ORIGIN)),
        (
            {"type": "system", "system": {"type": "user_changed_number", "wa_id": "4911"}},
            IdentityChange(
                **ORIGIN, reason="user_changed_number", old_ids=(WA_ID,), new_ids=("4911",)
            ),
        ),
        (
            {"type": "system", "system": {"type": "customer_identity_changed"}},
            IdentityChange(**ORIGIN, reason="customer_identity_changed", old_ids=(WA_ID,)),
        ),
    ],
)
def test_each_item_that_is_no_message_says_what_happened(fields, expected):
    assert only_event(read("whatsapp", whatsapp(wrote(**fields)))) == expected


def test_a_changed_number_names_old_and_new_ids_scoped_first():
    found = only_event(read("whatsapp", body_of("whatsapp_changed_number")))
    assert isinstance(found, IdentityChange)
    assert (found.old_ids, found.new_ids) == ((SCOPED, WA_ID), ("DE.2222", "4915550100888"))


def test_a_changed_id_without_any_number_names_both():
    found = only_event(read("whatsapp", body_of("whatsapp_changed_user_id")))
    assert isinstance(found, IdentityChange)
    assert (found.old_ids, found.new_ids) == ((SCOPED,), ("DE.2222",))


def test_an_update_of_the_id_names_both_and_the_number():
    found = only_event(read("whatsapp", body_of("whatsapp_user_id_update")))
    assert isinstance(found, IdentityChange)
    assert (found.old_ids, found.new_ids) == ((SCOPED,), ("DE.2222", WA_ID))


def test_a_stop_of_marketing_names_the_person():
    found = only_event(read("whatsapp", body_of("whatsapp_marketing_stop")))
    assert isinstance(found, MarketingPreference)
    assert (found.user_id, found.aliases, found.value) == (SCOPED, (WA_ID,), "stop")


def test_a_status_names_message_person_and_reference():
    status = read("whatsapp", body_of("whatsapp_statuses")).statuses[0]
    assert (status.status, status.reference) == ("sent", "outbound-17")
    assert (status.user_id, status.aliases) == (SCOPED, (WA_ID,))
    assert (status.billable, status.category) == (True, "service")


def test_a_failed_status_brings_its_code():
    found = only_event(read("whatsapp", body_of("whatsapp_status_failed")))
    assert isinstance(found, DeliveryStatus)
    assert (found.status, found.error_code) == ("failed", 131047)
    assert found.error_detail == "More than 24 hours have passed"


@pytest.mark.parametrize(
    ("name", "by"),
    [("business_app_echo", "business_app"), ("business_agent_echo", "created_by_1p_bot")],
)
def test_echoes_say_who_wrote(name, by):
    found = only_event(read("whatsapp", body_of(f"whatsapp_{name}")))
    assert isinstance(found, Echo)
    assert (found.user_id, found.by) == (WA_ID, by)


@pytest.mark.parametrize(
    ("name", "topic", "code", "detail"),
    [
        ("account_update", "account_update", None, "DISABLED_UPDATE"),
        ("template_status", "message_template_status_update", None, "PAUSED: LOW_QUALITY"),
        ("quality", "phone_number_quality_update", None, "FLAGGED"),
        ("errors_alone", "errors", 130429, "Too many"),
    ],
)
def test_news_about_the_account_are_kept(name, topic, code, detail):
    found = only_event(read("whatsapp", body_of(f"whatsapp_{name}")))
    assert isinstance(found, AccountNotice)
    assert (found.topic, found.code, found.detail) == (topic, code, detail)


def test_a_handover_is_kept():
    handover = {"wa_id": WA_ID, "timestamp": 1781514000, "type": "take", "new_owner_app_id": 5}
    body = whatsapp(field="messaging_handovers", messaging_handovers=[handover])
    assert only_event(read("whatsapp", body)) == Handover(**ORIGIN, action="take", new_owner="5")


def test_a_voice_note_is_told_from_music():
    note, music = (
        only_message(read("whatsapp", body_of(f"whatsapp_{name}"))) for name in ("voice", "audio")
    )
    assert (note.attachments[0].voice, music.attachments[0].voice) == (True, False)


def test_a_document_keeps_name_type_and_caption():
    message = only_message(read("whatsapp", body_of("whatsapp_document")))
    document = message.attachments[0]
    assert (document.title, document.mime_type) == ("programme.pdf", "application/pdf")
    assert message.text == "The programme"


def test_a_location_keeps_place_and_address():
    place = only_message(read("whatsapp", body_of("whatsapp_location"))).attachments[0]
    assert (place.latitude, place.longitude, place.title) == (48.1374, 11.5755, "Filmmuseum")


def test_contacts_and_products_are_attachments():
    cards = only_message(read("whatsapp", body_of("whatsapp_contacts"))).attachments
    products = only_message(read("whatsapp", body_of("whatsapp_order"))).attachments
    assert cards == (Attachment(kind="contact", title="Bernard H."),)
    assert products == (Attachment(kind="product", media_id="lp-7"),)


def test_an_advertisement_keeps_its_click_id():
    referral = only_message(read("whatsapp", body_of("whatsapp_ad_referral"))).referral
    assert referral == Referral(
        source="ADS",
        type="ad",
        ad_id="120200000000000003",
        url="https://fb.example/ad",
        title="Film nights",
        click_id="ARAk1",
    )


def test_a_forwarded_message_says_so():
    assert only_message(read("whatsapp", body_of("whatsapp_forwarded"))).forwarded


@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("unsupported", "poll"),
        ("unknown_type", "hologram"),
        ("interactive_without_body", "131000"),
        ("call_permission_reply", "call_permission_reply"),
    ],
)
def test_what_cannot_be_shown_says_what_it_was(name, detail):
    assert only_message(read("whatsapp", body_of(f"whatsapp_{name}"))).detail == detail


@pytest.mark.parametrize(
    ("fields", "kind", "text"),
    [
        ({"text": None}, "text", None),
        ({"text": "bare"}, "text", "bare"),
        ({"text": {"body": 7}}, "text", "7"),
        ({"type": None}, "text", "hello"),  # told by the body it has
        ({"type": 5, "text": None}, "unsupported", None),
        ({"type": "image", "image": None}, "attachment", None),
        ({"type": "sticker", "sticker": "x"}, "sticker", None),
        ({"type": "location", "location": [1]}, "location", None),
        ({"type": "contacts", "contacts": [None, 5, {"name": "x"}]}, "contacts", None),
        ({"type": "contacts", "contacts": {}}, "contacts", None),
        ({"type": "interactive", "interactive": None}, "unsupported", None),
        ({"type": "interactive", "interactive": {"button_reply": "x"}}, "unsupported", None),
        ({"type": "interactive", "interactive": {"list_reply": {}}}, "list_reply", None),
        ({"type": "interactive", "interactive": {"nfm_reply": {}}}, "flow_reply", None),
        ({"type": "button", "button": "x"}, "button_reply", None),
        ({"type": "order", "order": {"product_items": [None]}}, "order", None),
        ({"context": "x", "referral": []}, "text", "hello"),
    ],
)
def test_odd_messages_still_have_a_kind(fields, kind, text):
    message = only_message(read("whatsapp", whatsapp(wrote(**fields))))
    assert (message.kind, message.text) == (kind, text)


def test_a_form_answered_as_object_is_kept_as_json():
    form = {"type": "nfm_reply", "nfm_reply": {"response_json": {"genre": "noir"}}}
    message = only_message(read("whatsapp", whatsapp(wrote(type="interactive", interactive=form))))
    assert message.payload == '{"genre":"noir"}'


@pytest.mark.parametrize("wamid", [None, "", {}, [], "x" * 2000])
def test_a_message_without_id_gets_a_stable_one(wamid):
    first, again = (
        only_message(read("whatsapp", whatsapp(wrote(id=wamid)))).message_id for _ in range(2)
    )
    other = only_message(read("whatsapp", whatsapp(wrote(id=wamid, timestamp="1781514001"))))
    assert first == again
    assert first != other.message_id


@pytest.mark.parametrize("kind", ["edit", "revoke"])
@pytest.mark.parametrize("body", [None, "x", {}, {"original_message_id": None}])
def test_an_edit_or_revoke_of_nothing_is_malformed(kind, body):
    parsed = read("whatsapp", whatsapp(wrote(**{"type": kind, kind: body})))
    assert dict(parsed.skipped) == {"malformed": 1}


@pytest.mark.parametrize("status", [{}, {"id": "w"}, {"status": "sent"}, {"id": [], "status": 1}])
def test_a_status_without_id_or_word_is_malformed(status):
    parsed = read("whatsapp", whatsapp(statuses=[status]))
    assert dict(parsed.skipped) == {"malformed": 1}


def test_a_change_whose_value_is_a_list_is_read():
    change = {"field": "messages", "value": [value(wrote()), None]}
    parsed = read("whatsapp", {"entry": [{"id": "22", "changes": [change]}]})
    assert only_message(parsed).text == "hello"
    assert parsed.ignored == 1
