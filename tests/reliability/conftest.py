"""The suite in this process: every service over a database of its own, and the outside world beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pydantic import SecretStr
from reliability_parts.events import Sayings
from reliability_parts.houses import House, open_house
from reliability_parts.job import Job
from reliability_parts.record import Record
from reliability_parts.rehearsal import clear_stage

from chassis.database import Database
from chassis.sealing import Keyring, Sealer
from chassis.testing.callers import Callers
from chassis.testing.plugin import migrations_of
from chassis.testing.postgres import TestDatabases, runtime_database
from launcher.journey.outside import Outside
from launcher.services import SANDBOX, WITH_DATABASE
from launcher.stack import Stack
from launcher.suite import Suite, open_suite

GOODS = "G00000000001"


@pytest.fixture(scope="session")
def suite_alone(tmp_path_factory: pytest.TempPathFactory, postgres_server: str) -> Suite:
    """A suite's keys and ports; its servers are those of the test run."""
    data: Path = tmp_path_factory.mktemp("suite")
    return open_suite(data, postgres=postgres_server, broker="amqp://nobody@127.0.0.1:1/none", durable=False)


@pytest.fixture(scope="session")
def outside(suite_alone: Suite) -> Iterator[Outside]:
    """The sandbox as a process of its own; reports wait there to be fetched."""
    nobody_listens = {"SANDBOX_BIZPPURIO_REPORT_URL": "", "SANDBOX_TOSS_WEBHOOK_URL": ""}
    stack = Stack(suite_alone, only={SANDBOX}, extra={SANDBOX: nobody_listens})
    try:
        stack.start(lambda _line: None)
        outside = Outside(suite_alone.sandbox_url)
        outside.stock([{"goodsCode": GOODS, "goodsName": "아메리카노 T", "discountPrice": 4_000, "validPrdDay": "30"}])
        yield outside
    finally:
        stack.stop(lambda _line: None)


@pytest.fixture(scope="session")
def houses(
    suite_alone: Suite, test_databases: TestDatabases, callers: Callers, outside: Outside
) -> Iterator[dict[str, House]]:
    """Every service with a database, by its package."""
    told = {"ORDERING_PLACING_WAIT_SECONDS": "0", "MESSAGING_REPORT_POLL_SECONDS": "0.01"}
    keys = {f"{package.upper()}_TOKEN_KEYS_URL": callers.keys_url for package in WITH_DATABASE}
    column_keys = suite_alone.keys.keyring("columns:ordering")
    # Column keys are bound to the process, and here all services share one.
    columns = {f"{package.upper()}_COLUMN_KEYS": column_keys for package in WITH_DATABASE}
    with ExitStack() as stack:
        opened = {}
        for package in WITH_DATABASE:
            name = stack.enter_context(test_databases.clone(migrations_of(package)))
            url = test_databases.url(name, package)
            opened[package] = stack.enter_context(open_house(package, suite_alone, url, **told, **keys, **columns))
        yield opened


@pytest.fixture(scope="session")
def record(houses: dict[str, House], outside: Outside, suite_alone: Suite, callers: Callers) -> Record:
    """The main job, run once, every message delivered twice."""
    sealer = Sealer(Keyring.parse(SecretStr(suite_alone.keys.keyring("sealing"))))
    record = Record()
    Job(houses, outside, Sayings(sealer, GOODS), callers, record.deliver_twice).run()
    return record


@pytest.fixture(scope="session")
def stages(test_databases: TestDatabases) -> Iterator[dict[str, Database]]:
    """An empty database of each service, on which a moment of the job can be played anew."""
    with ExitStack() as stack:
        made = {}
        for package in WITH_DATABASE:
            name = stack.enter_context(test_databases.clone(migrations_of(package)))
            clear_stage(test_databases, name, package)
            made[package] = runtime_database(test_databases, name, package)
            stack.callback(made[package].dispose)
        yield made
