"""Many rows added or changed by one statement: its length and its round trips do not grow with their number.

The rows travel as one JSON text. Building arrays of their columns takes the client four times as long, and a temporary
table twice; the server does not tell them apart.
"""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Table,
    TableValuedAlias,
    Text,
    Update,
    bindparam,
    cast,
    column,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON, insert
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from chassis.columns import EncryptedText

Allowed = tuple[str, Sequence[object]]
"""A column's name and the values that a row may have in it."""


class BulkUpdate:
    """Sets the columns `changing` of the rows named by `keys`. Made once, at import: building a statement costs more
    than a few rows do.

    Values of encrypted columns come as their ciphertext. `only` names a column and the values that a row may have in
    it: others stay as they are.
    """

    def __init__(
        self, table: Table, keys: Sequence[str], changing: Sequence[str], *, only: Allowed | None = None
    ) -> None:
        self._names = (*keys, *changing)
        self._statement = _statement(table, keys, changing, only)

    def execute(self, session: Session, rows: Sequence[Sequence[object]]) -> None:
        """Change the rows, each given as its keys and then its new values. No row is no statement."""
        if rows:
            session.execute(self._statement, {"rows": _as_json(self._names, rows)})


class BulkInsert:
    """Adds those rows that no unique key stands against. Made once, at import.

    Values of encrypted columns come as their ciphertext.
    """

    def __init__(self, table: Table, columns: Sequence[str]) -> None:
        self._names = tuple(columns)
        found = select(_recordset(table, self._names))
        adding = insert(table).from_select(list(columns), found, include_defaults=False).on_conflict_do_nothing()
        self._statement = adding.returning(literal(1))

    def execute(self, session: Session, rows: Sequence[Sequence[object]]) -> int:
        """Add the rows, in their order; how many were new."""
        return len(session.execute(self._statement, {"rows": _as_json(self._names, rows)}).all()) if rows else 0


def _statement(table: Table, keys: Sequence[str], changing: Sequence[str], only: Allowed | None) -> Update:
    fresh = _recordset(table, (*keys, *changing))
    named = [table.c[name] == fresh.c[name] for name in keys]
    return (
        update(table)
        .where(*named, *([] if only is None else [_is_allowed(table, *only)]))
        .values({name: fresh.c[name] for name in changing})
    )


def _is_allowed(table: Table, name: str, values: Sequence[object]) -> ColumnElement[bool]:
    """Said so that the planner knows nothing of it, and goes by the keys.

    What it knows of a state is from before: where it takes the allowed ones for rare, it looks for those first, and
    compares each that it finds with every given row.
    """
    allowed = ARRAY(_stored_type(table, name))
    given = cast(bindparam("allowed", list(values), type_=allowed), allowed)
    return func.array_position(given, table.c[name]).is_not(None)


def _recordset(table: Table, names: Sequence[str]) -> TableValuedAlias:
    given = [column(name, _stored_type(table, name)) for name in names]
    rows = cast(bindparam("rows", type_=Text()), JSON())
    return func.json_to_recordset(rows).table_valued(*given, name="fresh").render_derived(with_types=True)


def _as_json(names: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    return orjson.dumps([dict(zip(names, row, strict=True)) for row in rows], default=_as_text).decode()


def _stored_type(table: Table, name: str) -> TypeEngine[Any]:
    column_type: TypeEngine[Any] = table.c[name].type
    return Text() if isinstance(column_type, EncryptedText) else column_type


def _as_text(value: object) -> str:
    """What JSON has no form for, as PostgreSQL reads it. Raises TypeError for what is no column's value."""
    if isinstance(value, bytes):
        return rf"\x{value.hex()}"
    raise TypeError(f"{type(value).__name__} is no value of a column")
