"""Members' acts on placed orders: rows that only come."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from chassis.ids import new_id
from ordering.storage.tables import order_acts


class PostgresActs:
    """`Acts` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def note(self, member_id: UUID, act: str, order_id: UUID, at: datetime, line_id: UUID | None = None) -> None:
        """Keep who did what to which order, or to which of its recipients."""
        row = {"id": new_id(), "order_id": order_id, "line_id": line_id, "member_id": member_id, "act": act, "at": at}
        self._session.execute(insert(order_acts).values(row))
