"""The books, holds, lots, limits and charges of companies."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.migrations import plumbing_v1

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("postings", "entries")


def upgrade() -> None:
    plumbing_v1(op)
    _create_copies()
    _create_limits()
    _create_books()
    _create_holds()
    _create_charges()
    _create_lots()
    _guard_books()


def _krw(name: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _time(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _create_copies() -> None:
    op.create_table(
        "companies",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("master_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_companies"),
    )
    op.create_table(
        "members",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("company_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_members"),
    )
    op.create_index("ix_members_company_id_id", "members", ["company_id", "id"])
    op.create_table(
        "cash_like_grants",
        sa.Column("company_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("permitted", sa.Boolean, nullable=False),
        _krw("monthly_limit_krw"),
        sa.PrimaryKeyConstraint("company_id", name="pk_cash_like_grants"),
    )


def _create_limits() -> None:
    op.create_table(
        "credit_contracts",
        sa.Column("company_id", sa.Uuid, nullable=False),
        _krw("monthly_limit_krw"),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("company_id", name="pk_credit_contracts"),
        sa.CheckConstraint("monthly_limit_krw >= 0", name="ck_credit_contracts_limit_not_negative"),
    )
    op.create_table(
        "spending_limits",
        sa.Column("member_id", sa.Uuid, nullable=False),
        sa.Column("company_id", sa.Uuid, nullable=False),
        sa.Column("limit_krw", sa.BigInteger, comment="empty: unlimited"),
        sa.PrimaryKeyConstraint("member_id", name="pk_spending_limits"),
        sa.CheckConstraint("limit_krw >= 0", name="ck_spending_limits_limit_not_negative"),
    )
    op.create_table(
        "monthly_uses",
        sa.Column("subject_id", sa.Uuid, nullable=False, comment="company or sub-member"),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("month", sa.Text, nullable=False, comment="YYYY-MM in Seoul"),
        sa.Column("company_id", sa.Uuid, nullable=False),
        _krw("used_krw"),
        sa.PrimaryKeyConstraint("subject_id", "scope", "month", name="pk_monthly_uses"),
        sa.CheckConstraint("used_krw >= 0", name="ck_monthly_uses_use_not_negative"),
    )
    op.create_index("ix_monthly_uses_company_id", "monthly_uses", ["company_id"])


def _create_books() -> None:
    op.create_table(
        "ledger_heads",
        sa.Column("company_id", sa.Uuid, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("previous_hash", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("company_id", name="pk_ledger_heads"),
    )
    op.create_table(
        "accounts",
        sa.Column("company_id", sa.Uuid, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        _krw("balance_krw"),
        sa.PrimaryKeyConstraint("company_id", "account", name="pk_accounts"),
        sa.ForeignKeyConstraint(["company_id"], ["ledger_heads.company_id"], name="fk_accounts_company_id"),
        sa.CheckConstraint(
            "balance_krw >= 0 OR account IN ('provider_clearing', 'receivable')",
            name="ck_accounts_balance_not_negative",
        ),
    )
    op.create_table(
        "postings",
        sa.Column("company_id", sa.Uuid, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False, comment="never pruned: a cause is posted once"),
        _time("posted_at"),
        sa.Column("order_id", sa.Uuid),
        sa.Column("charge_id", sa.Uuid),
        sa.Column("previous_hash", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("company_id", "seq", name="pk_postings"),
        sa.UniqueConstraint("cause", name="uq_postings_cause"),
        sa.ForeignKeyConstraint(["company_id"], ["ledger_heads.company_id"], name="fk_postings_company_id"),
    )
    op.create_index("ix_postings_order_id", "postings", ["order_id"], postgresql_where=sa.text("order_id IS NOT NULL"))
    op.create_table(
        "entries",
        sa.Column("company_id", sa.Uuid, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        _krw("amount_krw"),
        _krw("balance_after_krw"),
        sa.PrimaryKeyConstraint("company_id", "seq", "account", name="pk_entries"),
        sa.ForeignKeyConstraint(
            ["company_id", "seq"], ["postings.company_id", "postings.seq"], name="fk_entries_company_id_seq"
        ),
        sa.CheckConstraint("amount_krw <> 0", name="ck_entries_amount_not_zero"),
    )
    op.create_index(
        "ix_entries_history",
        "entries",
        ["company_id", "seq"],
        postgresql_where=sa.text("account = 'balance'"),
    )


def _create_holds() -> None:
    op.create_table(
        "order_decisions",
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("company_id", sa.Uuid, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("required_krw", sa.BigInteger),
        sa.Column("available_krw", sa.BigInteger),
        _time("decided_at"),
        sa.PrimaryKeyConstraint("order_id", name="pk_order_decisions"),
        sa.CheckConstraint(
            "(outcome = 'refused') = (reason IS NOT NULL)", name="ck_order_decisions_refusal_has_reason"
        ),
    )
    op.create_table(
        "holds",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("order_id", sa.Uuid, nullable=False),
        sa.Column("company_id", sa.Uuid, nullable=False),
        sa.Column("member_id", sa.Uuid, nullable=False),
        sa.Column("by_sub_member", sa.Boolean, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("month", sa.Text, nullable=False, comment="of placing, YYYY-MM in Seoul"),
        _krw("amount_krw"),
        _krw("captured_krw"),
        _krw("released_krw"),
        _krw("open_krw"),
        _krw("cash_like_krw"),
        _krw("cash_like_released_krw"),
        sa.Column("order_number", sa.Text, nullable=False),
        sa.Column("order_name", sa.Text, nullable=False),
        sa.Column("order_type", sa.Text, nullable=False),
        _time("placed_at"),
        _time("reserved_at"),
        sa.PrimaryKeyConstraint("id", name="pk_holds"),
        sa.UniqueConstraint("order_id", name="uq_holds_order_id"),
        sa.ForeignKeyConstraint(["order_id"], ["order_decisions.order_id"], name="fk_holds_order_id"),
        sa.CheckConstraint("amount_krw = captured_krw + released_krw + open_krw", name="ck_holds_adds_up"),
        sa.CheckConstraint(
            "least(amount_krw, captured_krw, released_krw, open_krw) >= 0", name="ck_holds_not_negative"
        ),
        sa.CheckConstraint(
            "0 <= cash_like_released_krw AND cash_like_released_krw <= cash_like_krw",
            name="ck_holds_cash_like",
        ),
    )
    op.create_index("ix_holds_company_id_month", "holds", ["company_id", "month"])


def _create_charges() -> None:
    op.create_table(
        "charges",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("company_id", sa.Uuid, nullable=False),
        sa.Column("member_id", sa.Uuid, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        _krw("amount_krw"),
        sa.Column("state", sa.Text, nullable=False),
        _time("requested_at"),
        _time("expires_at"),
        sa.Column("payment_key", sa.Text),
        _time("credited_at", nullable=True),
        sa.Column("means", sa.Text),
        sa.Column("receipt_url", sa.Text),
        sa.Column("failure_code", sa.Text),
        sa.Column("failure_message", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_charges"),
        sa.UniqueConstraint("payment_key", name="uq_charges_payment_key"),
        sa.CheckConstraint("amount_krw > 0", name="ck_charges_amount_positive"),
        sa.CheckConstraint("(state = 'credited') = (credited_at IS NOT NULL)", name="ck_charges_credited_has_time"),
    )
    op.create_index("ix_charges_company_id_id", "charges", ["company_id", "id"])
    op.create_table(
        "charge_attempts",
        sa.Column("charge_id", sa.Uuid, nullable=False),
        sa.Column("idempotency_key", sa.Text, nullable=False, comment="ours at the provider, for ever"),
        sa.Column("state", sa.Text, nullable=False, comment="open, settled, operator"),
        sa.Column("tries", sa.SmallInteger, nullable=False),
        sa.Column("owner", sa.Uuid),
        sa.Column("lease_ends_at", sa.DateTime(timezone=True), nullable=False, comment="the database's own clock"),
        _time("next_try_at"),
        sa.Column("note", sa.Text),
        sa.PrimaryKeyConstraint("charge_id", name="pk_charge_attempts"),
        sa.UniqueConstraint("idempotency_key", name="uq_charge_attempts_idempotency_key"),
        sa.ForeignKeyConstraint(["charge_id"], ["charges.id"], name="fk_charge_attempts_charge_id"),
    )
    op.create_index(
        "ix_charge_attempts_due",
        "charge_attempts",
        ["next_try_at"],
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "payment_notices",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("transmission_id", sa.Text),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("headers", JSONB, nullable=False),
        _time("received_at"),
        sa.Column("state", sa.Text, nullable=False, comment="open, closed"),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column(
            "lease_ends_at",
            sa.DateTime(timezone=True),
            comment="the database's own clock; empty: nobody works on it",
        ),
        _time("next_try_at"),
        sa.Column("note", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_payment_notices"),
        sa.UniqueConstraint("transmission_id", name="uq_payment_notices_transmission_id"),
    )
    op.create_index(
        "ix_payment_notices_due",
        "payment_notices",
        ["next_try_at"],
        postgresql_where=sa.text("state = 'open'"),
    )


def _create_lots() -> None:
    op.create_table(
        "charge_lots",
        sa.Column("charge_id", sa.Uuid, nullable=False),
        sa.Column("company_id", sa.Uuid, nullable=False),
        _time("credited_at"),
        _krw("amount_krw"),
        _krw("free_krw"),
        _krw("held_krw"),
        _krw("spent_krw"),
        sa.PrimaryKeyConstraint("charge_id", name="pk_charge_lots"),
        sa.ForeignKeyConstraint(["charge_id"], ["charges.id"], name="fk_charge_lots_charge_id"),
        sa.CheckConstraint("amount_krw = free_krw + held_krw + spent_krw", name="ck_charge_lots_adds_up"),
        sa.CheckConstraint("least(free_krw, held_krw, spent_krw) >= 0", name="ck_charge_lots_not_negative"),
    )
    op.create_index(
        "ix_charge_lots_free",
        "charge_lots",
        ["company_id", "credited_at", "charge_id"],
        postgresql_where=sa.text("free_krw > 0"),
    )
    op.create_table(
        "hold_lots",
        sa.Column("hold_id", sa.Uuid, nullable=False),
        sa.Column("charge_id", sa.Uuid, nullable=False),
        _krw("amount_krw"),
        _krw("open_krw"),
        _krw("spent_krw"),
        _krw("returned_krw"),
        sa.PrimaryKeyConstraint("hold_id", "charge_id", name="pk_hold_lots"),
        sa.ForeignKeyConstraint(["hold_id"], ["holds.id"], name="fk_hold_lots_hold_id"),
        sa.ForeignKeyConstraint(["charge_id"], ["charge_lots.charge_id"], name="fk_hold_lots_charge_id"),
        sa.CheckConstraint("amount_krw = open_krw + spent_krw + returned_krw", name="ck_hold_lots_adds_up"),
        sa.CheckConstraint("least(open_krw, spent_krw, returned_krw) >= 0", name="ck_hold_lots_not_negative"),
    )


def _guard_books() -> None:
    """Postings sum to zero when their transaction ends, and nobody changes or removes one, the owner included."""
    op.execute("""
        CREATE FUNCTION posting_must_balance() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
          parts bigint;
          total numeric;
        BEGIN
          SELECT count(*), coalesce(sum(amount_krw), 0) INTO parts, total
          FROM entries WHERE company_id = NEW.company_id AND seq = NEW.seq;
          IF parts < 2 OR total <> 0 THEN
            RAISE EXCEPTION 'posting % of % has % entries that sum to %', NEW.seq, NEW.company_id, parts, total
              USING ERRCODE = 'check_violation';
          END IF;
          RETURN NULL;
        END $$
    """)
    op.execute("""
        CREATE FUNCTION books_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
        END $$
    """)
    for table in APPEND_ONLY:
        op.execute(f"""
            CREATE CONSTRAINT TRIGGER {table}_balance AFTER INSERT ON {table}
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION posting_must_balance()
        """)
        op.execute(f"""
            CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION books_are_append_only()
        """)
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM wallet")
