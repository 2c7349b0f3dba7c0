"""The environment that the launcher gives to each service."""

import importlib
import os
from pathlib import Path

import pytest

from launcher.environment import environment_of
from launcher.services import PACKAGES, SANDBOX
from launcher.suite import Suite, open_suite
from sandbox.settings import read_settings


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    return open_suite(tmp_path)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_service_finds_all_that_it_asks_for(package: str, suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", environment_of(package, suite))
    settings = importlib.import_module(f"{package}.main").settings()
    assert settings.environment.value == "local"
    assert (settings.api_port, settings.admin_port) == (suite.ports[f"{package}-api"], suite.ports[f"{package}-admin"])


def test_the_sandbox_knows_the_credentials_that_the_services_use(suite: Suite) -> None:
    credentials = read_settings(environment_of(SANDBOX, suite)).credentials
    wallet, messaging = environment_of("wallet", suite), environment_of("messaging", suite)
    assert credentials.payment_secret_key == wallet["WALLET_PAYMENT_SECRET_KEY"]
    assert credentials.message_password == messaging["MESSAGING_PROVIDER_PASSWORD"]


def test_a_provider_reports_through_the_gateway_to_an_address_that_cannot_be_guessed(suite: Suite) -> None:
    settings = read_settings(environment_of(SANDBOX, suite))
    secret = environment_of("wallet", suite)["WALLET_PAYMENT_WEBHOOK_SECRET"]
    assert settings.toss_webhook_url == f"{suite.gateway_url}/v1/webhooks/payments/{secret}"
    assert len(secret) >= 32


def test_only_one_keyring_opens_what_travels_sealed_and_no_two_share_one_for_their_columns(suite: Suite) -> None:
    ordering, messaging = environment_of("ordering", suite), environment_of("messaging", suite)
    assert ordering["ORDERING_SEALING_KEYS"] == messaging["MESSAGING_SEALING_KEYS"]
    assert ordering["ORDERING_COLUMN_KEYS"] != messaging["MESSAGING_COLUMN_KEYS"]


def test_nothing_of_the_callers_own_environment_reaches_a_service(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WALLET_PAYMENT_SECRET_KEY", "live_sk_of_somebody")
    assert "live_sk_of_somebody" not in environment_of("wallet", suite).values()


def test_no_secret_shows_when_a_suite_is_printed(tmp_path: Path) -> None:
    suite = open_suite(tmp_path, postgres="postgresql://me:s3cret@db/postgres", broker="amqp://me:s3cret@mq/v")
    assert "s3cret" not in repr(suite)
