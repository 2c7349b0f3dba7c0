"""Create invitations and the figures of the list of sub-members (IDN-15, IDN-26)"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("members", sa.Column("former_state", sa.Text(), nullable=True))
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sendings", sa.Integer(), nullable=False),
        sa.Column("code_id", sa.Uuid(), nullable=True),
        sa.Column("phone_proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_invitations_company_id_companies")),
        sa.ForeignKeyConstraint(["invited_by"], ["members.id"], name=op.f("fk_invitations_invited_by_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("email", name=op.f("uq_invitations_email")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )
    op.create_index("ix_invitations_company_id_id", "invitations", ["company_id", "id"], unique=False)
    op.create_table(
        "order_figures",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("placed_krw", sa.BigInteger(), nullable=False),
        sa.Column("returned_krw", sa.BigInteger(), nullable=False),
        sa.Column("rejected", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_order_figures")),
    )
    op.create_table(
        "member_figures",
        sa.Column(
            "member_id",
            sa.Uuid(),
            nullable=False,
            comment="may be heard of before the member is kept: no reference",
        ),
        sa.Column("ordered_krw", sa.BigInteger(), nullable=False, comment="placed less returned, IDN-26"),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_member_figures")),
    )


def downgrade() -> None:
    op.drop_table("member_figures")
    op.drop_table("order_figures")
    op.drop_table("invitations")
    op.drop_column("members", "former_state")
