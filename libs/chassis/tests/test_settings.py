"""What a service is told by its environment, and what it refuses to be told."""

import base64
import json

import pytest
from pydantic import ValidationError
from pydantic_settings import SettingsConfigDict

from chassis.settings import (
    BrokerSettings,
    ColumnSettings,
    DatabaseSettings,
    Environment,
    FileStoreSettings,
    SealingSettings,
    ServiceSettings,
)

SECRET = "hush-hush"


class Settings(ServiceSettings, DatabaseSettings, BrokerSettings, SealingSettings, ColumnSettings, FileStoreSettings):
    model_config = SettingsConfigDict(env_prefix="WALLET_")


def keyring(key_id: str = "k1") -> str:
    return json.dumps({"current": key_id, "keys": {key_id: base64.b64encode(b"s" * 32).decode()}})


COMPLETE = {
    "API_PORT": "18001",
    "ADMIN_PORT": "18002",
    "TOKEN_KEYS_URL": "http://identity/.well-known/jwks.json",
    "DATABASE_URL": f"postgresql://wallet:{SECRET}@db/wallet",
    "MIGRATIONS_DATABASE_URL": f"postgresql://wallet_owner:{SECRET}@db/wallet",
    "BROKER_URL": f"amqp://wallet:{SECRET}@broker/",
    "SEALING_KEYS": keyring(),
    "COLUMN_KEYS": keyring(),
    "HASH_KEYS": keyring(),
    "FILE_STORE_URL": "file:///srv/files",
}


@pytest.fixture(autouse=True)
def _complete(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in COMPLETE.items():
        monkeypatch.setenv(f"WALLET_{name}", value)


def test_settings_are_read_under_the_services_prefix() -> None:
    settings = Settings()
    assert settings.api_port == 18001
    assert settings.database_url.get_secret_value().endswith("@db/wallet")
    assert settings.environment is Environment.PRODUCTION
    assert settings.bind_host == "127.0.0.1"


@pytest.mark.parametrize("name", sorted(COMPLETE))
def test_no_secret_address_or_port_has_a_default(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(f"WALLET_{name}")
    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


@pytest.mark.parametrize("name", sorted(COMPLETE))
def test_an_empty_variable_is_an_absent_one(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"WALLET_{name}", "")
    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().api_port = 1


def test_no_secret_is_shown() -> None:
    shown = repr(Settings()) + str(Settings())
    assert SECRET not in shown
    assert base64.b64encode(b"s" * 32).decode() not in shown


def test_no_secret_is_shown_by_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WALLET_API_PORT", "not a port")
    monkeypatch.setenv("WALLET_CLOCK_URL", "http://sandbox/__sim/clock")
    with pytest.raises(ValidationError) as refusal:
        Settings()
    assert SECRET not in str(refusal.value)
    assert "not a port" not in str(refusal.value)


def test_production_refuses_the_sandboxs_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WALLET_CLOCK_URL", "http://sandbox/__sim/clock")
    with pytest.raises(ValidationError, match="clock_url"):
        Settings()
    monkeypatch.setenv("WALLET_ENVIRONMENT", "local")
    assert Settings().clock_url == "http://sandbox/__sim/clock"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BROKER_URL", "test_sk_1234"),
        ("S3_SECRET_ACCESS_KEY", "test-key"),
        ("SEALING_KEYS", keyring("local-1")),
        ("HASH_KEYS", keyring("test-1")),
    ],
)
def test_production_refuses_test_keys(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"WALLET_{name}", value)
    with pytest.raises(ValidationError, match=name.lower()):
        Settings()
    monkeypatch.setenv("WALLET_ENVIRONMENT", "test")
    Settings()


def test_trusted_proxies_are_a_comma_separated_list_of_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WALLET_TRUSTED_PROXIES", "10.0.0.0/8, ::1/128")
    assert [str(network) for network in Settings().trusted_proxies] == ["10.0.0.0/8", "::1/128"]
    monkeypatch.setenv("WALLET_TRUSTED_PROXIES", "10.0.0.0/8, everywhere")
    with pytest.raises(ValidationError, match="trusted_proxies"):
        Settings()


def test_an_unknown_log_level_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WALLET_LOG_LEVEL", "debug")
    assert Settings().log_level == "DEBUG"
    monkeypatch.setenv("WALLET_LOG_LEVEL", "loud")
    with pytest.raises(ValidationError, match="log_level"):
        Settings()
