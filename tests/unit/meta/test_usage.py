"""Headers about allowances."""

from __future__ import annotations

import pytest

from overture.meta.usage import usage_percent, wait_named_in

APP = '{"call_count":28,"total_time":25,"total_cputime":61}'
BUSINESS = (
    '{"100000000000101":[{"type":"messenger","call_count":95,"total_cputime":20,'
    '"total_time":20,"estimated_time_to_regain_access":19}]}'
)


@pytest.mark.parametrize(
    ("headers", "percent"),
    [
        ({}, None),
        ({"X-App-Usage": APP}, 61),
        ({"x-business-use-case-usage": BUSINESS}, 95),
        ({"X-App-Usage": APP, "X-Business-Use-Case-Usage": BUSINESS}, 95),
        ({"X-App-Usage": "nonsense"}, None),
        ({"X-App-Usage": "[]"}, None),
        ({"X-App-Usage": '{"call_count":"x"}'}, None),
    ],
)
def test_the_highest_share_counts(headers, percent):
    assert usage_percent(headers) == percent


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "30"}, 30),
        ({"retry-after": "0"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "1e300"}, 7 * 24 * 3600),  # more than a duration can hold
        ({"X-Business-Use-Case-Usage": BUSINESS}, 19 * 60),
        ({"X-Business-Use-Case-Usage": BUSINESS, "Retry-After": "3600"}, 3600),
        (
            {
                "Date": "Mon, 15 Jun 2026 09:00:00 GMT",
                "Retry-After": "Mon, 15 Jun 2026 09:02:00 GMT",
            },
            120,
        ),
        ({"Retry-After": "Mon, 15 Jun 2026 09:02:00 GMT"}, None),  # no date to compare with
    ],
)
def test_the_longest_named_wait_counts(headers, seconds):
    assert wait_named_in(headers) == seconds
