"""Create the plumbing and the scheduler tables"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from chassis import tables
from chassis.migrations import plumbing_v1

revision: str = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    plumbing_v1(op)
    op.create_table(
        "month_turns",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_month", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_month_turns")),
    )
    op.create_table(
        "timers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asker", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timers")),
        sa.UniqueConstraint("asker", "key", name=op.f("uq_timers_asker_key")),
    )
    op.create_index(
        "timers_settled", "timers", ["due_at"], unique=False, postgresql_where=sa.text("state != 'waiting'")
    )
    op.create_index(
        "timers_waiting", "timers", ["due_at", "id"], unique=False, postgresql_where=sa.text("state = 'waiting'")
    )


def downgrade() -> None:
    op.drop_index("timers_waiting", table_name="timers", postgresql_where=sa.text("state = 'waiting'"))
    op.drop_index("timers_settled", table_name="timers", postgresql_where=sa.text("state != 'waiting'"))
    op.drop_table("timers")
    op.drop_table("month_turns")
    tables.metadata.drop_all(op.get_bind())
