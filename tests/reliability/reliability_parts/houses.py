"""The services in this process: consumers and loops as production wires them, without a broker."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from unittest.mock import patch

from sqlalchemy import delete

from chassis.consumer import Consumer
from chassis.database import Database
from chassis.tables import outbox
from chassis.web import WsgiApp
from chassis.worker import Loop
from contracts.envelope import Envelope
from launcher.environment import environment_of
from launcher.services import RELAY, WITH_DATABASE, WORKER
from launcher.suite import Suite


@dataclass(frozen=True)
class Posted:
    """A message on its way: to one queue, or to whoever hears its event."""

    queue: str | None
    envelope: Envelope


@dataclass(frozen=True)
class House:
    """One service: its database, what it hears with, what it does by itself, and its two ports."""

    package: str
    database: Database
    consumers: Mapping[str, Consumer]
    loops: Mapping[str, Loop]
    app: WsgiApp

    def take_outbox(self) -> list[Posted]:
        """Everything that the service has said since, oldest first; nobody else will see it."""
        with self.database.transaction() as session:
            rows = session.execute(delete(outbox).returning(outbox)).all()
        return [
            Posted(None if row.exchange else row.routing_key, Envelope.model_validate_json(row.envelope))
            for row in sorted(rows, key=lambda row: row.seq)
        ]


@contextmanager
def open_house(package: str, suite: Suite, database_url: str, **environment: str) -> Iterator[House]:
    """A service over a database, told what the launcher would tell it, and `environment` besides."""
    main = import_module(f"{package}.main")
    told = environment_of(package, suite) | {f"{package.upper()}_DATABASE_URL": database_url} | environment
    with patch.dict(os.environ, told):
        settings = main.settings()
    worker = main.create_worker(settings)
    database = Database(database_url, application_name=f"{package} reliability")
    try:
        yield House(
            package=package,
            database=database,
            consumers={consumer.queue.name: consumer for consumer in worker.consumers},
            loops={loop.name: loop for loop in worker.loops},
            app=main.create_api(settings),
        )
    finally:
        for finish in worker._on_stop:
            finish()
        database.dispose()


def declared_points(suite: Suite) -> dict[str, tuple[str, ...]]:
    """Every crash point that a worker or a relay of the suite declares, by the process that passes it."""
    found = {}
    for package in WITH_DATABASE:
        for role in (WORKER, RELAY):
            found[f"{package}-{role}"] = _points_of(package, role, suite)
    return found


def _points_of(package: str, role: str, suite: Suite) -> tuple[str, ...]:
    from chassis import crash

    main = import_module(f"{package}.main")
    with patch.dict(os.environ, environment_of(package, suite, role)), patch.object(crash, "_declared", set()):
        settings = main.settings()
        process = main.create_worker(settings) if role == WORKER else main.create_relay(settings)
        declared = crash.points()
    for finish in getattr(process, "_on_stop", ()):
        finish()
    return declared
