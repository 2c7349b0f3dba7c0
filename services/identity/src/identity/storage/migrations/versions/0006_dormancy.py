"""Remember what looks after unused accounts (IDN-19)"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("members", sa.Column("dormancy_warned_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("members", sa.Column("dormancy_timer", sa.Integer(), nullable=False, server_default="0"))
    op.alter_column("members", "dormancy_timer", server_default=None)


def downgrade() -> None:
    op.drop_column("members", "dormancy_timer")
    op.drop_column("members", "dormancy_warned_at")
