"""Withdrawals, changes of payment, and the questions that they wait for; months and limits (IDN-20, IDN-26, IDN-28)"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    _add_inquiries()
    _add_withdrawals()
    _add_payment_changes()
    op.add_column(
        "order_figures", sa.Column("month", sa.Text(), nullable=True, comment="of its placing, in Seoul: YYYY-MM")
    )
    op.create_table(
        "member_months",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("used_krw", sa.BigInteger(), nullable=False, comment="of orders placed in the month, less returned"),
        sa.PrimaryKeyConstraint("member_id", "month", name=op.f("pk_member_months")),
    )
    op.create_table(
        "member_limits",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "limit_krw", sa.BigInteger(), nullable=True, comment="a Seoul month, as wallet said it; null is unlimited"
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_member_limits")),
    )


def _add_inquiries() -> None:
    op.create_table(
        "inquiries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("concern_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", _Time, nullable=False),
        sa.Column("orders", postgresql.JSONB(), nullable=True),
        sa.Column("money", postgresql.JSONB(), nullable=True),
        sa.Column("answered_at", _Time, nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_inquiries_company_id_companies")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_inquiries_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiries")),
    )
    op.create_index(op.f("ix_inquiries_asked_at"), "inquiries", ["asked_at"], unique=False)


def _add_withdrawals() -> None:
    op.create_table(
        "withdrawals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", _Time, nullable=False),
        sa.Column("inquiry_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("hindrances", postgresql.JSONB(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("closed_at", _Time, nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_withdrawals_company_id_companies")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_withdrawals_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawals")),
    )
    op.create_index(
        "uq_withdrawals_open",
        "withdrawals",
        ["member_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('checking', 'waiting', 'approving')"),
    )
    op.create_index("ix_withdrawals_state_id", "withdrawals", ["state", "id"], unique=False)
    op.create_index("ix_withdrawals_member_id_id", "withdrawals", ["member_id", "id"], unique=False)
    op.create_table(
        "withdrawal_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("withdrawal_id", sa.Uuid(), nullable=True),
        sa.Column("file_key", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", _Time, nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_withdrawal_files_company_id_companies")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawal_id"], ["withdrawals.id"], name=op.f("fk_withdrawal_files_withdrawal_id_withdrawals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal_files")),
        sa.UniqueConstraint("file_key", name=op.f("uq_withdrawal_files_file_key")),
    )
    op.create_index("ix_withdrawal_files_withdrawal_id_id", "withdrawal_files", ["withdrawal_id", "id"], unique=False)
    op.create_index(
        "ix_withdrawal_files_stray",
        "withdrawal_files",
        ["uploaded_at"],
        unique=False,
        postgresql_where=sa.text("withdrawal_id IS NULL"),
    )


def _add_payment_changes() -> None:
    op.create_table(
        "payment_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("payment_method", sa.Text(), nullable=False),
        sa.Column("contract_limit_krw", sa.BigInteger(), nullable=True),
        sa.Column("contract_starts_on", sa.Date(), nullable=True),
        sa.Column("billing_name", sa.Text(), nullable=True),
        sa.Column("billing_email", sa.Text(), nullable=True),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", _Time, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("inquiry_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("hindrances", postgresql.JSONB(), nullable=False),
        sa.Column("closed_at", _Time, nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_payment_changes_company_id_companies")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_changes")),
    )
    op.create_index(
        "uq_payment_changes_open",
        "payment_changes",
        ["company_id"],
        unique=True,
        postgresql_where=sa.text("state = 'checking'"),
    )
    op.create_index("ix_payment_changes_company_id_id", "payment_changes", ["company_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("member_limits")
    op.drop_table("member_months")
    op.drop_column("order_figures", "month")
    op.drop_table("payment_changes")
    op.drop_table("withdrawal_files")
    op.drop_table("withdrawals")
    op.drop_table("inquiries")
