"""Deposits that the bank took back, and what was recovered from which lots."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from wallet.domain.lots import Share
from wallet.domain.take_back import TakeBack
from wallet.storage.payment_tables import take_back_lots, take_backs


class SqlTakeBacks:
    """`TakeBacks` over their tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, take_back: TakeBack, shares: Sequence[Share]) -> None:
        """Keep a new one, and what it recovered from which lots."""
        self._connection.execute(insert(take_backs).values(asdict(take_back)))
        self._note(take_back.id, shares)

    def recover(self, take_back: TakeBack, shares: Sequence[Share]) -> None:
        """Write that more was recovered, and from which lots."""
        self.save(take_back)
        self._note(take_back.id, shares)

    def save(self, take_back: TakeBack) -> None:
        """Write its new state."""
        self._connection.execute(
            update(take_backs)
            .where(take_backs.c.id == take_back.id)
            .values(recovered_krw=take_back.recovered_krw, returned_at=take_back.returned_at)
        )

    def last_of(self, charge_id: UUID) -> TakeBack | None:
        """The latest of a charge; None when there was none."""
        found = select(take_backs).where(take_backs.c.charge_id == charge_id).order_by(take_backs.c.no.desc()).limit(1)
        row = self._connection.execute(found).one_or_none()
        return None if row is None else _take_back(row)

    def owed_by(self, company_id: UUID) -> Sequence[TakeBack]:
        """Those of which the company still owes something, oldest first."""
        found = (
            select(take_backs)
            .where(
                take_backs.c.company_id == company_id,
                take_backs.c.returned_at.is_(None),
                take_backs.c.recovered_krw < take_backs.c.amount_krw,
            )
            .order_by(take_backs.c.taken_back_at, take_backs.c.id)
        )
        return [_take_back(row) for row in self._connection.execute(found)]

    def shares(self, take_back_id: UUID) -> Sequence[Share]:
        """What was recovered from which lots."""
        found = select(take_back_lots.c.charge_id, take_back_lots.c.amount_krw).where(
            take_back_lots.c.take_back_id == take_back_id
        )
        return [Share(row.charge_id, row.amount_krw) for row in self._connection.execute(found)]

    def _note(self, take_back_id: UUID, shares: Sequence[Share]) -> None:
        for share in shares:
            row = upsert(take_back_lots).values(take_back_id=take_back_id, **asdict(share))
            more = {"amount_krw": take_back_lots.c.amount_krw + row.excluded.amount_krw}
            keys = [take_back_lots.c.take_back_id, take_back_lots.c.charge_id]
            self._connection.execute(row.on_conflict_do_update(index_elements=keys, set_=more))


def _take_back(row: Row[Any]) -> TakeBack:
    return TakeBack(**row._asdict())
