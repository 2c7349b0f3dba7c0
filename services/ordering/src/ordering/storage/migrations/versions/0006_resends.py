"""Add resends, and what lists of orders are found by"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("order_lines", sa.Column("resends", sa.SmallInteger(), server_default=sa.text("0"), nullable=False))
    op.add_column(
        "order_lines",
        sa.Column(
            "resend_wave", sa.Integer(), nullable=True, comment="the wave of a resend that has not been reported"
        ),
    )
    op.create_index(op.f("ix_orders_company_id_external_id"), "orders", ["company_id", "external_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_orders_company_id_external_id"), table_name="orders")
    op.drop_column("order_lines", "resend_wave")
    op.drop_column("order_lines", "resends")
