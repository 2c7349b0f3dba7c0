"""Create the notifications: who is told, what they chose, alimtalks on their way"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "companies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("master_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_companies")),
    )
    op.create_table(
        "members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("is_master", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="empty once withdrawn, as the addresses"),
        sa.Column("email_key_id", sa.Text(), nullable=True),
        sa.Column("email_ciphertext", sa.Text(), nullable=True, comment="sealed as it came"),
        sa.Column("phone_key_id", sa.Text(), nullable=True),
        sa.Column("phone_ciphertext", sa.Text(), nullable=True, comment="sealed as it came"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
    )
    op.create_table(
        "notification_choices",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mail", sa.Boolean(), nullable=False),
        sa.Column("alimtalk", sa.Boolean(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "kind", name=op.f("pk_notification_choices")),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), nullable=False, comment="our key at the provider"),
        sa.Column("to", sa.Text(), nullable=True, comment="forgotten when settled"),
        sa.Column("provider_code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True, comment="forgotten when settled"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index("ix_notices_queued", "notices", ["next_try_at"], postgresql_where=sa.text("state = 'queued'"))


def downgrade() -> None:
    op.drop_table("notices")
    op.drop_table("notification_choices")
    op.drop_table("members")
    op.drop_table("companies")
