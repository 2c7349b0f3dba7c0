"""Months of issue, revocations and invoices; how many coupons an order has."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("holds", sa.Column("coupons", sa.Integer, comment="ordered; empty where it was not said"))
    _create_captures()
    _create_months()
    _create_revocations()
    _create_invoices()
    _create_carry_overs()


def _create_captures() -> None:
    op.create_table(
        "captures",
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("chunk_no", sa.Integer, nullable=False),
        sa.Column("wave", sa.Integer, nullable=False),
        sa.Column("company_id", sa.Uuid, nullable=False),
        sa.Column("month", sa.Text, nullable=False, comment="of issue, YYYY-MM in Seoul"),
        sa.Column("coupons", sa.Integer, nullable=False),
        sa.Column("amount_krw", sa.BigInteger, nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "chunk_no", "wave", name="pk_captures"),
    )
    op.create_index("ix_captures_company_id_month", "captures", ["company_id", "month"])


def _create_months() -> None:
    op.create_table(
        "issuing_months",
        sa.Column("company_id", sa.Uuid, nullable=False),
        sa.Column("month", sa.Text, nullable=False, comment="YYYY-MM in Seoul"),
        sa.Column("state", sa.Text, nullable=False, comment="waiting, invoiced, empty, destroyed"),
        sa.Column("coupons", sa.Integer, nullable=False, comment="as ordering counted them"),
        sa.Column("amount_krw", sa.BigInteger, nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("invoice_id", sa.Uuid),
        sa.Column(
            "late_coupons", sa.Integer, server_default="0", nullable=False, comment="captured after it was settled"
        ),
        sa.Column("late_krw", sa.BigInteger, server_default="0", nullable=False),
        sa.CheckConstraint("(state = 'waiting') = (settled_at IS NULL)", name="ck_issuing_months_settled_has_time"),
        sa.PrimaryKeyConstraint("company_id", "month", name="pk_issuing_months"),
    )
    op.create_index(
        "ix_issuing_months_unsettled",
        "issuing_months",
        ["month", "company_id"],
        postgresql_where=sa.text("state = 'waiting' OR late_coupons > 0"),
    )


def _create_revocations() -> None:
    op.create_table(
        "revocations",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("company_id", sa.Uuid, nullable=False),
        sa.Column("repaid", sa.Boolean, nullable=False),
        sa.Column("coupons", sa.Integer, nullable=False),
        sa.Column("amount_krw", sa.BigInteger, nullable=False),
        sa.Column("cash_like_krw", sa.BigInteger, nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_revocations"),
    )
    op.create_index("ix_revocations_order_id", "revocations", ["order_id"])
    op.create_table(
        "revoked_months",
        sa.Column("revocation_id", sa.Uuid, nullable=False),
        sa.Column("month", sa.Text, nullable=False, comment="of issue, YYYY-MM in Seoul"),
        sa.Column("company_id", sa.Uuid, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("coupons", sa.Integer, nullable=False),
        sa.Column("amount_krw", sa.BigInteger, nullable=False),
        sa.Column(
            "reduces", sa.Boolean, nullable=False, comment="repaid before the month was invoiced: out of its invoice"
        ),
        sa.ForeignKeyConstraint(["revocation_id"], ["revocations.id"], name="fk_revoked_months_revocation_id"),
        sa.PrimaryKeyConstraint("revocation_id", "month", name="pk_revoked_months"),
    )
    op.create_index("ix_revoked_months_order_id_month", "revoked_months", ["order_id", "month"])
    op.create_index(
        "ix_revoked_months_reducing", "revoked_months", ["company_id", "month"], postgresql_where=sa.text("reduces")
    )


def _create_invoices() -> None:
    op.create_table(
        "invoice_numbers",
        sa.Column("prefix", sa.Text, nullable=False),
        sa.Column("last_number", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("prefix", name="pk_invoice_numbers"),
    )
    op.create_table(
        "invoices",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("company_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("month", sa.Text, nullable=False, comment="of issue, YYYY-MM in Seoul"),
        sa.Column("coupons", sa.Integer, nullable=False),
        sa.Column("settled_krw", sa.BigInteger, nullable=False),
        sa.Column("carried_krw", sa.BigInteger, nullable=False),
        sa.Column("revision", sa.SmallInteger, nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_on", sa.Date, nullable=False, comment="the Seoul day: kept for years from it"),
        sa.Column("paid_on", sa.Date),
        sa.CheckConstraint("0 <= carried_krw AND carried_krw <= settled_krw", name="ck_invoices_billed_not_negative"),
        sa.PrimaryKeyConstraint("id", name="pk_invoices"),
        sa.UniqueConstraint("company_id", "month", name="uq_invoices_company_id_month"),
        sa.UniqueConstraint("number", name="uq_invoices_number"),
    )
    op.create_index("ix_invoices_issued_on", "invoices", ["issued_on"])
    op.create_table(
        "invoice_orders",
        sa.Column("invoice_id", sa.Uuid, nullable=False),
        sa.Column("no", sa.Integer, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("order_number", sa.Text, nullable=False),
        sa.Column("order_name", sa.Text, nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ordered_krw", sa.BigInteger, nullable=False),
        sa.Column("ordered_coupons", sa.Integer, nullable=False),
        sa.Column("settled_krw", sa.BigInteger, nullable=False),
        sa.Column("settled_coupons", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name="fk_invoice_orders_invoice_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("invoice_id", "no", name="pk_invoice_orders"),
    )


def _create_carry_overs() -> None:
    op.create_table(
        "carry_overs",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("company_id", sa.Uuid, nullable=False),
        sa.Column("amount_krw", sa.BigInteger, nullable=False),
        sa.Column("left_krw", sa.BigInteger, nullable=False, comment="goes to the next invoice"),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operator_id", sa.Uuid, comment="empty: coupons were revoked"),
        sa.Column("revocation_id", sa.Uuid),
        sa.CheckConstraint(
            "amount_krw > 0 AND 0 <= left_krw AND left_krw <= amount_krw", name="ck_carry_overs_left_of_amount"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_carry_overs"),
    )
    op.create_index(
        "ix_carry_overs_waiting", "carry_overs", ["company_id", "id"], postgresql_where=sa.text("left_krw > 0")
    )
    op.create_table(
        "carry_over_parts",
        sa.Column("carry_over_id", sa.Uuid, nullable=False),
        sa.Column("invoice_id", sa.Uuid, nullable=False),
        sa.Column("amount_krw", sa.BigInteger, nullable=False),
        sa.CheckConstraint("amount_krw > 0", name="ck_carry_over_parts_amount_positive"),
        sa.ForeignKeyConstraint(["carry_over_id"], ["carry_overs.id"], name="fk_carry_over_parts_carry_over_id"),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name="fk_carry_over_parts_invoice_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("carry_over_id", "invoice_id", name="pk_carry_over_parts"),
    )
    op.create_index("ix_carry_over_parts_invoice_id", "carry_over_parts", ["invoice_id"])
