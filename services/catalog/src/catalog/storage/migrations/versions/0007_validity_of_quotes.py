"""A quote keeps for how long it was given, whatever the setting becomes"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

BEFORE = "14"


def upgrade() -> None:
    op.add_column("quotes", sa.Column("valid_days", sa.Integer(), nullable=False, server_default=BEFORE))
    op.alter_column("quotes", "valid_days", server_default=None)


def downgrade() -> None:
    op.drop_column("quotes", "valid_days")
