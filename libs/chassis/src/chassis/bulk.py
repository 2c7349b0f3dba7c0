"""Many rows changed by one statement: its length and its round trips do not grow with their number."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Table, Text, and_, bindparam, cast, func, update
from sqlalchemy.dialects.postgresql import ARRAY
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
    arrays = [
        cast(bindparam(name, list(values), type_=ARRAY(_stored_type(table, name))), ARRAY(_stored_type(table, name)))
        for name, values in zip(names, zip(*rows, strict=True), strict=True)
    ]
    fresh = func.unnest(*arrays).table_valued(*names, name="fresh").render_derived()
    statement = (
        update(table)
        .where(and_(*(table.c[name] == fresh.c[name] for name in keys)), *([] if only is None else [only]))
        .values({name: fresh.c[name] for name in changing})
    )
    session.execute(statement)


def _stored_type(table: Table, name: str) -> TypeEngine[object]:
    column_type: TypeEngine[object] = table.c[name].type
    return Text() if isinstance(column_type, EncryptedText) else column_type  # type: ignore[return-value]
