"""The probe: a service of the chassis's own tests."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from chassis_probe.service import DELAYS_SECONDS, MIGRATIONS, QUEUE

from chassis import topology
from chassis.broker import connected
from chassis.database import Database

ServiceDatabase = Callable[..., Database]


@pytest.fixture
def database(service_database: ServiceDatabase) -> Database:
    return service_database(MIGRATIONS)


@pytest.fixture
def broker(broker_url: str) -> Iterator[str]:
    """The broker with the probe's queue declared and nothing in it."""
    topology.declare(broker_url, [QUEUE])
    yield broker_url
    with connected(broker_url, name="test") as connection, connection.channel() as channel:
        for delay_seconds in DELAYS_SECONDS:
            channel.queue_delete(topology.retry_queue(QUEUE.name, delay_seconds))


@pytest.fixture
def running() -> Callable[[Any], AbstractContextManager[None]]:
    """Runs something that has `run(stop)` in a thread during a block; an error in it fails the test."""

    @contextmanager
    def run(what: Any) -> Iterator[None]:
        stop, errors = threading.Event(), []

        def body() -> None:
            try:
                what.run(stop)
            except BaseException as error:  # noqa: BLE001 - shown by the test
                errors.append(error)

        thread = threading.Thread(target=body, name="probe")
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(15)
        assert not thread.is_alive()
        if errors:
            raise errors[0]

    return run
