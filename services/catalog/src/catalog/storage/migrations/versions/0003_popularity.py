"""Count issued coupons, and give categories a place among the popular tabs"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "categories",
        sa.Column("popular_place", sa.Integer(), nullable=True, comment="among the tabs of popular products"),
    )
    op.create_table(
        "issue_tallies",
        sa.Column("issued_on", sa.Date(), nullable=False, comment="in Asia/Seoul"),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("coupons", sa.Integer(), nullable=False),
        sa.Column("last_issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_issue_tallies_product_id")),
        sa.PrimaryKeyConstraint("issued_on", "product_id", name=op.f("pk_issue_tallies")),
    )
    op.create_table(
        "counted_issues",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("chunk_no", sa.Integer(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "chunk_no", "wave", name=op.f("pk_counted_issues")),
        comment="facts of ordering that are in the tallies",
    )
    op.create_index(op.f("ix_counted_issues_issued_at"), "counted_issues", ["issued_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_counted_issues_issued_at"), table_name="counted_issues")
    op.drop_table("counted_issues")
    op.drop_table("issue_tallies")
    op.drop_column("categories", "popular_place")
