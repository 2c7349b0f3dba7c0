"""Keep statements, and the orderers' mail addresses that they name"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "members",
        sa.Column("email", sa.Text(), nullable=True, comment="unknown until identity says the member again"),
    )
    op.create_table(
        "statements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
        sa.UniqueConstraint("number", name=op.f("uq_statements_number")),
    )
    op.create_index(op.f("ix_statements_member_id_id"), "statements", ["member_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_statements_member_id_id"), table_name="statements")
    op.drop_table("statements")
    op.drop_column("members", "email")
