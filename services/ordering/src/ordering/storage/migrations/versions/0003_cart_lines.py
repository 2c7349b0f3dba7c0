"""Orders remember the cart lines that they were placed from"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "orders",
        sa.Column(
            "cart_line_ids",
            sa.ARRAY(sa.Uuid()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="leave the orderer's cart on acceptance (CAT-07)",
        ),
    )


def downgrade() -> None:
    op.drop_column("orders", "cart_line_ids")
