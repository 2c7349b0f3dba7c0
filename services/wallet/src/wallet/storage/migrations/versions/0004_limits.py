"""Limits of sub-members: versions, when they were set, and a way to them by company."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("spending_limits", sa.Column("version", sa.BigInteger, nullable=False, server_default="1"))
    op.add_column("spending_limits", sa.Column("set_at", sa.DateTime(timezone=True)))
    op.create_index("ix_spending_limits_company_id", "spending_limits", ["company_id"])
