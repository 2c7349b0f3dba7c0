"""The tables of this service beside the chassis's own. Columns in `_krw` are whole won."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from chassis.columns import EncryptedText
from chassis.tables import NAMING_CONVENTION

metadata = MetaData(naming_convention=NAMING_CONVENTION)


def _krw(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def _time(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


companies = Table(
    "companies",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("method", Text, nullable=False),
    Column("master_id", Uuid, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("representative_name", Text, nullable=False, server_default=""),
)

members = Table(
    "members",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("company_id", Uuid, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("role", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("email_key_id", Text, comment="sealed as it came: this service cannot open it"),
    Column("email_ciphertext", Text),
    Index(None, "company_id", "id"),
)

cash_like_grants = Table(
    "cash_like_grants",
    metadata,
    Column("company_id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("permitted", Boolean, nullable=False),
    _krw("monthly_limit_krw"),
)

credit_contracts = Table(
    "credit_contracts",
    metadata,
    Column("company_id", Uuid, primary_key=True),
    _krw("monthly_limit_krw"),
    Column("starts_on", Date, nullable=False),
    CheckConstraint("monthly_limit_krw >= 0", name="limit_not_negative"),
)

spending_limits = Table(
    "spending_limits",
    metadata,
    Column("member_id", Uuid, primary_key=True),
    Column("company_id", Uuid, nullable=False),
    Column("limit_krw", BigInteger, comment="empty: unlimited"),
    Column("version", BigInteger, nullable=False, server_default="1"),
    _time("set_at", nullable=True),
    Index(None, "company_id"),
    CheckConstraint("limit_krw >= 0", name="limit_not_negative"),
)

monthly_uses = Table(
    "monthly_uses",
    metadata,
    Column("subject_id", Uuid, primary_key=True, comment="company or sub-member"),
    Column("scope", Text, primary_key=True),
    Column("month", Text, primary_key=True, comment="YYYY-MM in Seoul"),
    Column("company_id", Uuid, nullable=False),
    _krw("used_krw"),
    Index(None, "company_id"),
    CheckConstraint("used_krw >= 0", name="use_not_negative"),
)

ledger_heads = Table(
    "ledger_heads",
    metadata,
    Column("company_id", Uuid, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("previous_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("company_id", Uuid, ForeignKey(ledger_heads.c.company_id), primary_key=True),
    Column("account", Text, primary_key=True),
    _krw("balance_krw"),
    CheckConstraint(
        "balance_krw >= 0 OR account IN ('provider_clearing', 'receivable', 'claims')", name="balance_not_negative"
    ),
)

postings = Table(
    "postings",
    metadata,
    Column("company_id", Uuid, ForeignKey(ledger_heads.c.company_id), primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("cause", Text, nullable=False, unique=True, comment="never pruned: a cause is posted once"),
    _time("posted_at"),
    Column("order_id", Uuid),
    Column("charge_id", Uuid),
    Column("refund_id", Uuid),
    Column("previous_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index("ix_postings_order_id", "order_id", postgresql_where=text("order_id IS NOT NULL")),
)

entries = Table(
    "entries",
    metadata,
    Column("company_id", Uuid, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("account", Text, primary_key=True),
    _krw("amount_krw"),
    _krw("balance_after_krw"),
    ForeignKeyConstraint(["company_id", "seq"], [postings.c.company_id, postings.c.seq]),
    CheckConstraint("amount_krw <> 0", name="amount_not_zero"),
    Index("ix_entries_history", "company_id", "seq", postgresql_where=text("account = 'balance'")),
)

order_decisions = Table(
    "order_decisions",
    metadata,
    Column("order_id", Uuid, primary_key=True),
    Column("company_id", Uuid, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reason", Text),
    Column("required_krw", BigInteger),
    Column("available_krw", BigInteger),
    _time("decided_at"),
    CheckConstraint("(outcome = 'refused') = (reason IS NOT NULL)", name="refusal_has_reason"),
)

holds = Table(
    "holds",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("order_id", Uuid, ForeignKey(order_decisions.c.order_id), nullable=False, unique=True),
    Column("company_id", Uuid, nullable=False),
    Column("member_id", Uuid, nullable=False),
    Column("by_sub_member", Boolean, nullable=False),
    Column("method", Text, nullable=False),
    Column("month", Text, nullable=False, comment="of placing, YYYY-MM in Seoul"),
    _krw("amount_krw"),
    _krw("captured_krw"),
    _krw("released_krw"),
    _krw("open_krw"),
    _krw("cash_like_krw"),
    _krw("cash_like_released_krw"),
    Column("order_number", Text, nullable=False),
    Column("order_name", Text, nullable=False),
    Column("order_type", Text, nullable=False),
    Column("coupons", Integer, comment="ordered; empty where it was not said"),
    _time("placed_at"),
    _time("reserved_at"),
    Index(None, "company_id", "month"),
    CheckConstraint("amount_krw = captured_krw + released_krw + open_krw", name="adds_up"),
    CheckConstraint("least(amount_krw, captured_krw, released_krw, open_krw) >= 0", name="not_negative"),
    CheckConstraint("0 <= cash_like_released_krw AND cash_like_released_krw <= cash_like_krw", name="cash_like"),
)

charges = Table(
    "charges",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("company_id", Uuid, nullable=False),
    Column("member_id", Uuid, nullable=False),
    Column("method", Text, nullable=False),
    _krw("amount_krw"),
    Column("state", Text, nullable=False),
    _time("requested_at"),
    _time("expires_at"),
    Column("payment_key", Text, unique=True),
    _time("credited_at", nullable=True),
    Column("means", Text),
    Column("receipt_url", Text),
    Column("failure_code", Text),
    Column("failure_message", Text),
    _time("approved_at", nullable=True),
    Column("bank_code", Text, comment="of a virtual account"),
    Column("account_holder", Text),
    Column("account_number", Text),
    Column("deposit_secret", EncryptedText("charge.deposit_secret"), comment="what true deposit notices carry"),
    Index(None, "company_id", "id"),
    Index("ix_charges_waiting", "company_id", "id", postgresql_where=text("state = 'waiting'")),
    Index("ix_charges_approved_at", "approved_at", postgresql_where=text("approved_at IS NOT NULL")),
    CheckConstraint("amount_krw > 0", name="amount_positive"),
    CheckConstraint(
        "(state IN ('credited', 'cancelling', 'cancelled', 'taken_back')) = (credited_at IS NOT NULL)",
        name="credited_has_time",
    ),
    CheckConstraint("state <> 'waiting' OR account_number IS NOT NULL", name="waiting_has_account"),
)

charge_attempts = Table(
    "charge_attempts",
    metadata,
    Column("charge_id", Uuid, ForeignKey(charges.c.id), primary_key=True),
    Column("idempotency_key", Text, nullable=False, unique=True, comment="ours at the provider, for ever"),
    Column("state", Text, nullable=False, comment="open, settled, operator"),
    Column("tries", SmallInteger, nullable=False),
    Column("owner", Uuid),
    Column("lease_ends_at", DateTime(timezone=True), nullable=False, comment="the database's own clock"),
    _time("next_try_at"),
    Column("note", Text),
    Index("ix_charge_attempts_due", "next_try_at", postgresql_where=text("state = 'open'")),
)

payment_notices = Table(
    "payment_notices",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("transmission_id", Text, unique=True),
    Column("body", LargeBinary, nullable=False),
    Column("headers", JSONB, nullable=False),
    _time("received_at"),
    Column("state", Text, nullable=False, comment="open, closed"),
    Column("tries", Integer, nullable=False),
    Column("lease_ends_at", DateTime(timezone=True), comment="the database's own clock; empty: nobody works on it"),
    _time("next_try_at"),
    Column("note", Text),
    Index("ix_payment_notices_due", "next_try_at", postgresql_where=text("state = 'open'")),
)

charge_lots = Table(
    "charge_lots",
    metadata,
    Column("charge_id", Uuid, ForeignKey(charges.c.id), primary_key=True),
    Column("company_id", Uuid, nullable=False),
    _time("credited_at"),
    _krw("amount_krw"),
    _krw("free_krw"),
    _krw("held_krw"),
    _krw("spent_krw"),
    Column("paid_back_krw", BigInteger, nullable=False, server_default="0"),
    Index("ix_charge_lots_free", "company_id", "credited_at", "charge_id", postgresql_where=text("free_krw > 0")),
    CheckConstraint("amount_krw = free_krw + held_krw + spent_krw + paid_back_krw", name="adds_up"),
    CheckConstraint("least(free_krw, held_krw, spent_krw, paid_back_krw) >= 0", name="not_negative"),
)

hold_lots = Table(
    "hold_lots",
    metadata,
    Column("hold_id", Uuid, ForeignKey(holds.c.id), primary_key=True),
    Column("charge_id", Uuid, ForeignKey(charge_lots.c.charge_id), primary_key=True),
    _krw("amount_krw"),
    _krw("open_krw"),
    _krw("spent_krw"),
    _krw("returned_krw"),
    CheckConstraint("amount_krw = open_krw + spent_krw + returned_krw", name="adds_up"),
    CheckConstraint("least(open_krw, spent_krw, returned_krw) >= 0", name="not_negative"),
)
