"""Close months of issue, and count the coupons issued in them"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "closed_months",
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "said_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when each company's figures were said",
        ),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_closed_months")),
    )
    op.create_index(
        "ix_closed_months_unsaid",
        "closed_months",
        ["begins_at"],
        unique=False,
        postgresql_where=sa.text("said_at IS NULL"),
    )
    op.create_index(
        "ix_coupons_issued",
        "coupons",
        ["issued_at"],
        unique=False,
        postgresql_where=sa.text("issued_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_coupons_issued", table_name="coupons")
    op.drop_index("ix_closed_months_unsaid", table_name="closed_months")
    op.drop_table("closed_months")
