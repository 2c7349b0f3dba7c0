"""Note how a report came, and those that match nothing"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("reports", sa.Column("way", sa.Text(), nullable=False, server_default="push"))
    op.alter_column("reports", "way", server_default=None)
    op.add_column("reports", sa.Column("unmatched", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.create_index("ix_reports_unmatched", "reports", ["id"], postgresql_where=sa.text("unmatched"))
    op.create_index("ix_reports_received", "reports", ["received_at"])


def downgrade() -> None:
    op.drop_index("ix_reports_received", "reports")
    op.drop_index("ix_reports_unmatched", "reports")
    op.drop_column("reports", "unmatched")
    op.drop_column("reports", "way")
