"""The answer to a deletion callback."""

from __future__ import annotations

from overture.meta.deletion import deletion_answer


def test_the_answer_names_the_status_page_and_the_code():
    assert deletion_answer("https://bot.example/deletion", "A7&b") == {
        "url": "https://bot.example/deletion?id=A7%26b",
        "confirmation_code": "A7&b",
    }
