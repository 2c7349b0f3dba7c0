"""What a service's database holds, so that two databases can be compared.

What no two runs share is left out: new ids, times, and the numbers of a sequence. Values are compared as the service
reads them, so encrypted ones in plain.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection
from importlib import import_module
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Identity, Table, Uuid, select
from sqlalchemy.orm import Session

from chassis import tables as chassis_tables
from contracts.envelope import Envelope

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^\"]*")
SEALED = re.compile(r"\"ciphertext\":\s?\"[^\"]*\"")
NEW = "new id"

PLACES = frozenset({"seq", "hash", "previous_hash", "balance_after_krw"})
"""Where something stands in a ledger, which is the order in which it came."""

Contents = dict[str, Counter]


def contents_of(session: Session, package: str, known: Collection[str]) -> Contents:
    """The rows of every table with how often each stands there; `known` are the ids that are compared as such."""
    return {table.name: _rows(session, table, known) for table in tables_of(package)}


def tables_of(package: str) -> list[Table]:
    """The service's own tables, and what it has said and parked, and whose sessions it refuses."""
    return [*_own_tables(package), chassis_tables.outbox, chassis_tables.parked_events, chassis_tables.session_floors]


def stored_tables(package: str) -> list[str]:
    """The names of all tables of a service's database, each after those that it refers to."""
    tables = [*chassis_tables.metadata.sorted_tables, *_own_tables(package)]
    return list(dict.fromkeys(table.name for table in tables))


def _own_tables(package: str) -> list[Table]:
    return [
        table for metadata in import_module(f"{package}.main").migrations().metadata for table in metadata.sorted_tables
    ]


def ids_in(text: str) -> set[str]:
    """Every id in a text."""
    return set(ID.findall(text))


def difference(one: Contents, other: Contents) -> str:
    """What stands in only one of the two, for people."""
    lines = []
    for table in one:
        lines += [f"  only first  {table}: {row}" for row in (one[table] - other[table]).elements()]
        lines += [f"  only second {table}: {row}" for row in (other[table] - one[table]).elements()]
    return "\n".join(lines)


def _rows(session: Session, table: Table, known: Collection[str]) -> Counter:
    if table is chassis_tables.outbox:
        return _said(session, known)
    columns = [column for column in table.columns if not (_is_numbered(column) or column.name in PLACES)]
    rows = session.execute(select(*columns)).all()
    return Counter(
        tuple((column.name, _shown(value, column, known)) for column, value in zip(columns, row, strict=True))
        for row in rows
    )


def _said(session: Session, known: Collection[str]) -> Counter:
    """What the outbox says; which message caused it may differ, and does not matter."""
    rows = session.scalars(select(chassis_tables.outbox.c.envelope))
    envelopes = [Envelope.model_validate_json(row) for row in rows]
    return Counter((each.type, _comparable(json.dumps(each.data, sort_keys=True), known)) for each in envelopes)


def _is_numbered(column: Any) -> bool:
    return column.identity is not None or isinstance(column.server_default, Identity)


def _shown(value: Any, column: Any, known: Collection[str]) -> object:
    if value is None:
        return None
    if isinstance(column.type, DateTime):
        return "a time"
    if isinstance(column.type, Uuid) or isinstance(value, UUID):
        return str(value) if str(value) in known else NEW
    return _comparable(str(value), known)


def _comparable(text: str, known: Collection[str]) -> str:
    text = SEALED.sub('"ciphertext":"sealed"', TIME.sub("a time", text))
    return ID.sub(lambda found: found[0] if found[0] in known else NEW, text)
