"""Add the time of a scheduled order, and the log of members' acts"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "orders",
        sa.Column(
            "send_at", sa.DateTime(timezone=True), nullable=True, comment="when a scheduled order is sent (ORD-08)"
        ),
    )
    op.create_table(
        "order_acts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_acts_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_acts")),
        comment="append-only: members' acts on placed orders (ORD-24, ORD-25)",
    )
    op.create_index(op.f("ix_order_acts_order_id"), "order_acts", ["order_id"], unique=False)
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON order_acts FROM ordering")


def downgrade() -> None:
    op.drop_table("order_acts")
    op.drop_column("orders", "send_at")
