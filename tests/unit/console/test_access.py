"""Who may use the console."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from overture.console.access import Access, is_loopback
from overture.errors import ConfigurationError

NOW = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),  # the whole block is this machine
        ("::1", True),
        ("[::1]", True),  # as in an address with a port
        ("localhost", True),
        ("LOCALHOST", True),
        ("0.0.0.0", False),  # every address of the machine
        ("::", False),
        ("192.168.1.4", False),
        ("console.example", False),  # a name may point anywhere
        ("localhost.example", False),
        ("", False),
    ],
)
def test_only_addresses_of_this_machine_are_loopback(host, expected):
    assert is_loopback(host) is expected


def test_a_console_others_can_reach_needs_a_token_and_says_which():
    with pytest.raises(ConfigurationError) as refusal:
        Access(host="0.0.0.0")
    assert "OVERTURE_CONSOLE_TOKEN" in str(refusal.value)
    assert "0.0.0.0" in str(refusal.value)
    assert Access(host="0.0.0.0", token="open sesame").is_token("open sesame")


def test_an_empty_text_is_never_the_token():
    assert not Access().is_token("")
    assert not Access(token="open sesame").is_token("")
    assert not Access(token="open sesame").is_token("Öffne dich")


def test_the_token_does_not_show_in_a_printed_record():
    assert "open sesame" not in repr(Access(token="open sesame"))


def test_a_session_ends_after_half_a_day():
    access = Access()
    cookie = access.open_session(NOW)
    assert access.is_session(cookie, NOW + timedelta(hours=11, minutes=59))
    assert not access.is_session(cookie, NOW + timedelta(hours=12))


@pytest.mark.parametrize("cookie", ["", ".", "x.y.z", "9999999999.nonce.", "é.é.é"])
def test_a_made_up_cookie_is_no_session(cookie):
    assert not Access().is_session(cookie, NOW)


def test_a_session_of_one_token_is_none_of_another():
    cookie = Access(token="first").open_session(NOW)
    assert Access(token="first").is_session(cookie, NOW)
    assert not Access(token="second").is_session(cookie, NOW)


def test_a_later_time_in_the_cookie_breaks_its_seal():
    cookie = Access(seal=b"s" * 32).open_session(NOW)
    later = str(int(cookie.split(".")[0]) + 3600)
    forged = ".".join([later, *cookie.split(".")[1:]])
    assert not Access(seal=b"s" * 32).is_session(forged, NOW)


def test_a_form_key_is_of_one_session():
    access = Access()
    one, other = access.open_session(NOW), access.open_session(NOW)
    assert access.is_form_key(one, access.form_key(one))
    assert not access.is_form_key(one, access.form_key(other))
    assert not access.is_form_key(one, "")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("127.0.0.1:5056", True),
        ("localhost:5056", True),
        ("localhost", True),
        ("[::1]:5056", True),
        ("[::1]", True),
        ("rebound.example:5056", False),  # a foreign page whose name points here
        ("", False),
    ],
)
def test_on_this_machine_only_its_own_names_are_answered(header, expected):
    assert Access().is_host(header) is expected


def test_elsewhere_any_name_may_point_at_it():
    assert Access(host="0.0.0.0", token="t").is_host("console.example")
