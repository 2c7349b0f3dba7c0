"""Ask suppliers how issued coupons stand"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "coupons",
        sa.Column(
            "asked_at", sa.DateTime(timezone=True), nullable=True, comment="when its supplier was asked how it stands"
        ),
    )
    op.add_column(
        "coupons",
        sa.Column(
            "asking_due_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when its supplier is asked next; at its expiry without one",
        ),
    )
    op.add_column(
        "coupons",
        sa.Column(
            "asking_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the claim of who asks, by the database's clock",
        ),
    )
    op.create_index(
        "ix_coupons_asking_due",
        "coupons",
        [sa.text("coalesce(asking_due_at, expires_at)")],
        postgresql_where=sa.text("state = 'issued'"),
    )


def downgrade() -> None:
    op.drop_index("ix_coupons_asking_due", table_name="coupons")
    op.drop_column("coupons", "asking_until")
    op.drop_column("coupons", "asking_due_at")
    op.drop_column("coupons", "asked_at")
