"""Create the plumbing and the messaging tables"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from chassis import tables
from chassis.migrations import plumbing_v1

revision: str = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    plumbing_v1(op)
    op.create_table(
        "batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("chunk_no", sa.Integer(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("template_version", sa.Integer(), nullable=False),
        sa.Column("send_title", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sa.UniqueConstraint("order_id", "chunk_no", "wave", name=op.f("uq_batches_order_id_chunk_no_wave")),
    )
    op.create_table(
        "codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("to", sa.Text(), nullable=True, comment="forgotten when settled"),
        sa.Column("code", sa.Text(), nullable=True, comment="forgotten when settled"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codes")),
    )
    op.create_index(
        "ix_codes_queued", "codes", ["next_try_at"], unique=False, postgresql_where=sa.text("state = 'queued'")
    )
    op.create_table(
        "mails",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("to", sa.Text(), nullable=True, comment="forgotten when settled"),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True, comment="forgotten when settled"),
        sa.Column("html", sa.Text(), nullable=True, comment="forgotten when settled"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
    )
    op.create_index(
        "ix_mails_queued", "mails", ["next_try_at"], unique=False, postgresql_where=sa.text("state = 'queued'")
    )
    op.create_table(
        "reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="what makes a report the same as another"),
        sa.Column("body", sa.Text(), nullable=False, comment="as it came"),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("key", name=op.f("uq_reports_key")),
    )
    op.create_index(
        "ix_reports_waiting", "reports", ["next_try_at"], unique=False, postgresql_where=sa.text("NOT settled")
    )
    op.create_table(
        "templates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("provider_code", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("button_name", sa.Text(), nullable=False),
        sa.Column("usable", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_templates")),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Uuid(), nullable=False, comment="our key at the provider"),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="as it was sent"),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_deliveries_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("batch_id", "line_id", name=op.f("uq_deliveries_batch_id_line_id")),
    )
    op.create_index(
        "ix_deliveries_handing_over",
        "deliveries",
        ["lease_until"],
        unique=False,
        postgresql_where=sa.text("state = 'handing_over'"),
    )
    op.create_index(
        "ix_deliveries_queued", "deliveries", ["id"], unique=False, postgresql_where=sa.text("state = 'queued'")
    )
    op.create_index(
        "ix_deliveries_unreported",
        "deliveries",
        ["handed_over_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('handed_over', 'in_doubt')"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_deliveries_unreported",
        table_name="deliveries",
        postgresql_where=sa.text("state IN ('handed_over', 'in_doubt')"),
    )
    op.drop_index("ix_deliveries_queued", table_name="deliveries", postgresql_where=sa.text("state = 'queued'"))
    op.drop_index(
        "ix_deliveries_handing_over", table_name="deliveries", postgresql_where=sa.text("state = 'handing_over'")
    )
    op.drop_table("deliveries")
    op.drop_table("templates")
    op.drop_index("ix_reports_waiting", table_name="reports", postgresql_where=sa.text("NOT settled"))
    op.drop_table("reports")
    op.drop_index("ix_mails_queued", table_name="mails", postgresql_where=sa.text("state = 'queued'"))
    op.drop_table("mails")
    op.drop_index("ix_codes_queued", table_name="codes", postgresql_where=sa.text("state = 'queued'"))
    op.drop_table("codes")
    op.drop_table("batches")
    tables.metadata.drop_all(op.get_bind())
