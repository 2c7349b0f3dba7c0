"""Charge lots. Every method that moves money between them runs under a posting of the company, so none races."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, insert, select, text

from wallet.domain.lots import DatedRoom, Lot, Share
from wallet.storage.tables import charge_lots, hold_lots

_SHARES = "unnest(CAST(:charge_ids AS uuid[]), CAST(:amounts AS bigint[])) AS share (charge_id, amount_krw)"

_SET_ASIDE = text(f"""
    UPDATE charge_lots SET free_krw = free_krw - share.amount_krw, held_krw = held_krw + share.amount_krw
    FROM {_SHARES} WHERE charge_lots.charge_id = share.charge_id
""")  # noqa: S608

_TAKE_OUT = text(f"""
    UPDATE charge_lots SET free_krw = free_krw - share.amount_krw, paid_back_krw = paid_back_krw + share.amount_krw
    FROM {_SHARES} WHERE charge_lots.charge_id = share.charge_id
""")  # noqa: S608

_PUT_BACK = text(f"""
    UPDATE charge_lots SET free_krw = free_krw + share.amount_krw, paid_back_krw = paid_back_krw - share.amount_krw
    FROM {_SHARES} WHERE charge_lots.charge_id = share.charge_id
""")  # noqa: S608


class SqlLots:
    """`Lots` over the tables of lots and of the holds' shares in them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, lot: Lot) -> None:
        """Keep a newly credited charge as a lot."""
        self._connection.execute(
            insert(charge_lots).values(
                charge_id=lot.charge_id,
                company_id=lot.company_id,
                credited_at=lot.credited_at,
                amount_krw=lot.amount_krw,
                free_krw=lot.free_krw,
                held_krw=lot.held_krw,
                spent_krw=lot.spent_krw,
                paid_back_krw=lot.paid_back_krw,
            )
        )

    def free(self, company_id: UUID) -> Sequence[DatedRoom]:
        """What is left of the company's lots, oldest first."""
        rows = self._connection.execute(
            select(charge_lots.c.charge_id, charge_lots.c.free_krw, charge_lots.c.credited_at)
            .where(charge_lots.c.company_id == company_id, charge_lots.c.free_krw > 0)
            .order_by(charge_lots.c.credited_at, charge_lots.c.charge_id)
        )
        return [DatedRoom(row.charge_id, row.free_krw, row.credited_at) for row in rows]

    def hold(self, hold_id: UUID, shares: Sequence[Share]) -> None:
        """Set shares of free lots aside for a new hold."""
        self._connection.execute(_SET_ASIDE, _columns(shares))
        self._connection.execute(
            insert(hold_lots),
            [
                {
                    "hold_id": hold_id,
                    "charge_id": share.charge_id,
                    "amount_krw": share.amount_krw,
                    "open_krw": share.amount_krw,
                    "spent_krw": 0,
                    "returned_krw": 0,
                }
                for share in shares
            ],
        )

    def of_charge(self, charge_id: UUID) -> Lot | None:
        """The lot of a charge; None when it was never credited."""
        row = self._connection.execute(select(charge_lots).where(charge_lots.c.charge_id == charge_id)).one_or_none()
        return None if row is None else Lot(**row._asdict())

    def take_out(self, shares: Sequence[Share]) -> None:
        """Turn free shares into ones that are paid back."""
        self._connection.execute(_TAKE_OUT, _columns(shares))

    def put_back(self, shares: Sequence[Share]) -> None:
        """Turn shares that were to be paid back into free again."""
        self._connection.execute(_PUT_BACK, _columns(shares))


def _columns(shares: Sequence[Share]) -> dict[str, list[object]]:
    return {
        "charge_ids": [share.charge_id for share in shares],
        "amounts": [share.amount_krw for share in shares],
    }
