"""Reading the accounts out of credentials.yml, and the command that does it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from overture.cli.sandbox import command
from overture.errors import ConfigurationError
from overture.sandbox.config import accounts_from_credentials, standalone_accounts
from overture.sandbox.people import business_scoped_id, new_person, shown_number


def block(**changes: object) -> dict:
    account = {"id": "440000000000601", "access_token": "t", "persona": "maestro"}
    return {"app_secrets": ["s"], "verify_token": "v", "accounts": [account], **changes}


def test_accounts_are_read_from_the_blocks_of_our_connectors_only():
    accounts = accounts_from_credentials(
        {
            "rest": None,
            "connectors.messenger.MessengerInput": block(),
            "connectors.whatsapp.WhatsAppInput": block(
                accounts=[
                    {
                        "id": 12,
                        "access_token": "w",
                        "display_number": 12025550160,
                        "follow_up_template": {"name": "follow_up", "language": "en_US"},
                    }
                ]
            ),
        }
    )
    messenger, whatsapp = accounts
    assert (messenger.channel, messenger.app_secret, messenger.persona) == (
        "messenger",
        "s",
        "maestro",
    )
    assert (whatsapp.id, whatsapp.display_number, whatsapp.templates) == (
        "12",
        "12025550160",
        ("follow_up",),
    )


@pytest.mark.parametrize(
    ("credentials", "key"),
    [
        ({"rest": None}, "connectors"),
        ({"connectors.messenger.MessengerInput": None}, "MessengerInput"),
        ({"connectors.messenger.MessengerInput": block(app_secrets=[])}, "app_secrets"),
        ({"connectors.messenger.MessengerInput": block(app_secrets="s")}, "app_secrets"),
        ({"connectors.messenger.MessengerInput": block(accounts=[])}, "accounts"),
        ({"connectors.messenger.MessengerInput": block(accounts=[{"id": "1"}])}, "access_token"),
        ({"connectors.messenger.MessengerInput": block(accounts=["1"])}, "accounts[0].id"),
    ],
)
def test_what_is_missing_is_named_with_its_key(credentials, key):
    with pytest.raises(ConfigurationError, match=key.replace("[", r"\[")):
        accounts_from_credentials(credentials)


def test_secrets_do_not_show_in_what_is_printed_of_an_account():
    assert "sandbox-token" not in repr(standalone_accounts())
    assert "sandbox-app-secret" not in repr(standalone_accounts())


def test_the_command_refuses_a_broken_file_in_one_line(tmp_path):
    broken = tmp_path / "credentials.yml"
    broken.write_text("rest:\n")
    result = CliRunner().invoke(command, ["--credentials", str(broken)])
    assert result.exit_code == 1
    assert str(broken) in result.output
    assert len(result.output.strip().splitlines()) == 1


@pytest.mark.parametrize("number", [1, 99, 100, 250])
def test_made_up_people_have_numbers_that_belong_to_nobody(number):
    wa_id = new_person(number).ids["whatsapp"]
    assert "-555-01" in shown_number(wa_id)


def test_a_number_has_one_business_scoped_id():
    first = business_scoped_id("12025550101")
    assert first == business_scoped_id("12025550101")
    assert first != business_scoped_id("12025550102")
    assert business_scoped_id(first) == first
