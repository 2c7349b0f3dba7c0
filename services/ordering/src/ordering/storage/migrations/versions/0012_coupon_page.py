"""Freeze the card and the message of the page that a message opens"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("coupon_card", sa.Text(), nullable=True))
    op.add_column(
        "orders",
        sa.Column(
            "coupon_message",
            sa.Text(),
            nullable=True,
            comment="frozen at placing (ORD-14); the template's body without one",
        ),
    )


def downgrade() -> None:
    op.drop_column("orders", "coupon_message")
    op.drop_column("orders", "coupon_card")
