"""How many orders and plans use a sender profile: one row each, whose version grows with every change."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ordering.storage.plan_tables import sender_profile_uses


class PostgresSenderProfileUses:
    """`SenderProfileUses` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def change(self, company_id: UUID, profile_id: UUID, by: int) -> tuple[int, int]:
        """Change the number; what it is now, and the version of that."""
        table = sender_profile_uses
        fresh = insert(table).values(company_id=company_id, profile_id=profile_id, uses=by, version=1)
        changed = fresh.on_conflict_do_update(
            index_elements=[table.c.company_id, table.c.profile_id],
            set_={"uses": table.c.uses + by, "version": table.c.version + 1},
        )
        row = self._session.execute(changed.returning(table.c.uses, table.c.version)).one()
        return row.uses, row.version
