"""Everything that the suite writes down while something happens: each column of each row, each message."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import kombu
import psycopg
from psycopg import sql

from contracts.queues import QUEUES
from launcher.audit import database_url
from launcher.services import WITH_DATABASE

# Inserts and updates of every table are copied, so that what stood there for a moment only is seen too.
_WATCH = """
DROP SCHEMA IF EXISTS watched CASCADE;
CREATE SCHEMA watched;
CREATE TABLE watched.written (place text NOT NULL, value text NOT NULL);
CREATE FUNCTION watched.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  INSERT INTO watched.written
  SELECT TG_TABLE_NAME || '.' || key, value FROM jsonb_each_text(to_jsonb(NEW)) WHERE value IS NOT NULL;
  RETURN NULL;
END $$;
GRANT USAGE ON SCHEMA watched TO PUBLIC;
"""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'alembic%'"
_TRIGGER = "CREATE TRIGGER watched AFTER INSERT OR UPDATE ON public.{} FOR EACH ROW EXECUTE FUNCTION watched.note()"
_BOUND_TO_ALL = "#"


@dataclass(frozen=True)
class Written:
    """A value, and where it was written: `ordering/order_lines.name`, or `queue/<event type>`."""

    place: str
    value: str = field(repr=False)


@contextmanager
def watched(postgres_url: str, broker_url: str) -> Iterator[list[Written]]:
    """The list is filled when the block ends, with what was written and said within it."""
    found: list[Written] = []
    databases = {package: database_url(postgres_url, package) for package in WITH_DATABASE}
    with kombu.Connection(broker_url) as connection:
        tap = _tap(connection)
        for url in databases.values():
            _begin(url)
        try:
            yield found
            for package, url in databases.items():
                found += _written(package, url)
            found += _said(tap)
        finally:
            for url in databases.values():
                _end(url)


@contextmanager
def tapped(broker_url: str) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Every event and command that is said within the block; calling gives the envelopes since the last time."""
    with kombu.Connection(broker_url) as connection:
        tap = _tap(connection)
        yield lambda: [json.loads(_body(message)) for message in _messages(tap)]


def _begin(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(_WATCH)
        for (table,) in connection.execute(_TABLES).fetchall():
            connection.execute(sql.SQL(_TRIGGER).format(sql.Identifier(table)))


def _end(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("DROP SCHEMA IF EXISTS watched CASCADE")


def _written(package: str, url: str) -> list[Written]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT DISTINCT place, value FROM watched.written").fetchall()
    return [Written(f"{package}/{place}", value) for place, value in rows]


def _tap(connection: kombu.Connection) -> kombu.Queue:
    """A queue of our own that hears every event and command of the suite."""
    channel = connection.channel()
    tap = kombu.Queue("", exclusive=True, durable=False, auto_delete=True)(channel)
    tap.declare()
    for exchange in {event.exchange() for queue in QUEUES for event in queue.hears}:
        tap.bind_to(exchange, _BOUND_TO_ALL)
    return tap


def _said(tap: kombu.Queue) -> list[Written]:
    """Body and headers of every message that came."""
    found = []
    for message in _messages(tap):
        place = f"queue/{message.properties.get('type')}"
        found += [Written(place, _body(message)), Written(place, json.dumps(message.headers or {}, default=str))]
    return found


def _messages(tap: kombu.Queue) -> Iterator[kombu.Message]:
    while (message := tap.get(no_ack=True)) is not None:
        yield message


def _body(message: kombu.Message) -> str:
    return message.body if isinstance(message.body, str) else bytes(message.body).decode()
