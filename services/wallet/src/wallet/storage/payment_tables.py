"""The tables of deposits that were taken back, of differences to the provider's record, and of the daily checks."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from wallet.storage.tables import charge_lots, charges, metadata

take_backs = Table(
    "take_backs",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("charge_id", Uuid, ForeignKey(charges.c.id), nullable=False),
    Column("company_id", Uuid, nullable=False),
    Column("no", Integer, nullable=False),
    Column("amount_krw", BigInteger, nullable=False),
    Column("recovered_krw", BigInteger, nullable=False),
    Column("taken_back_at", DateTime(timezone=True), nullable=False),
    Column("returned_at", DateTime(timezone=True)),
    UniqueConstraint("charge_id", "no"),
    Index("ix_take_backs_open", "company_id", postgresql_where=text("returned_at IS NULL")),
    CheckConstraint("0 <= recovered_krw AND recovered_krw <= amount_krw", name="recovered_within_amount"),
)

take_back_lots = Table(
    "take_back_lots",
    metadata,
    Column("take_back_id", Uuid, ForeignKey(take_backs.c.id), primary_key=True),
    Column("charge_id", Uuid, ForeignKey(charge_lots.c.charge_id), primary_key=True),
    Column("amount_krw", BigInteger, nullable=False),
    CheckConstraint("amount_krw > 0", name="amount_positive"),
)

payment_differences = Table(
    "payment_differences",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("key", Text, nullable=False, unique=True, comment="what is found again is the same difference"),
    Column("kind", Text, nullable=False),
    Column("found_at", DateTime(timezone=True), nullable=False),
    Column("provider_order_id", Text, nullable=False),
    Column("charge_id", Uuid),
    Column("company_id", Uuid),
    Column("our_krw", BigInteger),
    Column("provider_krw", BigInteger),
    Column("resolved_at", DateTime(timezone=True)),
    Column("resolved_by", Uuid),
    Column("reason", Text),
    Index("ix_payment_differences_open", "id", postgresql_where=text("resolved_at IS NULL")),
    CheckConstraint(
        "(resolved_at IS NULL) = (resolved_by IS NULL) AND (resolved_at IS NULL) = (reason IS NULL)",
        name="resolved_by_somebody",
    ),
)

daily_checks = Table(
    "daily_checks",
    metadata,
    Column("kind", Text, primary_key=True, comment="proof, reconciliation"),
    Column("day", Date, primary_key=True, comment="of Seoul; a reconciliation is of the day before its own"),
    Column("state", Text, nullable=False, comment="open, done"),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("lease_ends_at", DateTime(timezone=True), comment="the database's own clock"),
    Column("next_try_at", DateTime(timezone=True), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("done_at", DateTime(timezone=True)),
    Column("found", Integer, comment="how many things were wrong; empty before it is done"),
    Column("result", JSONB),
    Index("ix_daily_checks_due", "next_try_at", postgresql_where=text("state = 'open'")),
    CheckConstraint("(state = 'done') = (done_at IS NOT NULL AND found IS NOT NULL)", name="done_has_result"),
)
