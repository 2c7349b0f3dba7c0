"""The list of sub-members, and the figures in it, in PostgreSQL (IDN-26)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Result,
    Row,
    Select,
    Table,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from identity.application.sub_member_list import MonthlyLimit, SubMemberLine, SubMemberQuery, SubMemberSort
from identity.domain.member import MemberRole
from identity.domain.member_states import MemberState
from identity.domain.order_figure import OrderFigure
from identity.storage.tables import (
    invitations,
    member_figures,
    member_limits,
    member_months,
    members,
    order_figures,
)

_NO_SUM = -1
"""Sorts what has no figure below what has one."""
_NO_END = 2**63 - 1
"""Sorts what is unlimited above every limit."""


class PostgresSubMembers:
    """`SubMembers` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def page(self, query: SubMemberQuery, rows_max: int) -> Sequence[SubMemberLine]:
        """Ids and sort values first, over members and invitations together; the page's rows after that."""
        both = union_all(_members_of(query), _invitations_of(query)).subquery()
        key: ColumnElement[Any] = {
            SubMemberSort.NAME: both.c.name,
            SubMemberSort.EMAIL: both.c.email,
            SubMemberSort.STATE: both.c.state,
            SubMemberSort.ORDERED_KRW: func.coalesce(both.c.ordered_krw, _NO_SUM),
            SubMemberSort.LIMIT_KRW: func.coalesce(both.c.limit_krw, _NO_SUM),
            SubMemberSort.LEFT_KRW: func.coalesce(both.c.left_krw, _NO_SUM),
            SubMemberSort.ENTERED_AT: func.trunc(func.extract("epoch", both.c.entered_at) * 1_000_000).cast(BigInteger),
        }[query.sort]
        if query.sort in (SubMemberSort.NAME, SubMemberSort.EMAIL, SubMemberSort.STATE):
            # Bytes compare alike on every machine, so that a cursor never depends on a locale.
            key = key.collate("C")
        shown = (both.c.id, both.c.state, both.c.ordered_krw, both.c.limit_krw, both.c.used_krw, both.c.entered_at)
        statement = select(*shown, key.label("sort_value"))
        if query.after is not None:
            here, there = tuple_(key, both.c.id), tuple_(literal(query.after[0]), literal(query.after[1]))
            statement = statement.where(here < there if query.descending else here > there)
        order = (key.desc(), both.c.id.desc()) if query.descending else (key, both.c.id)
        found: Result[Any] = self._session.execute(statement.order_by(*order).limit(rows_max))
        rows = found.all()
        people = {**self._people(members, rows), **self._people(invitations, rows)}
        return [_line(row, people[row.id]) for row in rows]

    def _people(self, table: Table, rows: Sequence[Row[Any]]) -> dict[UUID, Row[Any]]:
        ids = [row.id for row in rows]
        found: Result[Any] = self._session.execute(
            select(table.c.id, table.c.email, table.c.name, table.c.phone).where(table.c.id.in_(ids))
        )
        return {row.id: row for row in found}


def _members_of(query: SubMemberQuery) -> Select[Any]:
    states = query.states or frozenset(MemberState) - {MemberState.WITHDRAWN}
    in_month = and_(member_months.c.member_id == members.c.id, member_months.c.month == query.month)
    given = member_limits.c.member_id.is_not(None)
    limit_krw = case((given, func.coalesce(member_limits.c.limit_krw, _NO_END)), else_=cast(null(), BigInteger))
    used_krw = func.coalesce(member_months.c.used_krw, 0)
    return _found(
        select(
            members.c.id,
            members.c.email,
            members.c.name,
            members.c.state,
            func.coalesce(member_figures.c.ordered_krw, 0).label("ordered_krw"),
            limit_krw.label("limit_krw"),
            used_krw.label("used_krw"),
            case((limit_krw == _NO_END, limit_krw), else_=func.greatest(limit_krw - used_krw, 0)).label("left_krw"),
            members.c.joined_at.label("entered_at"),
        )
        .outerjoin(member_figures, member_figures.c.member_id == members.c.id)
        .outerjoin(member_limits, member_limits.c.member_id == members.c.id)
        .outerjoin(member_months, in_month)
        .where(
            members.c.company_id == query.company_id,
            members.c.role == MemberRole.SUB.value,
            members.c.state.in_([state.value for state in states]),
        ),
        members,
        query.text,
    )


def _invitations_of(query: SubMemberQuery) -> Select[Any]:
    wanted = not query.states or MemberState.PENDING in query.states
    return _found(
        select(
            invitations.c.id,
            invitations.c.email,
            invitations.c.name,
            literal(MemberState.PENDING.value).label("state"),
            *(cast(null(), BigInteger).label(name) for name in ("ordered_krw", "limit_krw", "used_krw", "left_krw")),
            invitations.c.sent_at.label("entered_at"),
        ).where(invitations.c.company_id == query.company_id, literal(wanted)),
        invitations,
        query.text,
    )


def _found(statement: Select[Any], table: Table, text: str) -> Select[Any]:
    if not text:
        return statement
    matches = (column.icontains(text, autoescape=True) for column in (table.c.email, table.c.name))
    return statement.where(or_(*matches))


def _line(row: Row[Any], person: Row[Any]) -> SubMemberLine:
    return SubMemberLine(
        id=row.id,
        state=MemberState(row.state),
        email=person.email,
        name=person.name,
        phone=person.phone,
        entered_at=row.entered_at,
        ordered_krw=row.ordered_krw,
        monthly_limit=None if row.limit_krw is None else _monthly_limit(row),
        sort_value=row.sort_value,
    )


def _monthly_limit(row: Row[Any]) -> MonthlyLimit:
    return MonthlyLimit(None if row.limit_krw == _NO_END else row.limit_krw, row.used_krw)


class PostgresOrderFigures:
    """`OrderFigures` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get_for_update(self, order_id: UUID) -> OrderFigure:
        """The order's sums, locked; the first word of an order makes the row that is locked."""
        empty = insert(order_figures).values(order_id=order_id, placed_krw=0, returned_krw=0, rejected=False)
        self._session.execute(empty.on_conflict_do_nothing())
        row = self._session.execute(
            select(order_figures).where(order_figures.c.order_id == order_id).with_for_update()
        ).one()
        return OrderFigure(row.order_id, row.member_id, row.month, row.placed_krw, row.returned_krw, row.rejected)

    def save(self, figure: OrderFigure) -> None:
        """Keep a change."""
        self._session.execute(
            order_figures.update()
            .where(order_figures.c.order_id == figure.order_id)
            .values(
                member_id=figure.member_id,
                month=figure.month,
                placed_krw=figure.placed_krw,
                returned_krw=figure.returned_krw,
                rejected=figure.is_rejected,
            )
        )

    def add_to_member(self, member_id: UUID, month: str, amount_krw: int) -> None:
        """Add to (or, when negative, take from) the member's sum, and what is used of the month."""
        row = insert(member_figures).values(member_id=member_id, ordered_krw=amount_krw)
        added = member_figures.c.ordered_krw + row.excluded.ordered_krw
        self._session.execute(
            row.on_conflict_do_update(index_elements=[member_figures.c.member_id], set_={"ordered_krw": added})
        )
        used = insert(member_months).values(member_id=member_id, month=month, used_krw=amount_krw)
        more = member_months.c.used_krw + used.excluded.used_krw
        keys = [member_months.c.member_id, member_months.c.month]
        self._session.execute(used.on_conflict_do_update(index_elements=keys, set_={"used_krw": more}))

    def keep_limit(self, member_id: UUID, version: int, limit_krw: int | None) -> None:
        """The member's monthly limit, unless a newer version is known; None is unlimited."""
        row = insert(member_limits).values(member_id=member_id, version=version, limit_krw=limit_krw)
        newer = {name: row.excluded[name] for name in ("version", "limit_krw")}
        self._session.execute(
            row.on_conflict_do_update(
                index_elements=[member_limits.c.member_id],
                set_=newer,
                where=member_limits.c.version < row.excluded.version,
            )
        )
