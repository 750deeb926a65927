"""What follows from each error of the platforms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overture.meta.error_table import ACTIONS, DIRECT_ROWS, WHATSAPP_ROWS, Row
from overture.meta.errors import MAX_WAIT, classify, classify_code


def error(code, subcode=None, **fields):
    return {"error": {"code": code, "error_subcode": subcode, "fbtrace_id": "AbC", **fields}}


#: The rows of the fact sheet, written down once more from it.
DIRECT = [
    ((1, None), "retry"),
    ((2, None), "retry"),
    ((2, 2018344), "config"),
    *(((code, None), "wait") for code in (4, 17, 32, 613, 80006, 341)),
    ((613, 2018338), "alarm"),
    ((10, 2018278), "window_closed"),
    ((10, 2534022), "window_closed"),
    ((10, 2018065), "window_closed"),
    ((10, 2018108), "stop_person"),
    ((10, 2018336), "stop_person"),
    ((10, 2534077), "pause_account"),
    ((10, 1893063), "pause_account"),
    ((10, None), "alarm"),
    ((33, None), "config"),
    ((100, 33), "config"),
    ((100, None), "config"),
    ((100, 2018001), "stop_person"),
    ((100, 2018008), "retry"),
    *(((100, sub), "config") for sub in (2018047, 2018074, 2018109, 2018164, 2534001)),
    *(((190, sub), "alarm") for sub in (None, 458, 460, 463, 467)),
    ((200, None), "alarm"),
    ((200, 1545041), "stop_person"),
    ((200, 2018028), "alarm"),
    ((200, 2534041), "alarm"),
    ((230, None), "alarm"),
    ((368, None), "alarm"),
    ((551, None), "stop_person"),
    ((551, 1545041), "stop_person"),
    ((2018300, None), "wait"),
    ((10, 2018300), "wait"),  # subcodes of messaging mean the same under any code
    ((100, 2018278), "window_closed"),
    ((10, 1545041), "stop_person"),
    ((10, 9999999), "alarm"),
]
WHATSAPP = [
    *((code, "alarm") for code in (0, 190, 3, 10, 200, 250, 299)),
    *((code, "wait") for code in (4, 80007, 130429, 131056)),
    *((code, "pause_account") for code in (131048, 131064, 133016)),
    *((code, "alarm") for code in (368, 131031)),
    (130497, "stop_person"),
    *((code, "retry") for code in (1, 2, 131000, 131016, 131057, 133004)),
    (131026, "stop_person"),
    (131047, "window_closed"),
    (131049, "stop_person"),
    (131050, "stop_person"),
    (130472, "give_up"),
    *((code, "config") for code in (131021, 131030, 131062)),
    (137000, "stop_person"),
    *((code, "config") for code in (33, 100, 131005, 131008, 131009, 131051, 131052, 131053)),
    *((code, "alarm") for code in (131037, 131042, 131044, 131045)),
    *((code, "config") for code in (131063, 132000, 132001, 132005, 132007, 132008, 132012)),
    *((code, "config") for code in (132015, 132016, 132068, 132069, 134011, 135000)),
    *((code, "alarm") for code in (133000, 133005, 133006, 133008, 133009, 133010, 133015)),
]


@pytest.mark.parametrize("channel", ["messenger", "instagram"])
@pytest.mark.parametrize(("codes", "action"), DIRECT)
def test_messenger_and_instagram_codes_have_their_action(channel, codes, action):
    failure = classify(channel, 400, error(*codes))
    assert (failure.action, failure.code, failure.subcode) == (action, *codes)
    assert failure.trace_id == "AbC"


@pytest.mark.parametrize(("code", "action"), WHATSAPP)
def test_whatsapp_codes_have_their_action(code, action):
    assert classify("whatsapp", 400, error(code, 2494010)).action == action


@pytest.mark.parametrize("rows", [DIRECT_ROWS, WHATSAPP_ROWS])
def test_no_row_is_written_twice(rows):
    keys = [(row.code, row.subcode) for row in rows]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    "row", [*DIRECT_ROWS, *WHATSAPP_ROWS], ids=lambda r: f"{r.code}-{r.subcode}"
)
def test_every_row_that_sends_again_says_when_and_how_often(row):
    assert row.action in ACTIONS
    if row.action in ("retry", "wait"):
        assert row.wait
        assert row.tries
    if row.action == "stop_person":
        assert row.until or row.wait


def test_a_row_with_an_unknown_action_is_refused():
    with pytest.raises(ValueError, match="code 5: unknown action 'shrug'"):
        Row(5, "shrug", "")


def test_a_stop_of_marketing_lasts_until_it_is_resumed():
    assert classify_code("whatsapp", 131050).until == "resume"
    assert classify_code("messenger", 551).until == "write"


def test_the_marketing_cap_waits_a_day():
    failure = classify_code("whatsapp", 131049)
    assert (failure.retry_after, failure.until) == (86400, None)


def test_waits_to_one_person_grow_fourfold():
    failure = classify("whatsapp", 400, error(131056))
    assert [failure.delay(attempt) for attempt in range(1, 6)] == [4, 16, 64, 256, 1024]
    assert failure.delay(6) is None


def test_what_must_not_be_sent_again_has_no_delay():
    assert classify("messenger", 400, error(551)).delay(1) is None
    assert not classify("messenger", 400, error(551)).again


def test_the_platforms_own_wait_is_respected():
    failure = classify("messenger", 400, error(613), {"Retry-After": "240"})
    assert failure.retry_after == 240
    shorter = classify("messenger", 400, error(613), {"Retry-After": "1"})
    assert shorter.retry_after == 60


@pytest.mark.parametrize(("named", "waits"), [(240, 240), ("240", 240), (-1, 60), ("soon", 60)])
def test_a_wait_may_be_named_in_the_error_itself(named, waits):
    assert classify("messenger", 400, error(613, retry_after=named)).retry_after == waits


def test_a_wait_longer_than_the_limit_is_kept_when_the_platform_names_it():
    failure = classify("messenger", 400, error(4), {"Retry-After": "7200"})
    assert failure.delay(3) == 7200
    assert failure.delay(1) > MAX_WAIT


@pytest.mark.parametrize(
    ("status", "body", "action"),
    [
        (500, None, "retry"),
        (503, "<html>busy</html>", "retry"),
        (502, b"\xff", "retry"),
        (429, "", "wait"),
        (401, "", "alarm"),
        (403, "", "alarm"),
        (404, "", "give_up"),
        (400, {"error": "x"}, "give_up"),
        (400, {"error": {"code": "x"}}, "give_up"),
        (400, {"error": {"code": 99999}}, "give_up"),
        (400, {"error": {"code": 99999, "is_transient": True}}, "retry"),
        (400, b'{"error":{"code":"190"}}', "alarm"),
        (400, '{"error":{"code":551}}', "stop_person"),
        (200, [], "give_up"),
    ],
)
def test_an_answer_without_a_known_code_is_judged_by_its_status(status, body, action):
    assert classify("messenger", status, body).action == action


def test_whatsapp_looks_at_the_code_alone():
    assert classify("whatsapp", 400, error(100, 2018001)).action == "config"


def test_an_unknown_code_of_a_status_is_given_up():
    assert classify_code("whatsapp", 424242).action == "give_up"
    assert classify_code("whatsapp", None).action == "give_up"


def test_metas_own_message_is_never_repeated():
    failure = classify("messenger", 400, error(100, None, message="for +49155"))
    assert "49155" not in repr(failure)


@given(
    st.sampled_from(["messenger", "instagram", "whatsapp"]),
    st.integers(100, 599),
    st.one_of(st.none(), st.binary(max_size=40), st.text(), st.integers(), st.lists(st.none())),
    st.dictionaries(st.sampled_from(["Retry-After", "X-App-Usage", "Date"]), st.text()),
)
def test_no_answer_makes_classification_raise(channel, status, body, headers):
    assert classify(channel, status, body, headers).action in ACTIONS
