"""What both baselines store: the same facts that the suite stores of an order, without its safety."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, StringConstraints
from sqlalchemy import BigInteger, ForeignKey, Index, create_engine
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.database import database_url


class Recipient(BaseModel):
    """One recipient of an order, as it comes in."""

    phone: Annotated[str, StringConstraints(pattern=r"^01[0-9]{8,9}$")]
    name: Annotated[str, StringConstraints(max_length=10)]
    company: Annotated[str, StringConstraints(max_length=20)]


class Body(BaseModel):
    """An order as it comes in."""

    send_title: Annotated[str, StringConstraints(max_length=16)]
    recipients: list[Recipient]


class Base(DeclarativeBase):
    """The tables of the baselines."""


class Wallet(Base):
    """A company's money."""

    __tablename__ = "wallets"

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    balance_krw: Mapped[int] = mapped_column(BigInteger)
    held_krw: Mapped[int] = mapped_column(BigInteger, default=0)


class Entry(Base):
    """One side of a movement; the sum over an order is zero."""

    __tablename__ = "entries"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(index=True)
    account: Mapped[str]
    amount_krw: Mapped[int] = mapped_column(BigInteger)


class Order(Base):
    """An order and how far it is."""

    __tablename__ = "orders"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("wallets.company_id"))
    state: Mapped[str]
    recipients: Mapped[int]
    amount_krw: Mapped[int] = mapped_column(BigInteger)
    handed_over: Mapped[int] = mapped_column(default=0)


class Line(Base):
    """A recipient."""

    __tablename__ = "lines"
    __table_args__ = (Index("lines_of_order", "order_id", "line_no"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    line_no: Mapped[int]
    phone: Mapped[str]
    name: Mapped[str]
    company: Mapped[str]


class Coupon(Base):
    """A coupon that the supplier issued."""

    __tablename__ = "coupons"

    line_id: Mapped[UUID] = mapped_column(ForeignKey("lines.id"), primary_key=True)
    order_id: Mapped[UUID] = mapped_column(index=True)
    tr_id: Mapped[str] = mapped_column(unique=True)
    number: Mapped[str]
    issued_at: Mapped[datetime]


class Message(Base):
    """A message that the provider took."""

    __tablename__ = "messages"

    line_id: Mapped[UUID] = mapped_column(ForeignKey("lines.id"), primary_key=True)
    order_id: Mapped[UUID] = mapped_column(index=True)
    phone: Mapped[str]
    text: Mapped[str]
    link: Mapped[str]
    state: Mapped[str]


def engine_for(url: str) -> Engine:
    """An engine with the suite's own driver."""
    return create_engine(database_url(url), pool_size=4)
