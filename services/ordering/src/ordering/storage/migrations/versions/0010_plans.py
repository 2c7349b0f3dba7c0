"""Add anniversary plans, and the plan that an order comes from"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("plan_id", sa.Uuid(), nullable=True, comment="the anniversary plan that made it"))
    op.add_column(
        "orders",
        sa.Column(
            "sender_profile_id",
            sa.Uuid(),
            nullable=True,
            comment="whose channel its messages come from; the service's own without one",
        ),
    )
    op.create_table(
        "sender_profile_uses",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("profile_id", sa.Uuid(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "profile_id", name=op.f("pk_sender_profile_uses")),
    )
    op.create_table(
        "plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column(
            "version",
            sa.Integer(),
            nullable=False,
            comment="grows with every change by its owner, and with a stop",
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("order_name", sa.Text(), nullable=False),
        sa.Column("send_title", sa.Text(), nullable=False),
        sa.Column("order_type", sa.Text(), nullable=False),
        sa.Column("default_offer_id", sa.Uuid(), nullable=True),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("typed_values", postgresql.JSONB(), nullable=False),
        sa.Column("repeats_allowed", sa.Boolean(), nullable=False),
        sa.Column("sender_profile_id", sa.Uuid(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("terms_version", sa.Text(), nullable=True),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.Column("each_pay_krw", sa.BigInteger(), nullable=False),
        sa.Column("each_cash_like_krw", sa.BigInteger(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True, comment="the earliest day of its recipients"),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stop_reason", sa.Text(), nullable=True, comment="why it turned itself off (ANN-05)"),
        sa.Column("stop_product", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
    )
    op.create_index(op.f("ix_plans_member_id_id"), "plans", ["member_id", "id"], unique=False)
    op.create_index("ix_plans_due", "plans", ["next_on", "id"], unique=False, postgresql_where=sa.text("state = 'on'"))
    op.create_table(
        "plan_items",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("item_no", sa.SmallInteger(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("accepted_krw", sa.BigInteger(), nullable=False, comment="the sale price that the owner accepted"),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_items_plan_id_plans")),
        sa.PrimaryKeyConstraint("plan_id", "item_no", name=op.f("pk_plan_items")),
    )
    op.create_index(op.f("ix_plan_items_offer_id"), "plan_items", ["offer_id"], unique=False)
    op.create_table(
        "plan_recipients",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("row_no", sa.Integer(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False, comment="of the first event, in the calendar's own count"),
        sa.Column("month", sa.SmallInteger(), nullable=False),
        sa.Column("day", sa.SmallInteger(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True, comment="NULL when the plan ends before"),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_recipients_plan_id_plans")),
        sa.PrimaryKeyConstraint("plan_id", "row_no", name=op.f("pk_plan_recipients")),
    )
    op.create_index("ix_plan_recipients_next_on", "plan_recipients", ["next_on", "plan_id"], unique=False)
    op.create_index("ix_plan_recipients_plan_id_next_on", "plan_recipients", ["plan_id", "next_on"], unique=False)
    op.create_table(
        "plan_days",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_days_plan_id_plans")),
        sa.PrimaryKeyConstraint("plan_id", "day", name=op.f("pk_plan_days")),
        comment="what became of each day of a plan: the key makes its order one for ever",
    )
    op.create_table(
        "begun_days",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False, comment="the last day that began: plans' days up to it are due"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_begun_days")),
    )


def downgrade() -> None:
    for table in ("sender_profile_uses", "begun_days", "plan_days", "plan_recipients", "plan_items", "plans"):
        op.drop_table(table)
    op.drop_column("orders", "sender_profile_id")
    op.drop_column("orders", "plan_id")
