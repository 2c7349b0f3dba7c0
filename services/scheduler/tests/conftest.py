"""What the scheduler's tests share."""

from collections.abc import Callable

import pytest

from chassis.clock import FixedClock
from chassis.database import Database
from scheduler.settings import Settings
from scheduler.storage.unit_of_work import Transactions


@pytest.fixture
def database(service_database: Callable[[str], Database]) -> Database:
    """The scheduler's database, this test's own."""
    return service_database("scheduler")


@pytest.fixture
def transaction(database: Database, fixed_clock: FixedClock) -> Transactions:
    """Opens transactions of the scheduler."""
    return Transactions(database, fixed_clock)


@pytest.fixture
def scheduler_settings(database: Database) -> Settings:
    """Settings as a test gives them; nothing in them is called."""
    return Settings(
        environment="test",
        api_port=1,
        admin_port=2,
        database_url=database.engine.url.render_as_string(hide_password=False),
        migrations_database_url="postgresql://unused",
        broker_url="amqp://unused",
        token_keys_url="http://unused",
    )
