"""Refunds: their accounts in the books, their requests, and their files."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NEW_ACCOUNTS = ("paybacks", "paid_out", "fees")


def upgrade() -> None:
    _extend_copies()
    _extend_books()
    _create_files()
    _create_refunds()


def _extend_copies() -> None:
    op.add_column("companies", sa.Column("name", sa.Text, nullable=False, server_default=""))
    op.add_column("companies", sa.Column("representative_name", sa.Text, nullable=False, server_default=""))
    op.add_column(
        "members", sa.Column("email_key_id", sa.Text, comment="sealed as it came: this service cannot open it")
    )
    op.add_column("members", sa.Column("email_ciphertext", sa.Text))


def _extend_books() -> None:
    op.add_column("postings", sa.Column("refund_id", sa.Uuid))
    op.execute(
        sa.text("""
            INSERT INTO accounts (company_id, account, balance_krw)
            SELECT company_id, account, 0 FROM ledger_heads CROSS JOIN unnest(CAST(:accounts AS text[])) AS account
        """).bindparams(accounts=list(NEW_ACCOUNTS))
    )
    op.add_column("charge_lots", sa.Column("paid_back_krw", sa.BigInteger, nullable=False, server_default="0"))
    op.drop_constraint("ck_charge_lots_adds_up", "charge_lots")
    op.drop_constraint("ck_charge_lots_not_negative", "charge_lots")
    op.create_check_constraint(
        "ck_charge_lots_adds_up", "charge_lots", "amount_krw = free_krw + held_krw + spent_krw + paid_back_krw"
    )
    op.create_check_constraint(
        "ck_charge_lots_not_negative", "charge_lots", "least(free_krw, held_krw, spent_krw, paid_back_krw) >= 0"
    )


def _create_files() -> None:
    op.create_table(
        "refund_files",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("company_id", sa.Uuid, nullable=False),
        sa.Column("use", sa.Text, nullable=False, comment="bank_book, proof"),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("content_type", sa.Text, nullable=False),
        sa.Column("store_key", sa.Text, nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("discarded", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.PrimaryKeyConstraint("id", name="pk_refund_files"),
        sa.UniqueConstraint("store_key", name="uq_refund_files_store_key"),
    )
    op.create_index("ix_refund_files_uploaded_at", "refund_files", ["uploaded_at"])


def _create_refunds() -> None:
    op.create_table(
        "refunds",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("company_id", sa.Uuid, nullable=False),
        sa.Column("member_id", sa.Uuid, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("amount_krw", sa.BigInteger, nullable=False),
        sa.Column("fee_free_krw", sa.BigInteger, nullable=False),
        sa.Column("fee_krw", sa.BigInteger, nullable=False),
        sa.Column("bank", sa.Text, nullable=False),
        sa.Column("account_number", sa.Text, nullable=False),
        sa.Column("account_holder", sa.Text, nullable=False),
        sa.Column("bank_book_id", sa.Uuid, nullable=False),
        sa.Column("proof_id", sa.Uuid),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operator_id", sa.Uuid),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decision_reason", sa.Text),
        sa.Column("payout_reference", sa.Text),
        sa.Column("paid_on", sa.Date),
        sa.PrimaryKeyConstraint("id", name="pk_refunds"),
        sa.ForeignKeyConstraint(["bank_book_id"], ["refund_files.id"], name="fk_refunds_bank_book_id"),
        sa.ForeignKeyConstraint(["proof_id"], ["refund_files.id"], name="fk_refunds_proof_id"),
        sa.CheckConstraint("0 <= fee_free_krw AND fee_free_krw <= amount_krw", name="ck_refunds_fee_free_part"),
        sa.CheckConstraint("0 <= fee_krw AND fee_krw <= amount_krw - fee_free_krw", name="ck_refunds_fee_of_the_rest"),
        sa.CheckConstraint(
            "(state = 'completed') = (payout_reference IS NOT NULL)", name="ck_refunds_completed_has_payout"
        ),
        sa.CheckConstraint(
            "(state IN ('requested', 'reviewing')) = (decided_at IS NULL)", name="ck_refunds_decided_has_time"
        ),
    )
    op.create_index("ix_refunds_company_id_id", "refunds", ["company_id", "id"])
    op.create_index("ix_refunds_state_id", "refunds", ["state", "id"])
    op.create_index("ix_refunds_bank_book_id", "refunds", ["bank_book_id"])
    op.create_index("ix_refunds_proof_id", "refunds", ["proof_id"])
    op.create_table(
        "refund_lots",
        sa.Column("refund_id", sa.Uuid, nullable=False),
        sa.Column("charge_id", sa.Uuid, nullable=False),
        sa.Column("amount_krw", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("refund_id", "charge_id", name="pk_refund_lots"),
        sa.ForeignKeyConstraint(["refund_id"], ["refunds.id"], name="fk_refund_lots_refund_id"),
        sa.ForeignKeyConstraint(["charge_id"], ["charge_lots.charge_id"], name="fk_refund_lots_charge_id"),
        sa.CheckConstraint("amount_krw > 0", name="ck_refund_lots_amount_positive"),
    )
    op.create_index("ix_refund_lots_charge_id", "refund_lots", ["charge_id"])
