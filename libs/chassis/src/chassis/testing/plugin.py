"""The pytest plugin of services: `pytest_plugins = ["chassis.testing.plugin"]` in the conftest at the root.

The servers come from the fixtures `postgres_server` and `broker_server`; who defines them nearer (the root conftest
does, with private processes or containers) replaces those here, which take what the environment names.
"""

import importlib
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import hypothesis
import pytest

from chassis.clock import FixedClock
from chassis.database import Database
from chassis.migrations import Migrations
from chassis.testing import rabbitmq
from chassis.testing.callers import Callers, serving_callers
from chassis.testing.events import deliver, enveloped, eventually, published
from chassis.testing.postgres import TestDatabases, runtime_database
from contracts.queues import QUEUES

__all__ = ["deliver", "enveloped", "eventually", "published"]

POSTGRES_VARIABLE = "COUPBIZ_TEST_POSTGRES_URL"
AMQP_VARIABLE = "COUPBIZ_TEST_AMQP_URL"


# A busy machine is no fault of the example that it happens to slow down.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The URL of a superuser on a PostgreSQL server for tests."""
    return _named_by(POSTGRES_VARIABLE)


@pytest.fixture(scope="session")
def broker_server() -> str:
    """The URL of a RabbitMQ server for tests."""
    return _named_by(AMQP_VARIABLE)


@pytest.fixture(scope="session")
def test_databases(postgres_server: str, worker_name: str) -> Iterator[TestDatabases]:
    """The databases of this test process."""
    databases = TestDatabases(postgres_server, worker_name)
    yield databases
    databases.drop_templates()


@pytest.fixture(scope="session")
def worker_name() -> str:
    """The pytest-xdist worker, or `main` without one."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture
def service_database(test_databases: TestDatabases) -> Iterator[Callable[[str | Migrations], Database]]:
    """Makes a database of a service (by its package): migrated, this test's own, seen by its run-time role."""
    with ExitStack() as stack:

        def make(service: str | Migrations) -> Database:
            migrations = service if isinstance(service, Migrations) else migrations_of(service)
            name = stack.enter_context(test_databases.clone(migrations))
            database = runtime_database(test_databases, name, migrations.package)
            stack.callback(database.dispose)
            return database

        yield make


@pytest.fixture
def check_migrations(test_databases: TestDatabases) -> Callable[[str], None]:
    """Fails when a service's migrated database and its tables in code differ."""

    def check(package: str) -> None:
        migrations = migrations_of(package)
        migrations.check(test_databases.url(test_databases.template(migrations), f"{package}_owner"))

    return check


@pytest.fixture(scope="session")
def _virtual_host(broker_server: str, worker_name: str) -> Iterator[str]:
    with rabbitmq.virtual_host(broker_server, worker_name) as url:
        yield url


@pytest.fixture
def broker_url(_virtual_host: str) -> Iterator[str]:
    """The URL of this test process's own virtual host, with none of the suite's queues in it."""
    yield _virtual_host
    rabbitmq.empty(_virtual_host, QUEUES)


@pytest.fixture
def fixed_clock() -> FixedClock:
    """A clock that stands at 2026-03-02 09:00 in Seoul until the test moves it."""
    return FixedClock(datetime(2026, 3, 2, 0, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def callers() -> Iterator[Callers]:
    """Members and operators whose tokens a service takes when its `token_keys_url` is `callers.keys_url`."""
    with serving_callers() as made:
        yield made


def migrations_of(package: str) -> Migrations:
    """The migrations that a service's composition root names."""
    migrations = importlib.import_module(f"{package}.main").migrations()
    if not isinstance(migrations, Migrations):
        raise TypeError(f"{package}.main.migrations() gives no Migrations")
    return migrations


def _named_by(variable: str) -> str:
    url = os.environ.get(variable)
    if not url:
        pytest.fail(f"{variable} names no server; `./coupbiz test` brings its own", pytrace=False)
    return url
