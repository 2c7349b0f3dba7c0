"""Many rows added or changed by one statement: its length and its round trips do not grow with their number."""

from collections.abc import Sequence

from sqlalchemy import (
    ColumnElement,
    Table,
    TableValuedAlias,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from chassis.columns import EncryptedText


def update_rows(
    session: Session,
    table: Table,
    keys: Sequence[str],
    changing: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    only: ColumnElement[bool] | None = None,
) -> None:
    """Set the columns `changing` of the rows named by `keys`; each row holds its keys, then its new values.

    Values of encrypted columns come as their ciphertext. Rows that `only` does not allow stay as they are.
    """
    if not rows:
        return
    names = [*keys, *changing]
    fresh = _unnested(table, names, rows)
    statement = (
        update(table)
        .where(and_(*(table.c[name] == fresh.c[name] for name in keys)), *([] if only is None else [only]))
        .values({name: fresh.c[name] for name in changing})
    )
    session.execute(statement)


def insert_new_rows(session: Session, table: Table, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> int:
    """Add those rows that no unique key stands against; how many were added.

    Values of encrypted columns come as their ciphertext.
    """
    if not rows:
        return 0
    fresh = _unnested(table, columns, rows)
    found = select(*(fresh.c[name] for name in columns))
    statement = insert(table).from_select(list(columns), found, include_defaults=False).on_conflict_do_nothing()
    # A list of what was added, because the count of a statement without rows is the driver's alone to know.
    return len(session.execute(statement.returning(literal(1))).all())


def _unnested(table: Table, names: Sequence[str], rows: Sequence[Sequence[object]]) -> TableValuedAlias:
    arrays = [
        cast(bindparam(name, list(values), type_=ARRAY(_stored_type(table, name))), ARRAY(_stored_type(table, name)))
        for name, values in zip(names, zip(*rows, strict=True), strict=True)
    ]
    return func.unnest(*arrays).table_valued(*names, name="fresh").render_derived()


def _stored_type(table: Table, name: str) -> TypeEngine[object]:
    column_type: TypeEngine[object] = table.c[name].type
    return Text() if isinstance(column_type, EncryptedText) else column_type  # type: ignore[return-value]
