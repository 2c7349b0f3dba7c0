"""Stack traces that can be kept: where it happened, without the values that error messages like to quote."""

from __future__ import annotations

import traceback
from collections.abc import Iterator

import psycopg
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from chassis.personal import scrubbed

CHAIN_LENGTH_MAX = 8

_DATA_EXCEPTIONS = "22"
"""The SQLSTATE class of errors whose very message quotes the value."""


def safe_traceback(error: BaseException) -> str:
    """The stack traces of an error and of what caused it, the first cause first."""
    parts = []
    for link in reversed(list(_chain(error))):
        frames = "".join(traceback.format_tb(link.__traceback__))
        parts.append(f"{frames}{type(link).__module__}.{type(link).__qualname__}: {_message(link)}")
    return "\n\nwhich led to\n\n".join(parts)


def _chain(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    for _ in range(CHAIN_LENGTH_MAX):
        if link is None:
            return
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _message(error: BaseException) -> str:
    if isinstance(error, ValidationError):
        places = (
            f"{'.'.join(map(str, one['loc']))}: {one['type']}"
            for one in error.errors(include_url=False, include_input=False, include_context=False)[:10]
        )
        return f"{error.title}: {'; '.join(places)}"
    if isinstance(error, DBAPIError):
        return f"{_database_message(error.orig)} in {error.statement}"
    if isinstance(error, psycopg.Error):
        return _database_message(error)
    return scrubbed(str(error))


def _database_message(error: BaseException | None) -> str:
    """The server's message without its DETAIL, which quotes the row."""
    if not isinstance(error, psycopg.Error):
        return type(error).__name__
    if (error.sqlstate or "").startswith(_DATA_EXCEPTIONS):
        return f"{type(error).__name__} {error.sqlstate}"
    named = (error.sqlstate, error.diag.table_name, error.diag.column_name, error.diag.constraint_name)
    return scrubbed(" ".join((error.diag.message_primary or type(error).__name__, *(part for part in named if part))))
