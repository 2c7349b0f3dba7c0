"""Thresholds that masters chose, and the orders that plans are going to make."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "balance_thresholds",
        sa.Column("company_id", sa.Uuid, nullable=False),
        sa.Column("threshold_krw", sa.BigInteger, nullable=False),
        sa.Column("is_low", sa.Boolean, nullable=False, comment="the master was told, and it is so still"),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("company_id", name="pk_balance_thresholds"),
        sa.CheckConstraint("threshold_krw > 0", name="ck_balance_thresholds_threshold_positive"),
    )
    op.create_table(
        "near_orders",
        sa.Column("plan_id", sa.Uuid, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("company_id", sa.Uuid, nullable=False),
        sa.Column("member_id", sa.Uuid, nullable=False),
        sa.Column("amount_krw", sa.BigInteger, nullable=False),
        sa.Column("cash_like_krw", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "day", name="pk_near_orders"),
    )
    op.create_index("ix_near_orders_company_id_day", "near_orders", ["company_id", "day"])
