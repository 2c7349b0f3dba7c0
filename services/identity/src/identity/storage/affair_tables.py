"""Tables of withdrawals, of changes of payment, and of what ordering and wallet were asked for them."""

from sqlalchemy import BigInteger, Column, Date, DateTime, ForeignKey, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from identity.storage.tables import metadata

_Time = DateTime(timezone=True)

inquiries = Table(
    "inquiries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("company_id", Uuid, ForeignKey("companies.id"), nullable=False),
    Column("member_id", Uuid, ForeignKey("members.id")),
    Column("concern_id", Uuid),
    Column("asked_at", _Time, nullable=False),
    Column("orders", JSONB(none_as_null=True)),
    Column("money", JSONB(none_as_null=True)),
    Column("answered_at", _Time),
    Index(None, "asked_at"),
)

withdrawals = Table(
    "withdrawals",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("company_id", Uuid, ForeignKey("companies.id"), nullable=False),
    Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
    Column("requested_by", Uuid, nullable=False),
    Column("requested_at", _Time, nullable=False),
    Column("inquiry_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("hindrances", JSONB, nullable=False),
    Column("decided_by", Uuid),
    Column("reason", Text),
    Column("closed_at", _Time),
    Index(
        "uq_withdrawals_open",
        "member_id",
        unique=True,
        postgresql_where=text("state IN ('checking', 'waiting', 'approving')"),
    ),
    Index("ix_withdrawals_state_id", "state", "id"),
    Index("ix_withdrawals_member_id_id", "member_id", "id"),
)

withdrawal_files = Table(
    "withdrawal_files",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("company_id", Uuid, ForeignKey("companies.id"), nullable=False),
    Column("withdrawal_id", Uuid, ForeignKey("withdrawals.id")),
    Column("file_key", Text, nullable=False, unique=True),
    Column("file_name", Text, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("uploaded_at", _Time, nullable=False),
    Index("ix_withdrawal_files_withdrawal_id_id", "withdrawal_id", "id"),
    Index("ix_withdrawal_files_stray", "uploaded_at", postgresql_where=text("withdrawal_id IS NULL")),
)

payment_changes = Table(
    "payment_changes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("company_id", Uuid, ForeignKey("companies.id"), nullable=False),
    Column("payment_method", Text, nullable=False),
    Column("contract_limit_krw", BigInteger),
    Column("contract_starts_on", Date),
    Column("billing_name", Text),
    Column("billing_email", Text),
    Column("requested_by", Uuid, nullable=False),
    Column("requested_at", _Time, nullable=False),
    Column("reason", Text, nullable=False),
    Column("inquiry_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("hindrances", JSONB, nullable=False),
    Column("closed_at", _Time),
    Index("uq_payment_changes_open", "company_id", unique=True, postgresql_where=text("state = 'checking'")),
    Index("ix_payment_changes_company_id_id", "company_id", "id"),
)
