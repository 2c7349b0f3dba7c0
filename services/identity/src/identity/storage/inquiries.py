"""Questions of what is open, in PostgreSQL."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from identity.domain.open_affairs import Inquiry, InquiryPurpose, OpenMoney, OpenOrders
from identity.storage.affair_tables import inquiries


class PostgresInquiries:
    """`Inquiries` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, inquiry: Inquiry) -> None:
        """Keep a new one."""
        self._session.execute(
            inquiries.insert().values(
                id=inquiry.id,
                purpose=inquiry.purpose.value,
                company_id=inquiry.company_id,
                member_id=inquiry.member_id,
                concern_id=inquiry.concern_id,
                asked_at=inquiry.asked_at,
            )
        )

    def get(self, inquiry_id: UUID) -> Inquiry | None:
        """The question, for reading."""
        row = self._session.execute(select(inquiries).where(inquiries.c.id == inquiry_id)).one_or_none()
        return None if row is None else _inquiry_of(row)

    def get_for_update(self, inquiry_id: UUID) -> Inquiry | None:
        """The question, locked until the transaction ends."""
        statement = select(inquiries).where(inquiries.c.id == inquiry_id).with_for_update()
        row = self._session.execute(statement).one_or_none()
        return None if row is None else _inquiry_of(row)

    def save(self, inquiry: Inquiry) -> None:
        """Keep an answer."""
        self._session.execute(
            inquiries.update()
            .where(inquiries.c.id == inquiry.id)
            .values(
                orders=None if inquiry.orders is None else asdict(inquiry.orders),
                money=None if inquiry.money is None else asdict(inquiry.money),
                answered_at=inquiry.answered_at,
            )
        )


def _inquiry_of(row: Row[Any]) -> Inquiry:
    return Inquiry(
        id=row.id,
        purpose=InquiryPurpose(row.purpose),
        company_id=row.company_id,
        asked_at=row.asked_at,
        member_id=row.member_id,
        concern_id=row.concern_id,
        orders=None if row.orders is None else OpenOrders(**row.orders),
        money=None if row.money is None else OpenMoney(**row.money),
        answered_at=row.answered_at,
    )
