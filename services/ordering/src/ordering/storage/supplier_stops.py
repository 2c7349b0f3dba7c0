"""Suppliers that take nothing for now, in PostgreSQL."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from ordering.storage.tables import supplier_stops


class PostgresSupplierStops:
    """`SupplierStops` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def active(self, at: datetime) -> Mapping[str, datetime]:
        """Who is left alone, and until when."""
        statement = select(supplier_stops.c.supplier, supplier_stops.c.stopped_until)
        found = self._session.execute(statement.where(supplier_stops.c.stopped_until > at))
        return {row.supplier: row.stopped_until for row in found}

    def stop(self, supplier: str, code: str, until: datetime) -> None:
        """Leave a supplier alone for a while."""
        row = upsert(supplier_stops).values(supplier=supplier, code=code, stopped_until=until)
        self._session.execute(
            row.on_conflict_do_update(
                index_elements=[supplier_stops.c.supplier],
                set_={"code": row.excluded.code, "stopped_until": row.excluded.stopped_until},
            )
        )
