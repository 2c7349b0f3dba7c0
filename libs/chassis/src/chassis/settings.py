"""What every service is told by its environment: read once, frozen, no default for a secret or an address.

A service's own `Settings` inherits the groups it needs and names its prefix:

    class Settings(ServiceSettings, DatabaseSettings, BrokerSettings):
        model_config = SettingsConfigDict(env_prefix="WALLET_")
"""

from __future__ import annotations

import json
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

TEST_KEY_PREFIXES = ("test_", "test-", "local_", "local-")
"""How the payment provider's test keys and the key ids made by the launcher begin."""

_Port = Annotated[int, Field(ge=1, le=65_535)]


class Environment(StrEnum):
    """Where the process runs. Production is the default: a forgotten setting errs towards strictness."""

    PRODUCTION = "production"
    LOCAL = "local"
    TEST = "test"


class SettingsGroup(BaseSettings):
    """The manner of all settings: frozen, empty means absent, and errors do not show the input."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)


class ServiceSettings(SettingsGroup):
    """What each process of a service needs."""

    environment: Environment = Environment.PRODUCTION
    bind_host: str = "127.0.0.1"
    api_port: _Port
    admin_port: _Port
    probe_port: _Port | None = None
    """Where a worker or relay answers for its liveness and metrics, each at its own; absent means nowhere."""
    log_level: str = "INFO"
    clock_url: str | None = None
    """The sandbox's clock; absent means the machine's. Refused in production."""
    otlp_endpoint: str | None = None
    token_keys_url: str
    """The identity service's public keys (JWKS)."""
    api_workers: int = Field(default=1, ge=1)
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = ()
    """Proxy headers are believed only from these networks; a comma-separated list."""

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _split_networks(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        level = value.upper()
        if level not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
            raise ValueError("log_level is DEBUG, INFO, WARNING, ERROR or CRITICAL")
        return level

    @model_validator(mode="after")
    def _refuse_the_sandbox_in_production(self) -> Self:
        if self.environment is not Environment.PRODUCTION:
            return self
        if self.clock_url is not None:
            raise ValueError("clock_url names the sandbox's clock, which production refuses")
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, SecretStr) and _is_test_key(value.get_secret_value()):
                raise ValueError(f"{name} holds a test key, which production refuses")
        return self


class DatabaseSettings(SettingsGroup):
    """The service's own database: the run-time role, and the owner's role that migrates."""

    database_url: SecretStr
    migrations_database_url: SecretStr


class BrokerSettings(SettingsGroup):
    """The broker (amqp://…)."""

    broker_url: SecretStr


class SealingSettings(SettingsGroup):
    """The keyring of values that are sealed in events, as `sealing.Keyring` reads it."""

    sealing_keys: SecretStr


class ColumnSettings(SettingsGroup):
    """The keyrings of encrypted columns and of keyed hashes, as `sealing.Keyring` reads them."""

    column_keys: SecretStr
    hash_keys: SecretStr


class FileStoreSettings(SettingsGroup):
    """Where files are kept: `file:///folder`, or `s3://bucket?endpoint=…&region=…` with its two keys."""

    file_store_url: str
    s3_access_key_id: SecretStr | None = None
    s3_secret_access_key: SecretStr | None = None


def _is_test_key(text: str) -> bool:
    """Whether the secret is a test key itself, or a keyring (JSON) that has one by its id."""
    if text.startswith(TEST_KEY_PREFIXES):
        return True
    try:
        keyring = json.loads(text)
    except ValueError:
        return False
    keys = keyring.get("keys") if isinstance(keyring, dict) else None
    return isinstance(keys, dict) and any(str(key_id).startswith(TEST_KEY_PREFIXES) for key_id in keys)
