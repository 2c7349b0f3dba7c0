"""What the catalogue's tests share."""

from collections.abc import Callable
from pathlib import Path

import pytest
from catalog_builders import RULES

from catalog.main import create_api
from catalog.settings import Settings
from catalog.storage.unit_of_work import Transactions
from chassis.clock import FixedClock
from chassis.database import Database
from chassis.testing.callers import Callers
from chassis.web import WsgiApp


@pytest.fixture
def database(service_database: Callable[[str], Database]) -> Database:
    """The catalogue's database, this test's own."""
    return service_database("catalog")


@pytest.fixture
def transaction(database: Database, fixed_clock: FixedClock) -> Transactions:
    """Opens transactions of the catalogue."""
    return Transactions(database, fixed_clock, RULES)


@pytest.fixture
def catalog_settings(database: Database, callers: Callers, tmp_path: Path) -> Settings:
    """Settings as a test gives them."""
    return Settings(
        environment="test",
        api_port=1,
        admin_port=2,
        database_url=database.engine.url.render_as_string(hide_password=False),
        migrations_database_url="postgresql://unused",
        broker_url="amqp://unused",
        token_keys_url=callers.keys_url,
        file_store_url=tmp_path.as_uri(),
    )


@pytest.fixture
def app(catalog_settings: Settings) -> WsgiApp:
    """Both applications."""
    return create_api(catalog_settings)
