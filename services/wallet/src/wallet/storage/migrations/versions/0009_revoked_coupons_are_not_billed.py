"""Revoked coupons are out of an invoice that is yet to be made, repaid or not (WAL-12)."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column(
        "revoked_months",
        "reduces",
        existing_type=sa.Boolean(),
        existing_nullable=False,
        comment="revoked before the month was invoiced: out of its invoice",
        existing_comment="repaid before the month was invoiced: out of its invoice",
    )
    # What was invoiced by then was billed by the rule of its time, and stays.
    op.execute("""
        UPDATE revoked_months SET reduces = true
        WHERE NOT reduces
          AND NOT EXISTS (
            SELECT 1 FROM issuing_months
            WHERE issuing_months.company_id = revoked_months.company_id AND issuing_months.month = revoked_months.month
              AND issuing_months.state IN ('invoiced', 'destroyed'))
    """)
