"""Add the request that placed an order"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("correlation_id", sa.Uuid(), nullable=True, comment="the request that placed it"))


def downgrade() -> None:
    op.drop_column("orders", "correlation_id")
