"""Keep what the provider charges for a message that arrived"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("cost_jeon", sa.Integer(), comment="hundredths of a KRW"))


def downgrade() -> None:
    op.drop_column("deliveries", "cost_jeon")
