"""Lines of 충전/사용내역: the entries of a company's balance, beside the orders and charges that they belong to."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, and_, select

from wallet.domain.history import ALL_LINES, HistoryFilter, HistoryLine
from wallet.domain.holds import OrderLabel
from wallet.domain.ledger import Account, PostingKind
from wallet.storage.tables import charges, entries, holds, postings


class SqlHistories:
    """`Histories` over the books."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lines(
        self, company_id: UUID, *, before_seq: int | None, rows_max: int, wanted: HistoryFilter = ALL_LINES
    ) -> Sequence[HistoryLine]:
        """Lines of a company's balance that are wanted, newest first, from before a posting on."""
        found = (
            select(entries, postings, charges.c.means, holds.c.order_number, holds.c.order_name, holds.c.order_type)
            .join(postings, and_(postings.c.company_id == entries.c.company_id, postings.c.seq == entries.c.seq))
            .outerjoin(charges, charges.c.id == postings.c.charge_id)
            .outerjoin(holds, holds.c.order_id == postings.c.order_id)
            .where(entries.c.company_id == company_id, entries.c.account == Account.BALANCE.value)
            .order_by(entries.c.seq.desc())
            .limit(rows_max)
        )
        if before_seq is not None:
            found = found.where(entries.c.seq < before_seq)
        if wanted.from_at is not None:
            found = found.where(postings.c.posted_at >= wanted.from_at)
        if wanted.before_at is not None:
            found = found.where(postings.c.posted_at < wanted.before_at)
        if wanted.kinds:
            found = found.where(postings.c.kind.in_(sorted(wanted.kinds)))
        return [
            HistoryLine(
                seq=row.seq,
                at=row.posted_at,
                kind=PostingKind(row.kind),
                amount_krw=row.amount_krw,
                balance_krw=row.balance_after_krw,
                charge_id=row.charge_id,
                means=row.means,
                order_id=row.order_id,
                order=None
                if row.order_number is None
                else OrderLabel(row.order_number, row.order_name, row.order_type),
                refund_id=row.refund_id,
            )
            for row in self._connection.execute(found)
        ]
