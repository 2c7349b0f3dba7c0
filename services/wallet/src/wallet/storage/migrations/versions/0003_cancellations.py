"""Cancellations of charges, and the attempts at the provider."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("ck_charges_credited_has_time", "charges")
    op.create_check_constraint(
        "ck_charges_credited_has_time",
        "charges",
        "(state IN ('credited', 'cancelling', 'cancelled')) = (credited_at IS NOT NULL)",
    )
    op.create_table(
        "charge_cancellations",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("charge_id", sa.Uuid, nullable=False),
        sa.Column("company_id", sa.Uuid, nullable=False),
        sa.Column("no", sa.Integer, nullable=False),
        sa.Column("amount_krw", sa.BigInteger, nullable=False),
        sa.Column("fee_krw", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False, comment="open, done, refused"),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("refusal_code", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_charge_cancellations"),
        sa.UniqueConstraint("charge_id", "no", name="uq_charge_cancellations_charge_id_no"),
        sa.ForeignKeyConstraint(["charge_id"], ["charges.id"], name="fk_charge_cancellations_charge_id"),
        sa.CheckConstraint(
            "0 <= fee_krw AND fee_krw < amount_krw", name="ck_charge_cancellations_fee_leaves_something"
        ),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ck_charge_cancellations_ended_has_time"),
    )
    op.create_index(
        "uq_charge_cancellations_once",
        "charge_cancellations",
        ["charge_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('open', 'done')"),
    )
    op.create_index("ix_charge_cancellations_company_id", "charge_cancellations", ["company_id"])
    op.create_table(
        "cancellation_attempts",
        sa.Column("cancellation_id", sa.Uuid, nullable=False),
        sa.Column("idempotency_key", sa.Text, nullable=False, comment="ours at the provider, for ever"),
        sa.Column("state", sa.Text, nullable=False, comment="open, settled, operator"),
        sa.Column("tries", sa.SmallInteger, nullable=False),
        sa.Column("owner", sa.Uuid),
        sa.Column("lease_ends_at", sa.DateTime(timezone=True), nullable=False, comment="the database's own clock"),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text),
        sa.PrimaryKeyConstraint("cancellation_id", name="pk_cancellation_attempts"),
        sa.UniqueConstraint("idempotency_key", name="uq_cancellation_attempts_idempotency_key"),
        sa.ForeignKeyConstraint(
            ["cancellation_id"], ["charge_cancellations.id"], name="fk_cancellation_attempts_cancellation_id"
        ),
    )
    op.create_index(
        "ix_cancellation_attempts_due",
        "cancellation_attempts",
        ["next_try_at"],
        postgresql_where=sa.text("state = 'open'"),
    )
