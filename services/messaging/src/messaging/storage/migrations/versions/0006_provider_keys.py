"""Note the provider's own key of a delivery, and the approved text of a notice"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "deliveries",
        sa.Column(
            "provider_key", sa.Text(), nullable=False, server_default=sa.text("''"), comment="the provider's own key"
        ),
    )
    op.add_column(
        "notices",
        sa.Column(
            "body",
            sa.Text(),
            nullable=False,
            server_default=sa.text("''"),
            comment="the approved text with its variables",
        ),
    )
    op.alter_column("notices", "body", server_default=None)


def downgrade() -> None:
    op.drop_column("notices", "body")
    op.drop_column("deliveries", "provider_key")
