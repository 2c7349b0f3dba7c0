"""Add choices: the default item, until when recipients may choose, and who chose"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "orders",
        sa.Column(
            "default_item_no", sa.SmallInteger(), nullable=True, comment="the default item of a choice order (ORD-04)"
        ),
    )
    op.add_column(
        "coupons",
        sa.Column(
            "choice_ends_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the default takes the recipient's place (ORD-05)",
        ),
    )
    op.add_column("coupons", sa.Column("chosen_by", sa.Text(), nullable=True))
    op.add_column("coupons", sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_coupons_choices_open",
        "coupons",
        ["choice_ends_at"],
        unique=False,
        postgresql_where=sa.text("state = 'awaiting_choice'"),
    )
    op.create_index(op.f("ix_order_items_offer_id"), "order_items", ["offer_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_order_items_offer_id"), table_name="order_items")
    op.drop_index(
        "ix_coupons_choices_open", table_name="coupons", postgresql_where=sa.text("state = 'awaiting_choice'")
    )
    op.drop_column("coupons", "chosen_at")
    op.drop_column("coupons", "chosen_by")
    op.drop_column("coupons", "choice_ends_at")
    op.drop_column("orders", "default_item_no")
