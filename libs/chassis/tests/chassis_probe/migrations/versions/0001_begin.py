"""The chassis's tables and the probe's."""

import sqlalchemy as sa
from alembic import op

from chassis.migrations import plumbing_v1

revision = "0001"
down_revision = None


def upgrade() -> None:
    plumbing_v1(op)
    op.create_table(
        "effects",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_effects")),
    )
    op.create_table(
        "subjects", sa.Column("key", sa.Text, nullable=False), sa.PrimaryKeyConstraint("key", name=op.f("pk_subjects"))
    )
