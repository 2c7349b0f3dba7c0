"""Say of each version of a template where it stands with the provider"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("templates", sa.Column("state", sa.Text(), nullable=True))
    # Until now an operator's word was the approval.
    op.execute("UPDATE templates SET state = CASE WHEN usable THEN 'approved' ELSE 'withdrawn' END")
    op.alter_column("templates", "state", nullable=False)
    op.add_column(
        "templates",
        sa.Column("reason", sa.Text(), nullable=False, server_default="", comment="of the provider's rejection"),
    )
    op.alter_column("templates", "reason", server_default=None)
    op.add_column(
        "templates", sa.Column("next_look_at", sa.DateTime(timezone=True), nullable=True, comment="none: at once")
    )
    op.add_column("templates", sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True))
    op.drop_column("templates", "usable")
    op.create_index(
        "ix_templates_submitted", "templates", ["next_look_at"], postgresql_where=sa.text("state = 'submitted'")
    )


def downgrade() -> None:
    op.drop_index("ix_templates_submitted", table_name="templates")
    op.add_column("templates", sa.Column("usable", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE templates SET usable = state = 'approved'")
    op.alter_column("templates", "usable", server_default=None)
    op.drop_column("templates", "lease_until")
    op.drop_column("templates", "next_look_at")
    op.drop_column("templates", "reason")
    op.drop_column("templates", "state")
