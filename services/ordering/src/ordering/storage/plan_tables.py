"""The tables of anniversary plans. Days are those of Seoul; `next_on` makes the daily sweep one look at an index."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from chassis.columns import EncryptedText
from ordering.storage.schema import metadata

PLAN_PHONE_PURPOSE = "ordering.plan_recipients.phone"

plans = Table(
    "plans",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("company_id", Uuid, nullable=False),
    Column("member_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False, comment="grows with every change by its owner, and with a stop"),
    Column("state", Text, nullable=False),
    Column("order_name", Text, nullable=False),
    Column("send_title", Text, nullable=False),
    Column("order_type", Text, nullable=False),
    Column("default_offer_id", Uuid),
    Column("template_id", Uuid, nullable=False),
    Column("typed_values", JSONB, nullable=False),
    Column("repeats_allowed", Boolean, nullable=False),
    Column("sender_profile_id", Uuid),
    Column("ends_on", Date),
    Column("terms_version", Text),
    Column("recipients", Integer, nullable=False),
    Column("each_pay_krw", BigInteger, nullable=False),
    Column("each_cash_like_krw", BigInteger, nullable=False),
    Column("next_on", Date, comment="the earliest day of its recipients"),
    Column("registered_at", DateTime(timezone=True), nullable=False),
    Column("stop_reason", Text, comment="why it turned itself off (ANN-05)"),
    Column("stop_product", Text),
    Index(None, "member_id", "id"),
    Index("ix_plans_due", "next_on", "id", postgresql_where=text("state = 'on'")),
)

plan_items = Table(
    "plan_items",
    metadata,
    Column("plan_id", Uuid, ForeignKey("plans.id"), primary_key=True),
    Column("item_no", SmallInteger, primary_key=True),
    Column("offer_id", Uuid, nullable=False),
    Column("accepted_krw", BigInteger, nullable=False, comment="the sale price that the owner accepted"),
    Index(None, "offer_id"),
)

plan_recipients = Table(
    "plan_recipients",
    metadata,
    Column("plan_id", Uuid, ForeignKey("plans.id"), primary_key=True),
    Column("row_no", Integer, primary_key=True),
    Column("phone", EncryptedText(PLAN_PHONE_PURPOSE), nullable=False),
    Column("name", Text, nullable=False),
    Column("company", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("year", SmallInteger, nullable=False, comment="of the first event, in the calendar's own count"),
    Column("month", SmallInteger, nullable=False),
    Column("day", SmallInteger, nullable=False),
    Column("calendar", Text, nullable=False),
    Column("next_on", Date, comment="NULL when the plan ends before"),
    Index("ix_plan_recipients_next_on", "next_on", "plan_id"),
    Index("ix_plan_recipients_plan_id_next_on", "plan_id", "next_on"),
)

plan_days = Table(
    "plan_days",
    metadata,
    Column("plan_id", Uuid, ForeignKey("plans.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("recipients", Integer, nullable=False),
    Column("order_id", Uuid),
    Column("reason", Text),
    Column("at", DateTime(timezone=True), nullable=False),
    comment="what became of each day of a plan: the key makes its order one for ever",
)

begun_days = Table(
    "begun_days",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("day", Date, nullable=False, comment="the last day that began: plans' days up to it are due"),
)

sender_profile_uses = Table(
    "sender_profile_uses",
    metadata,
    Column("company_id", Uuid, primary_key=True),
    Column("profile_id", Uuid, primary_key=True),
    Column("uses", Integer, nullable=False),
    Column("version", Integer, nullable=False),
)
