"""Revoke coupons"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "revocations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("repaid", sa.Boolean(), nullable=False, comment="whether the money goes back, as the operator chose"),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_revocations_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revocations")),
    )
    op.create_index(op.f("ix_revocations_order_id_id"), "revocations", ["order_id", "id"], unique=False)
    op.create_table(
        "revoked_coupons",
        sa.Column("revocation_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("item_no", sa.SmallInteger(), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False, comment="cancellations whose outcome stayed unknown"),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False, comment="when the next try is due"),
        sa.Column("code", sa.Text(), nullable=True, comment="what the supplier said last"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner", sa.Uuid(), nullable=True, comment="the worker whose turn it is"),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True, comment="by the database's clock"),
        sa.ForeignKeyConstraint(
            ["line_id", "item_no"],
            ["coupons.line_id", "coupons.item_no"],
            name=op.f("fk_revoked_coupons_line_id_item_no_coupons"),
        ),
        sa.ForeignKeyConstraint(
            ["revocation_id"], ["revocations.id"], name=op.f("fk_revoked_coupons_revocation_id_revocations")
        ),
        sa.PrimaryKeyConstraint("revocation_id", "line_id", "item_no", name=op.f("pk_revoked_coupons")),
    )
    op.create_index(op.f("ix_revoked_coupons_line_id_item_no"), "revoked_coupons", ["line_id", "item_no"], unique=False)
    op.create_index(
        "ix_revoked_coupons_open",
        "revoked_coupons",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "uq_revoked_coupons_once",
        "revoked_coupons",
        ["line_id", "item_no"],
        unique=True,
        postgresql_where=sa.text("state <> 'refused'"),
    )


def downgrade() -> None:
    op.drop_index("uq_revoked_coupons_once", table_name="revoked_coupons")
    op.drop_index("ix_revoked_coupons_open", table_name="revoked_coupons")
    op.drop_index(op.f("ix_revoked_coupons_line_id_item_no"), table_name="revoked_coupons")
    op.drop_table("revoked_coupons")
    op.drop_index(op.f("ix_revocations_order_id_id"), table_name="revocations")
    op.drop_table("revocations")
