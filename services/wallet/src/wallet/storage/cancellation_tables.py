"""The tables of charges' cancellations, and of the attempts to have the provider send the money back."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from wallet.storage.tables import charges, metadata

charge_cancellations = Table(
    "charge_cancellations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("charge_id", Uuid, ForeignKey(charges.c.id), nullable=False),
    Column("company_id", Uuid, nullable=False),
    Column("no", Integer, nullable=False),
    Column("amount_krw", BigInteger, nullable=False),
    Column("fee_krw", BigInteger, nullable=False),
    Column("state", Text, nullable=False, comment="open, done, refused"),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("refusal_code", Text),
    UniqueConstraint("charge_id", "no"),
    Index(
        "uq_charge_cancellations_once",
        "charge_id",
        unique=True,
        postgresql_where=text("state IN ('open', 'done')"),
    ),
    Index(None, "company_id"),
    CheckConstraint("0 <= fee_krw AND fee_krw < amount_krw", name="fee_leaves_something"),
    CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended_has_time"),
)

cancellation_attempts = Table(
    "cancellation_attempts",
    metadata,
    Column("cancellation_id", Uuid, ForeignKey(charge_cancellations.c.id), primary_key=True),
    Column("idempotency_key", Text, nullable=False, unique=True, comment="ours at the provider, for ever"),
    Column("state", Text, nullable=False, comment="open, settled, operator"),
    Column("tries", SmallInteger, nullable=False),
    Column("owner", Uuid),
    Column("lease_ends_at", DateTime(timezone=True), nullable=False, comment="the database's own clock"),
    Column("next_try_at", DateTime(timezone=True), nullable=False),
    Column("note", Text),
    Index("ix_cancellation_attempts_due", "next_try_at", postgresql_where=text("state = 'open'")),
)
