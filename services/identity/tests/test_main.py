"""The composition root: commands, what is consumed, what the settings say."""

import pytest
from identity_builders import PASSWORD
from identity_service import Identity, OperatorAtWork
from pyotp import parse_uri

from contracts.queues import queues_of
from identity import main
from identity.domain.errors import InvalidValueError, OperatorExistsError, PasswordRefusedError


@pytest.fixture
def command(identity: Identity, monkeypatch: pytest.MonkeyPatch) -> Identity:
    """The commands work on the test's service."""
    monkeypatch.setattr(main, "parts_of", lambda _: identity.parts)
    monkeypatch.setenv("IDENTITY_OPERATOR_PASSWORD", PASSWORD)
    return identity


@pytest.mark.rule("IDN-24")
def test_the_first_operator_is_made_by_a_command_and_logs_in(
    command: Identity, capsys: pytest.CaptureFixture[str]
) -> None:
    main.COMMANDS["create-operator"](command.settings, ["first@example.co.kr", "박운영", "admin", "support"])
    printed = capsys.readouterr().out.strip()
    operator = OperatorAtWork(command, "first@example.co.kr", parse_uri(printed).secret)
    operator.log_in()
    assert operator.get("/admin/sign-ups").status_code == 200
    assert PASSWORD not in printed


@pytest.mark.parametrize("arguments", [[], ["first@example.co.kr"], ["first@example.co.kr", "박운영"]])
def test_a_command_that_lacks_something_says_how_it_is_used(
    command: Identity, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main.COMMANDS["create-operator"](command.settings, arguments)
    assert ended.value.code == 2
    assert "create-operator EMAIL NAME ROLE" in capsys.readouterr().err


def test_operators_are_made_by_the_same_rules_as_members(command: Identity, monkeypatch: pytest.MonkeyPatch) -> None:
    create = main.COMMANDS["create-operator"]
    create(command.settings, ["first@example.co.kr", "박운영", "admin"])
    with pytest.raises(OperatorExistsError):
        create(command.settings, ["First@example.co.kr", "박운영", "admin"])
    with pytest.raises(InvalidValueError):
        create(command.settings, ["second@example.co.kr", "박운영", "boss"])
    monkeypatch.setenv("IDENTITY_OPERATOR_PASSWORD", "password2024")
    with pytest.raises(PasswordRefusedError):
        create(command.settings, ["third@example.co.kr", "박운영", "admin"])


def test_a_key_is_rotated_by_a_command(command: Identity, capsys: pytest.CaptureFixture[str]) -> None:
    main.COMMANDS["rotate-signing-key"](command.settings, [])
    kid = capsys.readouterr().out.strip()
    assert [key["kid"] for key in command.api.get("/.well-known/jwks.json").json["keys"]] == [kid]


def test_every_queue_of_the_service_has_its_consumer(identity: Identity) -> None:
    consumed = [each.queue for each in main.consumers_of(identity.parts, identity.settings)]
    assert consumed == list(queues_of("identity"))


def test_nothing_secret_shows_in_the_settings(identity: Identity) -> None:
    shown = repr(identity.settings)
    for secret in (identity.settings.tax_office_service_key, identity.settings.hash_keys):
        assert secret.get_secret_value() not in shown
