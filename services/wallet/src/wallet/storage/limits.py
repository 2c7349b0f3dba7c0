"""월 구매한도 of sub-members."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, and_, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from contracts.wallet import LimitSet
from wallet.domain.funds import MonthlyLimit, UseScope
from wallet.domain.limits import SpendingLimit, SubMemberLimit
from wallet.storage.tables import members, monthly_uses, spending_limits

SUB = "sub"
GONE = "withdrawn"
REPUBLISH_BATCH_ROWS = 500

_OF_SUB_MEMBERS = and_(members.c.role == SUB, members.c.state != GONE)


class SqlSpendingLimits:
    """`SpendingLimits` over their table and the copy of members."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def set(self, company_id: UUID, member_id: UUID, limit_krw: int | None, at: datetime) -> SpendingLimit:
        """Keep a new limit, under the next version."""
        row = insert(spending_limits).values(
            member_id=member_id, company_id=company_id, limit_krw=limit_krw, version=1, set_at=at
        )
        changed = row.on_conflict_do_update(
            index_elements=[spending_limits.c.member_id],
            set_={
                "company_id": company_id,
                "limit_krw": limit_krw,
                "version": spending_limits.c.version + 1,
                "set_at": at,
            },
        )
        version = self._connection.scalar(changed.returning(spending_limits.c.version))
        return SpendingLimit(member_id, company_id, version or 1, limit_krw)

    def committed(self, company_id: UUID) -> tuple[int, int]:
        """The sum of the limits of a company's sub-members, and how many of them have no limit."""
        row = self._connection.execute(
            select(
                func.coalesce(func.sum(spending_limits.c.limit_krw), 0).label("committed"),
                func.count().filter(spending_limits.c.limit_krw.is_(None)).label("unlimited"),
            )
            .select_from(spending_limits.join(members, members.c.id == spending_limits.c.member_id))
            .where(spending_limits.c.company_id == company_id, _OF_SUB_MEMBERS)
        ).one()
        return int(row.committed), row.unlimited

    def page(self, company_id: UUID, month: str, *, after_id: UUID | None, rows_max: int) -> Sequence[SubMemberLimit]:
        """A company's sub-members with limit and use of a Seoul month, in order of id, from after one on."""
        used_in_month = and_(
            monthly_uses.c.subject_id == members.c.id,
            monthly_uses.c.scope == UseScope.SPENDING.value,
            monthly_uses.c.month == month,
        )
        found = (
            select(
                members.c.id,
                members.c.name,
                members.c.state,
                spending_limits.c.member_id.label("given_to"),
                spending_limits.c.limit_krw,
                func.coalesce(monthly_uses.c.used_krw, 0).label("used_krw"),
            )
            .outerjoin(spending_limits, spending_limits.c.member_id == members.c.id)
            .outerjoin(monthly_uses, used_in_month)
            .where(members.c.company_id == company_id, _OF_SUB_MEMBERS)
            .order_by(members.c.id)
            .limit(rows_max)
        )
        if after_id is not None:
            found = found.where(members.c.id > after_id)
        return [
            SubMemberLimit(
                member_id=row.id,
                name=row.name,
                state=row.state,
                limit=None if row.given_to is None else MonthlyLimit(row.limit_krw, row.used_krw),
            )
            for row in self._connection.execute(found)
        ]


def limit_batches(session: Session) -> Iterator[Sequence[LimitSet]]:
    """The present limit of every sub-member that was given one, in bounded batches."""
    last: UUID | None = None
    while True:
        found = select(spending_limits).order_by(spending_limits.c.member_id).limit(REPUBLISH_BATCH_ROWS)
        if last is not None:
            found = found.where(spending_limits.c.member_id > last)
        rows = session.execute(found).all()
        if not rows:
            return
        yield [
            LimitSet(member_id=row.member_id, company_id=row.company_id, version=row.version, limit_krw=row.limit_krw)
            for row in rows
        ]
        last = rows[-1].member_id
