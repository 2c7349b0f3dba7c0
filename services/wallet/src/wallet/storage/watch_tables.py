"""The tables of thresholds and of near orders."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Date, DateTime, Index, Table, Uuid

from wallet.storage.tables import metadata

balance_thresholds = Table(
    "balance_thresholds",
    metadata,
    Column("company_id", Uuid, primary_key=True),
    Column("threshold_krw", BigInteger, nullable=False),
    Column("is_low", Boolean, nullable=False, comment="the master was told, and it is so still"),
    Column("chosen_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("threshold_krw > 0", name="threshold_positive"),
)

near_orders = Table(
    "near_orders",
    metadata,
    Column("plan_id", Uuid, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("company_id", Uuid, nullable=False),
    Column("member_id", Uuid, nullable=False),
    Column("amount_krw", BigInteger, nullable=False),
    Column("cash_like_krw", BigInteger, nullable=False),
    Index(None, "company_id", "day"),
)
