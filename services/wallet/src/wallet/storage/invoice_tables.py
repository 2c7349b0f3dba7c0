"""The tables of months of issue, revocations and invoices."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
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

from wallet.storage.tables import metadata

captures = Table(
    "captures",
    metadata,
    Column("order_id", Uuid, primary_key=True),
    Column("chunk_no", Integer, primary_key=True),
    Column("wave", Integer, primary_key=True),
    Column("company_id", Uuid, nullable=False),
    Column("month", Text, nullable=False, comment="of issue, YYYY-MM in Seoul"),
    Column("coupons", Integer, nullable=False),
    Column("amount_krw", BigInteger, nullable=False),
    Column("issued_at", DateTime(timezone=True), nullable=False),
    Index(None, "company_id", "month"),
)

issuing_months = Table(
    "issuing_months",
    metadata,
    Column("company_id", Uuid, primary_key=True),
    Column("month", Text, primary_key=True, comment="YYYY-MM in Seoul"),
    Column("state", Text, nullable=False, comment="waiting, invoiced, empty, destroyed"),
    Column("coupons", Integer, nullable=False, comment="as ordering counted them"),
    Column("amount_krw", BigInteger, nullable=False),
    Column("closed_at", DateTime(timezone=True), nullable=False),
    Column("settled_at", DateTime(timezone=True)),
    Column("invoice_id", Uuid),
    Column("late_coupons", Integer, nullable=False, server_default="0", comment="captured after it was settled"),
    Column("late_krw", BigInteger, nullable=False, server_default="0"),
    CheckConstraint("(state = 'waiting') = (settled_at IS NULL)", name="settled_has_time"),
    Index(
        "ix_issuing_months_unsettled",
        "month",
        "company_id",
        postgresql_where=text("state = 'waiting' OR late_coupons > 0"),
    ),
)

revocations = Table(
    "revocations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False),
    Column("company_id", Uuid, nullable=False),
    Column("repaid", Boolean, nullable=False),
    Column("coupons", Integer, nullable=False),
    Column("amount_krw", BigInteger, nullable=False),
    Column("cash_like_krw", BigInteger, nullable=False),
    Column("revoked_at", DateTime(timezone=True), nullable=False),
    Index(None, "order_id"),
)

revoked_months = Table(
    "revoked_months",
    metadata,
    Column("revocation_id", Uuid, ForeignKey(revocations.c.id), primary_key=True),
    Column("month", Text, primary_key=True, comment="of issue, YYYY-MM in Seoul"),
    Column("company_id", Uuid, nullable=False),
    Column("order_id", Uuid, nullable=False),
    Column("coupons", Integer, nullable=False),
    Column("amount_krw", BigInteger, nullable=False),
    Column("reduces", Boolean, nullable=False, comment="revoked before the month was invoiced: out of its invoice"),
    Index("ix_revoked_months_reducing", "company_id", "month", postgresql_where=text("reduces")),
    Index(None, "order_id", "month"),
)

invoice_numbers = Table(
    "invoice_numbers",
    metadata,
    Column("prefix", Text, primary_key=True),
    Column("last_number", Integer, nullable=False),
)

invoices = Table(
    "invoices",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("company_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False, unique=True),
    Column("month", Text, nullable=False, comment="of issue, YYYY-MM in Seoul"),
    Column("coupons", Integer, nullable=False),
    Column("settled_krw", BigInteger, nullable=False),
    Column("carried_krw", BigInteger, nullable=False),
    Column("revision", SmallInteger, nullable=False),
    Column("issued_at", DateTime(timezone=True), nullable=False),
    Column("issued_on", Date, nullable=False, comment="the Seoul day: kept for years from it"),
    Column("paid_on", Date),
    UniqueConstraint("company_id", "month"),
    Index(None, "issued_on"),
    CheckConstraint("0 <= carried_krw AND carried_krw <= settled_krw", name="billed_not_negative"),
)

invoice_orders = Table(
    "invoice_orders",
    metadata,
    Column("invoice_id", Uuid, ForeignKey(invoices.c.id, ondelete="CASCADE"), primary_key=True),
    Column("no", Integer, primary_key=True),
    Column("order_id", Uuid, nullable=False),
    Column("order_number", Text, nullable=False),
    Column("order_name", Text, nullable=False),
    Column("placed_at", DateTime(timezone=True), nullable=False),
    Column("ordered_krw", BigInteger, nullable=False),
    Column("ordered_coupons", Integer, nullable=False),
    Column("settled_krw", BigInteger, nullable=False),
    Column("settled_coupons", Integer, nullable=False),
)

carry_overs = Table(
    "carry_overs",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("company_id", Uuid, nullable=False),
    Column("amount_krw", BigInteger, nullable=False),
    Column("left_krw", BigInteger, nullable=False, comment="goes to the next invoice"),
    Column("reason", Text, nullable=False),
    Column("entered_at", DateTime(timezone=True), nullable=False),
    Column("operator_id", Uuid, comment="empty: coupons were revoked"),
    Column("revocation_id", Uuid),
    Index("ix_carry_overs_waiting", "company_id", "id", postgresql_where=text("left_krw > 0")),
    CheckConstraint("amount_krw > 0 AND 0 <= left_krw AND left_krw <= amount_krw", name="left_of_amount"),
)

carry_over_parts = Table(
    "carry_over_parts",
    metadata,
    Column("carry_over_id", Uuid, ForeignKey(carry_overs.c.id), primary_key=True),
    Column("invoice_id", Uuid, ForeignKey(invoices.c.id, ondelete="CASCADE"), primary_key=True),
    Column("amount_krw", BigInteger, nullable=False),
    Index(None, "invoice_id"),
    CheckConstraint("amount_krw > 0", name="amount_positive"),
)
