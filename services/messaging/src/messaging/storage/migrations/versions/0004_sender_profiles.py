"""Create the sender profiles, and note a batch's choice"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "sender_profiles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("search_id", sa.Text(), nullable=False),
        sa.Column("sender_key", sa.Text(), nullable=False),
        sa.Column("category_code", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sender_profiles")),
        sa.UniqueConstraint("company_id", "search_id", name=op.f("uq_sender_profiles_company_id_search_id")),
        sa.UniqueConstraint("sender_key", name=op.f("uq_sender_profiles_sender_key")),
    )
    op.create_index(op.f("ix_sender_profiles_checked_at"), "sender_profiles", ["checked_at"])
    op.create_table(
        "sender_profile_uses",
        sa.Column("profile_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column(
            "uses", sa.Integer(), nullable=False, comment="scheduled orders and active anniversaries, as ordering says"
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("profile_id", name=op.f("pk_sender_profile_uses")),
    )
    op.create_index(op.f("ix_sender_profile_uses_company_id"), "sender_profile_uses", ["company_id"])
    op.add_column(
        "batches", sa.Column("sender_profile_id", sa.Uuid(), nullable=True, comment="none: the service's own")
    )


def downgrade() -> None:
    op.drop_column("batches", "sender_profile_id")
    op.drop_table("sender_profile_uses")
    op.drop_table("sender_profiles")
