"""What messaging's tests share: its database, the provider's sandbox, and its parts wired as in production."""

import base64
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from messaging_parts import Parts
from pydantic import SecretStr

from chassis.clock import FixedClock
from chassis.columns import KeyedHash, bind_column_keys
from chassis.database import Database
from chassis.sealing import Keyring, Sealer
from chassis.testing.callers import Callers
from messaging.settings import Settings
from messaging.storage.unit_of_work import Transactions
from sandbox.testing import CREDENTIALS, RunningSandbox, running_sandbox

KEYRING = '{"current": "t1", "keys": {"t1": "' + base64.b64encode(bytes(range(32))).decode() + '"}}'


WEBHOOK_SECRET = "a-path-nobody-guesses"


@pytest.fixture
def messaging_settings() -> Settings:
    """Settings as a test gives them; nothing in them is called."""
    return settings_for(database_url="postgresql://unused", keys_url="http://unused", provider="http://unused", smtp=1)


def settings_for(
    *, database_url: str, keys_url: str, provider: str, smtp: int, provider_name: str = "bizppurio", **changes: object
) -> Settings:
    """Settings for servers of a test."""
    values: dict[str, object] = {
        "environment": "test",
        "api_port": 1,
        "admin_port": 2,
        "database_url": database_url,
        "migrations_database_url": "postgresql://unused",
        "broker_url": "amqp://unused",
        "token_keys_url": keys_url,
        "sealing_keys": KEYRING,
        "column_keys": KEYRING,
        "hash_keys": KEYRING,
        "provider": provider_name,
        "provider_url": provider,
        "provider_account": CREDENTIALS.message_account,
        "provider_password": CREDENTIALS.message_password,
        "provider_sender_key": "s" * 40,
        "provider_timeout_seconds": 1.0,
        "alimtalk_price_jeon": 650,
        "channels_url": provider.replace(f"/{provider_name}", "/kapi"),
        "channels_business_id": CREDENTIALS.message_account,
        "channels_api_key": CREDENTIALS.message_password,
        "channels_timeout_seconds": 10.0,
        "webhook_secret": WEBHOOK_SECRET,
        "smtp_host": "127.0.0.1",
        "smtp_port": smtp,
        "mail_from": "no-reply@coupbiz.example",
        **changes,
    }
    return Settings(**values)


@pytest.fixture
def database(service_database: Callable[[str], Database]) -> Database:
    """Messaging's database, this test's own."""
    bind_column_keys(keyring())
    return service_database("messaging")


@pytest.fixture
def transaction(database: Database, fixed_clock: FixedClock) -> Transactions:
    """Opens transactions of messaging."""
    return Transactions(database, fixed_clock)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[RunningSandbox]:
    """The provider and the mail server."""
    with running_sandbox(tmp_path / "sandbox", hang_seconds=3, solapi_webhook_secret=WEBHOOK_SECRET) as sandbox:
        yield sandbox


@pytest.fixture
def provider_name() -> str:
    """The message provider; a module that is run against each of them overrides it."""
    return "bizppurio"


@pytest.fixture
def provider_falls_back() -> bool:
    """Whether the provider sends an MMS by itself; a module that is run in both ways overrides it."""
    return True


@pytest.fixture
def wired_settings(
    database: Database, callers: Callers, world: RunningSandbox, provider_name: str, provider_falls_back: bool
) -> Settings:
    """Settings for the running sandbox."""
    return settings_for(
        database_url=database.engine.url.render_as_string(hide_password=False),
        keys_url=callers.keys_url,
        provider=f"{world.url}/{provider_name}",
        smtp=world.smtp_port,
        provider_name=provider_name,
        provider_falls_back=provider_falls_back,
    )


@pytest.fixture
def api_settings(database: Database, callers: Callers) -> Settings:
    """Settings of an API that calls nobody outside."""
    return settings_for(
        database_url=database.engine.url.render_as_string(hide_password=False),
        keys_url=callers.keys_url,
        provider="http://unused",
        smtp=1,
    )


@pytest.fixture
def parts(wired_settings: Settings, database: Database, fixed_clock: FixedClock) -> Parts:
    """The worker's loops."""
    return Parts(wired_settings, database, fixed_clock)


def keyring() -> Keyring:
    """The keys of the tests."""
    return Keyring.parse(SecretStr(KEYRING))


@pytest.fixture
def hashes() -> KeyedHash:
    """The keyed hashes of the tests."""
    return KeyedHash(keyring())


@pytest.fixture
def sealer() -> Sealer:
    """Seals as other services do."""
    return Sealer(keyring())
