"""Add the cash-like permission, changes of business data, and a company's way into the audit log (IDN-23 … IDN-25)"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "companies", sa.Column("cash_like_permitted", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("companies", sa.Column("cash_like_limit_krw", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("companies", sa.Column("cash_like_version", sa.Integer(), nullable=False, server_default="0"))
    for column in ("cash_like_permitted", "cash_like_limit_krw", "cash_like_version"):
        op.alter_column("companies", column, server_default=None)
    op.create_table(
        "business_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("representative_name", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_business_changes_company_id_companies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_changes")),
    )
    op.create_index(
        "uq_business_changes_waiting",
        "business_changes",
        ["company_id"],
        unique=True,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index("ix_business_changes_state_id", "business_changes", ["state", "id"], unique=False)
    op.create_index(op.f("ix_audit_log_company_id_acted_at"), "audit_log", ["company_id", "acted_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_audit_log_company_id_acted_at"), table_name="audit_log")
    op.drop_table("business_changes")
    for column in ("cash_like_version", "cash_like_limit_krw", "cash_like_permitted"):
        op.drop_column("companies", column)
