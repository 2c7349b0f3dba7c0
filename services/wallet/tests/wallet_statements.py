"""Every statement on its way to the database, also those that are written for the driver alone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Engine, event


@contextmanager
def every_statement(engine: Engine, note: Callable[[Any, str], None]) -> Iterator[None]:
    """Have each cursor and its statement noted before it is sent, of connections that are taken meanwhile."""

    class NotingCursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, *args: Any, **options: Any) -> Any:
            note(self, str(query))
            return super().execute(query, *args, **options)

        def executemany(self, query: Any, *args: Any, **options: Any) -> None:
            note(self, str(query))
            super().executemany(query, *args, **options)

    def listen(connection: Any, *_: Any) -> None:
        connection.cursor_factory = NotingCursor

    def leave(connection: Any, *_: Any) -> None:
        if connection is not None:  # Connections that broke come back as nothing.
            connection.cursor_factory = psycopg.Cursor

    event.listen(engine, "checkout", listen)
    event.listen(engine, "checkin", leave)
    try:
        yield
    finally:
        event.remove(engine, "checkout", listen)
        event.remove(engine, "checkin", leave)
