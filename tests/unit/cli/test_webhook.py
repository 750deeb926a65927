"""``overture webhook``: lines for scripts, and clean refusals."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from overture.cli.webhook import command
from overture.meta.inbound import CHANNELS
from tests.unit.meta.recorded import EXPECTED, WEBHOOKS, channel_of

FIELDS = ["channel", "account_id", "user_id", "message_id", "kind", "text", "payload"]


def run(*arguments, stdin=b""):
    result = CliRunner(mix_stderr=False).invoke(command, list(arguments), input=stdin)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.mark.parametrize(
    ("name", "messages", "ignored"), EXPECTED, ids=[row[0] for row in EXPECTED]
)
def test_each_recorded_body_prints_its_messages_and_what_was_ignored(name, messages, ignored):
    result = run(channel_of(name), str(WEBHOOKS / f"{name}.json"))
    *lines, last = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert last == {"ignored": ignored}
    assert [(line["kind"], line["text"], line["payload"]) for line in lines] == messages
    for line in lines:
        assert list(line) == FIELDS
        assert line["channel"] == channel_of(name)


@pytest.mark.parametrize("arguments", [("messenger",), ("messenger", "-")])
def test_the_body_may_come_on_standard_input(arguments):
    body = (WEBHOOKS / "messenger_text.json").read_bytes()
    first = run(*arguments, stdin=body).stdout.splitlines()[0]
    assert json.loads(first) == {
        "channel": "messenger",
        "account_id": "100000000000101",
        "user_id": "24000000000000001",
        "message_id": "m_Ov3rtureMovieNight001xQmFja3Rv",
        "kind": "text",
        "text": "Which score should I play for a rainy noir night?",
        "payload": None,
    }


@pytest.mark.parametrize(
    "body",
    [
        *(
            b"",
            b" ",
            b"nope",
            b"{",
            b"\xff\xfe\xfd",
            b"[]",
            b"[{}]",
            b"null",
            b"5",
            b'"x"',
            b"true",
        ),
        *(b"[" * 100_000, b"{}{}", b'{"a":\n1,}'),
    ],
)
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_body_that_is_no_json_object_is_refused_in_one_line(channel, body):
    result = run(channel, stdin=body)
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"object":"page","object":"instagram","entry":NaN}',
        b'{"entry":[{"id":' + b"9" * 5000 + b"}]}",
        b'{"entry":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b'{"entry":"\xff\xfe","odd":"\xed\xa0\x80"}',
        b'\xef\xbb\xbf{"entry":[]}',
        b'{"entry":[{"changes":[{"value":{"messages":[{"from":"\\ud800","text":"\\udfff"}]}}]}]}',
    ],
)
@pytest.mark.parametrize("channel", CHANNELS)
def test_odd_objects_are_read_without_complaint(channel, body):
    result = run(channel, stdin=body)
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout) == {"ignored": 1}


@pytest.mark.parametrize("channel", ["telegram", "", "Messenger", "page"])
def test_an_unknown_channel_is_refused_in_one_line(channel):
    result = run(channel, stdin=b"{}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1


def test_a_file_that_is_not_there_is_refused_in_one_line(tmp_path):
    result = run("messenger", str(tmp_path / "none.json"))
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert "cannot read" in result.stderr


def test_help_names_the_channels():
    result = run("--help")
    assert result.exit_code == 0
    assert all(channel in result.stdout for channel in CHANNELS)


def test_the_command_answers_in_under_a_second_and_loads_nothing_heavy():
    code = (
        "import sys; from overture.cli.webhook import command\n"
        "try: command(['messenger'])\n"
        "finally: print(*{n.partition('.')[0] for n in sys.modules}, file=sys.stderr)"
    )
    started = time.monotonic()
    body = (WEBHOOKS / "messenger_text.json").read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", code], input=body, capture_output=True, check=True, timeout=30
    )
    assert time.monotonic() - started < 5  # a second on a quiet machine, tests run beside others
    assert not {"rasa", "sqlalchemy", "sanic", "spacy"} & set(done.stderr.decode().split())
