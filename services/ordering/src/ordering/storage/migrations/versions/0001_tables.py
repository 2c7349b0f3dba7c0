"""Create the plumbing, the copies of what others own, and the tables of orders"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis import tables
from chassis.migrations import plumbing_v1

revision: str = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    plumbing_v1(op)
    op.execute(sa.schema.CreateSequence(sa.Sequence("order_running_number")))
    op.create_table(
        "companies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_companies")),
    )
    op.create_table(
        "coupons",
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("item_no", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("supplier_order_no", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure_code", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("line_id", "item_no", name=op.f("pk_coupons")),
    )
    op.create_table(
        "issue_attempts",
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("item_no", sa.SmallInteger(), nullable=False),
        sa.Column("tr_id", sa.Text(), nullable=False, comment="our key at the supplier, stored before the call"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False, comment="askings since the outcome became unknown"),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False, comment="when the next call or asking is due"),
        sa.Column("code", sa.Text(), nullable=True, comment="the supplier's last code, or why there was none"),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "unknown_since",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="messages wait so long for it, and no longer",
        ),
        sa.PrimaryKeyConstraint("line_id", "item_no", name=op.f("pk_issue_attempts")),
        sa.UniqueConstraint("tr_id", name=op.f("uq_issue_attempts_tr_id")),
    )
    op.create_index(
        "ix_issue_attempts_flagged",
        "issue_attempts",
        ["called_at"],
        unique=False,
        postgresql_where=sa.text("state = 'flagged'"),
    )
    op.create_table(
        "members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
    )
    op.create_index(op.f("ix_members_company_id"), "members", ["company_id"], unique=False)
    op.create_table(
        "offers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("on_sale", sa.Boolean(), nullable=False),
        sa.Column("body", JSONB(), nullable=False, comment="the event's own body: a copy holds all that was said"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("member_role", sa.Text(), nullable=False),
        sa.Column("order_type", sa.Text(), nullable=False),
        sa.Column("order_name", sa.Text(), nullable=False),
        sa.Column("send_title", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="grows with every change that a reader can see"),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.Column("products", sa.SmallInteger(), nullable=False),
        sa.Column("list_amount_krw", sa.BigInteger(), nullable=False),
        sa.Column("pay_amount_krw", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_amount_krw", sa.BigInteger(), nullable=False),
        sa.Column("success", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("error", sa.Integer(), nullable=False),
        sa.Column("chunk_lines", sa.SmallInteger(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("template_version", sa.Integer(), nullable=False),
        sa.Column("template_body", sa.Text(), nullable=False, comment="frozen at placing (ORD-37)"),
        sa.Column("template_variables", JSONB(), nullable=False),
        sa.Column("typed_values", JSONB(), nullable=False),
        sa.Column("terms_version", sa.Text(), nullable=True),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "withdrawn_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when ordering gave up waiting for the money",
        ),
        sa.Column("shortfall_reason", sa.Text(), nullable=True),
        sa.Column("required_krw", sa.BigInteger(), nullable=True),
        sa.Column("available_krw", sa.BigInteger(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("order_number", name=op.f("uq_orders_order_number")),
    )
    op.create_index(op.f("ix_orders_company_id_id"), "orders", ["company_id", "id"], unique=False)
    op.create_index(op.f("ix_orders_member_id_id"), "orders", ["member_id", "id"], unique=False)
    op.create_table(
        "supplier_stops",
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("stopped_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("supplier", name=op.f("pk_supplier_stops")),
    )
    op.create_table(
        "templates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("variables", JSONB(), nullable=False),
        sa.Column("usable", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_templates")),
    )
    op.create_table(
        "chunks",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("chunk_no", sa.Integer(), nullable=False),
        sa.Column("first_line_no", sa.Integer(), nullable=False),
        sa.Column("last_line_no", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("next_wave", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False, comment="business time of the next turn"),
        sa.Column("owner", sa.Uuid(), nullable=True, comment="the worker whose turn it is"),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True, comment="by the database's clock"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_chunks_order_id")),
        sa.PrimaryKeyConstraint("order_id", "chunk_no", name=op.f("pk_chunks")),
    )
    op.create_index(
        "ix_chunks_open", "chunks", ["chunk_no", "next_at"], unique=False, postgresql_where=sa.text("state = 'open'")
    )
    op.create_table(
        "order_items",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("item_no", sa.SmallInteger(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("brand_name", sa.Text(), nullable=False),
        sa.Column("product_name", sa.Text(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("image_path", sa.Text(), nullable=False),
        sa.Column("validity_days", sa.Integer(), nullable=False),
        sa.Column("face_price_krw", sa.BigInteger(), nullable=False),
        sa.Column("sale_price_krw", sa.BigInteger(), nullable=False),
        sa.Column("cash_like", sa.Boolean(), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("supplier_goods_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_items_order_id")),
        sa.PrimaryKeyConstraint("order_id", "item_no", name=op.f("pk_order_items")),
    )
    op.create_table(
        "order_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("phone_hash", sa.LargeBinary(), nullable=False),
        sa.Column("phone_ending_hash", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("dispatch", sa.Text(), nullable=False),
        sa.Column("dispatch_wave", sa.Integer(), nullable=True, comment="the wave in which the message was asked for"),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("dispatch_code", sa.Text(), nullable=True),
        sa.Column("dispatch_ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("link_key_id", sa.Text(), nullable=True),
        sa.Column("link_hash", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_lines_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_lines")),
    )
    op.create_index(
        "uq_order_lines_link_hash",
        "order_lines",
        ["link_hash"],
        unique=True,
        postgresql_where=sa.text("link_hash IS NOT NULL"),
    )
    op.create_index("uq_order_lines_order_id_line_no", "order_lines", ["order_id", "line_no"], unique=True)
    op.create_table(
        "recipient_proofs",
        sa.Column("proof_hash", sa.LargeBinary(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["order_lines.id"], name=op.f("fk_recipient_proofs_line_id")),
        sa.PrimaryKeyConstraint("proof_hash", name=op.f("pk_recipient_proofs")),
    )
    op.create_index(op.f("ix_recipient_proofs_line_id"), "recipient_proofs", ["line_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_recipient_proofs_line_id"), table_name="recipient_proofs")
    op.drop_table("recipient_proofs")
    op.drop_index("uq_order_lines_order_id_line_no", table_name="order_lines")
    op.drop_index(
        "uq_order_lines_link_hash", table_name="order_lines", postgresql_where=sa.text("link_hash IS NOT NULL")
    )
    op.drop_table("order_lines")
    op.drop_table("order_items")
    op.drop_index("ix_chunks_open", table_name="chunks", postgresql_where=sa.text("state = 'open'"))
    op.drop_table("chunks")
    op.drop_table("templates")
    op.drop_table("supplier_stops")
    op.drop_index(op.f("ix_orders_member_id_id"), table_name="orders")
    op.drop_index(op.f("ix_orders_company_id_id"), table_name="orders")
    op.drop_table("orders")
    op.drop_table("offers")
    op.drop_index(op.f("ix_members_company_id"), table_name="members")
    op.drop_table("members")
    op.drop_index(
        "ix_issue_attempts_flagged", table_name="issue_attempts", postgresql_where=sa.text("state = 'flagged'")
    )
    op.drop_table("issue_attempts")
    op.drop_table("coupons")
    op.drop_table("companies")
    op.execute(sa.schema.DropSequence(sa.Sequence("order_running_number")))
    tables.metadata.drop_all(op.get_bind())
