"""Find open orders of a member or a company"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_index(
        "ix_orders_open",
        "orders",
        ["company_id", "member_id", "state"],
        unique=False,
        postgresql_where=sa.text("state IN ('pending', 'scheduled', 'sending')"),
    )


def downgrade() -> None:
    op.drop_index("ix_orders_open", table_name="orders")
