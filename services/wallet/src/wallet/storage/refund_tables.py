"""The tables of refunds and their files; account data is encrypted."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Table,
    Text,
    Uuid,
    text,
)

from chassis.columns import EncryptedText
from wallet.storage.tables import charge_lots, metadata

refund_files = Table(
    "refund_files",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("company_id", Uuid, nullable=False),
    Column("use", Text, nullable=False, comment="bank_book, proof"),
    Column("file_name", EncryptedText("refund_file.name"), nullable=False),
    Column("content_type", Text, nullable=False),
    Column("store_key", Text, nullable=False, unique=True),
    Column("uploaded_at", DateTime(timezone=True), nullable=False),
    Column("discarded", Boolean, nullable=False, server_default=text("false")),
    Index(None, "uploaded_at"),
)

refunds = Table(
    "refunds",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("company_id", Uuid, nullable=False),
    Column("member_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("amount_krw", BigInteger, nullable=False),
    Column("fee_free_krw", BigInteger, nullable=False),
    Column("fee_krw", BigInteger, nullable=False),
    Column("bank", Text, nullable=False),
    Column("account_number", EncryptedText("refund.account_number"), nullable=False),
    Column("account_holder", EncryptedText("refund.account_holder"), nullable=False),
    Column("bank_book_id", Uuid, ForeignKey(refund_files.c.id), nullable=False),
    Column("proof_id", Uuid, ForeignKey(refund_files.c.id)),
    Column("reason", EncryptedText("refund.reason"), nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("operator_id", Uuid),
    Column("decided_at", DateTime(timezone=True)),
    Column("decision_reason", Text),
    Column("payout_reference", Text),
    Column("paid_on", Date),
    Index(None, "company_id", "id"),
    Index("ix_refunds_state_id", "state", "id"),
    Index(None, "bank_book_id"),
    Index(None, "proof_id"),
    CheckConstraint("0 <= fee_free_krw AND fee_free_krw <= amount_krw", name="fee_free_part"),
    CheckConstraint("0 <= fee_krw AND fee_krw <= amount_krw - fee_free_krw", name="fee_of_the_rest"),
    CheckConstraint("(state = 'completed') = (payout_reference IS NOT NULL)", name="completed_has_payout"),
    CheckConstraint("(state IN ('requested', 'reviewing')) = (decided_at IS NULL)", name="decided_has_time"),
)

refund_lots = Table(
    "refund_lots",
    metadata,
    Column("refund_id", Uuid, ForeignKey(refunds.c.id), primary_key=True),
    Column("charge_id", Uuid, ForeignKey(charge_lots.c.charge_id), primary_key=True),
    Column("amount_krw", BigInteger, nullable=False),
    Index(None, "charge_id"),
    CheckConstraint("amount_krw > 0", name="amount_positive"),
)
