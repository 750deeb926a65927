"""Signatures of webhooks and callbacks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overture.meta import signature

BODY = rb'{"text":"\u00e4 \/ raw bytes"}'
SECRET = "app-secret-1"
ISSUED = datetime(2026, 6, 15, 9, tzinfo=timezone.utc)


def header(body: bytes = BODY, secret: str = SECRET, digest: str = "sha256") -> str:
    return f"{digest}={hmac.new(secret.encode(), body, digest).hexdigest()}"


def test_the_signature_of_the_raw_bytes_is_accepted():
    assert signature.verify(BODY, header(), [SECRET])


def test_any_secret_of_the_list_will_do():
    assert signature.verify(BODY, header(), ["another", SECRET, "third"])


def test_our_own_signature_is_accepted():
    assert signature.verify(BODY, signature.sign(BODY, SECRET), [SECRET])


def test_a_body_that_was_encoded_again_does_not_match():
    again = json.dumps(json.loads(BODY), ensure_ascii=False).encode()
    assert not signature.verify(again, header(), [SECRET])


@pytest.mark.parametrize(
    "bad",
    [
        None,
        "",
        "sha256=",
        header(secret="wrong"),
        header(digest="sha1"),  # the old header, a downgrade
        header(digest="md5"),
        header().replace("sha256=", "sha1="),
        header().replace("sha256=", "SHA256="),
        header().replace("sha256=", ""),
        header()[:-1],
        header() + "0",
        header()[:-1] + "g",
        header()[:-1] + "ä",
        "sha256=" + "٣" * 64,  # digits, but not hexadecimal ones
        "sha256=" + "\ud800" * 64,
        " " + header(),
        header() + "," + header(),
        b"sha256=00",
        5,
    ],
)
def test_any_other_header_is_refused(bad):
    assert not signature.verify(BODY, bad, [SECRET])


@pytest.mark.parametrize("secrets", [[], [""], ["", ""]])
def test_without_a_secret_nothing_is_genuine(secrets):
    assert not signature.verify(BODY, header(secret=""), secrets)


def test_upper_case_digits_are_the_same_signature():
    assert signature.verify(BODY, "sha256=" + header()[7:].upper(), [SECRET])


@given(st.text())
def test_no_header_makes_verification_raise(value):
    signature.verify(BODY, value, [SECRET, "sëcret"])


def test_the_proof_is_the_hmac_of_the_token():
    proof = hmac.new(b"s", b"token", hashlib.sha256).hexdigest()
    assert signature.appsecret_proof("token", "s") == proof


def signed(claims: object, secret: str = SECRET) -> str:
    second = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    digest = hmac.new(secret.encode(), second.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=") + "." + second


def test_a_genuine_callback_names_the_person():
    claims = {"algorithm": "HMAC-SHA256", "user_id": 218471, "issued_at": 1781514000}
    found = signature.parse_signed_request(signed(claims), ["other", SECRET])
    assert found == signature.SignedRequest(user_id="218471", issued_at=ISSUED)


def test_our_own_callback_is_genuine():
    made = signature.make_signed_request("218471", ISSUED, SECRET)
    found = signature.parse_signed_request(made, [SECRET])
    assert found == signature.SignedRequest(user_id="218471", issued_at=ISSUED)


@pytest.mark.parametrize(
    "claims",
    [
        {"algorithm": "HMAC-SHA1", "user_id": "1"},
        {"algorithm": "none", "user_id": "1"},
        {"user_id": "1"},
        {"algorithm": "HMAC-SHA256"},
        {"algorithm": "HMAC-SHA256", "user_id": ""},
        {"algorithm": ["HMAC-SHA256"], "user_id": "1"},
        [],
        "x",
        None,
    ],
)
def test_a_callback_of_another_form_is_refused(claims):
    assert signature.parse_signed_request(signed(claims), [SECRET]) is None


def test_a_callback_signed_with_another_secret_is_refused():
    claims = {"algorithm": "HMAC-SHA256", "user_id": "1"}
    assert signature.parse_signed_request(signed(claims, "wrong"), [SECRET]) is None
    assert signature.parse_signed_request(signed(claims, ""), [""]) is None


def test_a_callback_whose_claims_were_changed_is_refused():
    first = signed({"algorithm": "HMAC-SHA256", "user_id": "1"}).partition(".")[0]
    second = signed({"algorithm": "HMAC-SHA256", "user_id": "2"}).partition(".")[2]
    assert signature.parse_signed_request(f"{first}.{second}", [SECRET]) is None


@pytest.mark.parametrize("text", [None, "", ".", "a", "a.b", "ä.ä", "=.=", "....", "%%.%%"])
def test_what_is_no_callback_is_refused(text):
    assert signature.parse_signed_request(text, [SECRET]) is None


@given(st.text(), st.binary(max_size=20))
def test_no_callback_makes_reading_raise(text, payload):
    signature.parse_signed_request(text, [SECRET])
    second = base64.urlsafe_b64encode(payload).decode().rstrip("=")
    digest = hmac.new(SECRET.encode(), second.encode(), hashlib.sha256).digest()
    first = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    signature.parse_signed_request(f"{first}.{second}", [SECRET])
