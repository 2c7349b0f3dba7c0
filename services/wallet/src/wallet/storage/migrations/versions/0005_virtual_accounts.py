"""Virtual accounts, deposits that were taken back, differences to the provider's record, and the daily checks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _extend_charges()
    _open_claims()
    _create_take_backs()
    _create_differences()
    _create_checks()


def _extend_charges() -> None:
    op.add_column("charges", sa.Column("approved_at", sa.DateTime(timezone=True)))
    op.add_column("charges", sa.Column("bank_code", sa.Text, comment="of a virtual account"))
    op.add_column("charges", sa.Column("account_holder", sa.Text))
    op.add_column("charges", sa.Column("account_number", sa.Text))
    op.add_column("charges", sa.Column("deposit_secret", sa.Text, comment="what true deposit notices carry"))
    op.drop_constraint("ck_charges_credited_has_time", "charges")
    op.create_check_constraint(
        "ck_charges_credited_has_time",
        "charges",
        "(state IN ('credited', 'cancelling', 'cancelled', 'taken_back')) = (credited_at IS NOT NULL)",
    )
    op.create_check_constraint(
        "ck_charges_waiting_has_account", "charges", "state <> 'waiting' OR account_number IS NOT NULL"
    )
    op.create_index(
        "ix_charges_waiting", "charges", ["company_id", "id"], postgresql_where=sa.text("state = 'waiting'")
    )
    op.create_index(
        "ix_charges_approved_at", "charges", ["approved_at"], postgresql_where=sa.text("approved_at IS NOT NULL")
    )


def _open_claims() -> None:
    op.drop_constraint("ck_accounts_balance_not_negative", "accounts")
    op.create_check_constraint(
        "ck_accounts_balance_not_negative",
        "accounts",
        "balance_krw >= 0 OR account IN ('provider_clearing', 'receivable', 'claims')",
    )
    op.execute(
        "INSERT INTO accounts (company_id, account, balance_krw) SELECT company_id, 'claims', 0 FROM ledger_heads"
    )


def _create_take_backs() -> None:
    op.create_table(
        "take_backs",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("charge_id", sa.Uuid, nullable=False),
        sa.Column("company_id", sa.Uuid, nullable=False),
        sa.Column("no", sa.Integer, nullable=False),
        sa.Column("amount_krw", sa.BigInteger, nullable=False),
        sa.Column("recovered_krw", sa.BigInteger, nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_take_backs"),
        sa.UniqueConstraint("charge_id", "no", name="uq_take_backs_charge_id_no"),
        sa.ForeignKeyConstraint(["charge_id"], ["charges.id"], name="fk_take_backs_charge_id"),
        sa.CheckConstraint(
            "0 <= recovered_krw AND recovered_krw <= amount_krw", name="ck_take_backs_recovered_within_amount"
        ),
    )
    op.create_index("ix_take_backs_open", "take_backs", ["company_id"], postgresql_where=sa.text("returned_at IS NULL"))
    op.create_table(
        "take_back_lots",
        sa.Column("take_back_id", sa.Uuid, nullable=False),
        sa.Column("charge_id", sa.Uuid, nullable=False),
        sa.Column("amount_krw", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("take_back_id", "charge_id", name="pk_take_back_lots"),
        sa.ForeignKeyConstraint(["take_back_id"], ["take_backs.id"], name="fk_take_back_lots_take_back_id"),
        sa.ForeignKeyConstraint(["charge_id"], ["charge_lots.charge_id"], name="fk_take_back_lots_charge_id"),
        sa.CheckConstraint("amount_krw > 0", name="ck_take_back_lots_amount_positive"),
    )


def _create_differences() -> None:
    op.create_table(
        "payment_differences",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("key", sa.Text, nullable=False, comment="what is found again is the same difference"),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provider_order_id", sa.Text, nullable=False),
        sa.Column("charge_id", sa.Uuid),
        sa.Column("company_id", sa.Uuid),
        sa.Column("our_krw", sa.BigInteger),
        sa.Column("provider_krw", sa.BigInteger),
        sa.Column("resolved_at", sa.DateTime(timezone=True)),
        sa.Column("resolved_by", sa.Uuid),
        sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_payment_differences"),
        sa.UniqueConstraint("key", name="uq_payment_differences_key"),
        sa.CheckConstraint(
            "(resolved_at IS NULL) = (resolved_by IS NULL) AND (resolved_at IS NULL) = (reason IS NULL)",
            name="ck_payment_differences_resolved_by_somebody",
        ),
    )
    op.create_index(
        "ix_payment_differences_open", "payment_differences", ["id"], postgresql_where=sa.text("resolved_at IS NULL")
    )


def _create_checks() -> None:
    op.create_table(
        "daily_checks",
        sa.Column("kind", sa.Text, nullable=False, comment="proof, reconciliation"),
        sa.Column("day", sa.Date, nullable=False, comment="of Seoul; a reconciliation is of the day before its own"),
        sa.Column("state", sa.Text, nullable=False, comment="open, done"),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_ends_at", sa.DateTime(timezone=True), comment="the database's own clock"),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("found", sa.Integer, comment="how many things were wrong; empty before it is done"),
        sa.Column("result", JSONB),
        sa.PrimaryKeyConstraint("kind", "day", name="pk_daily_checks"),
        sa.CheckConstraint(
            "(state = 'done') = (done_at IS NOT NULL AND found IS NOT NULL)", name="ck_daily_checks_done_has_result"
        ),
    )
    op.create_index("ix_daily_checks_due", "daily_checks", ["next_try_at"], postgresql_where=sa.text("state = 'open'"))
