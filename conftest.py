"""The servers of a test run, and the marks that follow from using them."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher.servers import ladder

pytest_plugins = ["chassis.testing.plugin"]

SERVERS = {"postgres_server", "broker_server"}
E2E = Path(__file__).parent / "tests" / "e2e"


def pytest_configure(config: pytest.Config) -> None:
    """Lead the run, unless this is a worker of a parallel one."""
    if not hasattr(config, "workerinput"):
        ladder.begin_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what the run started."""
    if not hasattr(config, "workerinput"):
        ladder.end_run()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for a server is an integration test, and what lies in tests/e2e is an e2e test."""
    for item in items:
        if E2E in item.path.parents:
            item.add_marker(pytest.mark.e2e)
        elif SERVERS & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.integration)


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """A superuser's URL of a PostgreSQL server."""
    return ladder.server_for_tests("postgres")


@pytest.fixture(scope="session")
def broker_server() -> str:
    """The URL of a RabbitMQ server without a virtual host; it has `test-main` and `test-gw0` to `test-gw7`."""
    return ladder.server_for_tests("rabbitmq")
