"""The tables of orders. Times are aware UTC from the business clock; only leases are the database's own."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Sequence,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from chassis.columns import EncryptedText
from ordering.storage.schema import metadata

PHONE_PURPOSE = "ordering.order_lines.phone"
COUPON_NUMBER_PURPOSE = "ordering.coupons.number"

order_running_number = Sequence("order_running_number", metadata=metadata)
"""ORD-16: goes on across days; gaps are allowed."""

orders = Table(
    "orders",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("order_number", Text, nullable=False, unique=True),
    Column("company_id", Uuid, nullable=False),
    Column("member_id", Uuid, nullable=False),
    Column("member_role", Text, nullable=False),
    Column("order_type", Text, nullable=False),
    Column("order_name", Text, nullable=False),
    Column("send_title", Text, nullable=False),
    Column("external_id", Text),
    Column(
        "cart_line_ids",
        ARRAY(Uuid),
        nullable=False,
        server_default=text("'{}'"),
        comment="leave the orderer's cart on acceptance (CAT-07)",
    ),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False, comment="grows with every change that a reader can see"),
    Column("recipients", Integer, nullable=False),
    Column("products", SmallInteger, nullable=False),
    Column("list_amount_krw", BigInteger, nullable=False),
    Column("pay_amount_krw", BigInteger, nullable=False),
    Column("confirmed_amount_krw", BigInteger, nullable=False),
    Column("success", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("error", Integer, nullable=False),
    Column("chunk_lines", SmallInteger, nullable=False),
    Column("template_id", Uuid, nullable=False),
    Column("template_version", Integer, nullable=False),
    Column("template_body", Text, nullable=False, comment="frozen at placing (ORD-37)"),
    Column("template_variables", JSONB, nullable=False),
    Column("coupon_card", Text),
    Column("coupon_message", Text, comment="frozen at placing (ORD-14); the template's body without one"),
    Column("typed_values", JSONB, nullable=False),
    Column("terms_version", Text),
    Column("placed_at", DateTime(timezone=True), nullable=False),
    Column("correlation_id", Uuid, comment="the request that placed it"),
    Column("default_item_no", SmallInteger, comment="the default item of a choice order (ORD-04)"),
    Column("send_at", DateTime(timezone=True), comment="when a scheduled order is sent (ORD-08)"),
    Column("sender_profile_id", Uuid, comment="whose channel its messages come from; the service's own without one"),
    Column("plan_id", Uuid, comment="the anniversary plan that made it"),
    Column("withdrawn_at", DateTime(timezone=True), comment="when ordering gave up waiting for the money"),
    Column("shortfall_reason", Text),
    Column("required_krw", BigInteger),
    Column("available_krw", BigInteger),
    Column("started_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
    Index(None, "company_id", "id"),
    Index(None, "company_id", "external_id"),
    Index(None, "member_id", "id"),
    Index(
        "ix_orders_open",
        "company_id",
        "member_id",
        "state",
        postgresql_where=text("state IN ('pending', 'scheduled', 'sending')"),
    ),
)

order_items = Table(
    "order_items",
    metadata,
    Column("order_id", Uuid, ForeignKey("orders.id"), primary_key=True),
    Column("item_no", SmallInteger, primary_key=True),
    Column("offer_id", Uuid, nullable=False),
    Column("product_id", Uuid, nullable=False),
    Column("brand_name", Text, nullable=False),
    Column("product_name", Text, nullable=False),
    Column("notice", Text, nullable=False),
    Column("image_path", Text, nullable=False),
    Column("validity_days", Integer, nullable=False),
    Column("face_price_krw", BigInteger, nullable=False),
    Column("sale_price_krw", BigInteger, nullable=False),
    Column("cash_like", Boolean, nullable=False),
    Column("supplier", Text, nullable=False),
    Column("supplier_goods_code", Text, nullable=False),
    Index(None, "offer_id"),
)

order_lines = Table(
    "order_lines",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("order_id", Uuid, ForeignKey("orders.id"), nullable=False),
    Column("line_no", Integer, nullable=False),
    Column("phone", EncryptedText(PHONE_PURPOSE), nullable=False),
    Column("phone_hash", LargeBinary, nullable=False),
    Column("phone_ending_hash", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
    Column("company", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("dispatch", Text, nullable=False),
    Column("dispatch_wave", Integer, comment="the wave in which the message was asked for"),
    Column("channel", Text),
    Column("dispatch_code", Text),
    Column("dispatch_ended_at", DateTime(timezone=True)),
    Column("link_key_id", Text),
    Column("link_hash", LargeBinary),
    Column("resends", SmallInteger, nullable=False, server_default=text("0")),
    Column("resend_wave", Integer, comment="the wave of a resend that has not been reported"),
    Index("uq_order_lines_order_id_line_no", "order_id", "line_no", unique=True),
    Index("uq_order_lines_link_hash", "link_hash", unique=True, postgresql_where=text("link_hash IS NOT NULL")),
)

coupons = Table(
    "coupons",
    metadata,
    Column("line_id", Uuid, primary_key=True),
    Column("item_no", SmallInteger, primary_key=True),
    Column("state", Text, nullable=False),
    Column("number", EncryptedText(COUPON_NUMBER_PURPOSE)),
    Column("supplier_order_no", Text),
    Column("expires_at", DateTime(timezone=True)),
    Column("issued_at", DateTime(timezone=True)),
    Column("failure_code", Text),
    Column("choice_ends_at", DateTime(timezone=True), comment="when the default takes the recipient's place (ORD-05)"),
    Column("chosen_by", Text),
    Column("chosen_at", DateTime(timezone=True)),
    Column("asked_at", DateTime(timezone=True), comment="when its supplier was asked how it stands"),
    Column(
        "asking_due_at", DateTime(timezone=True), comment="when its supplier is asked next; at its expiry without one"
    ),
    Column("asking_until", DateTime(timezone=True), comment="the claim of who asks, by the database's clock"),
    Index(
        "ix_coupons_asking_due",
        text("coalesce(asking_due_at, expires_at)"),
        postgresql_where=text("state = 'issued'"),
    ),
    Index("ix_coupons_choices_open", "choice_ends_at", postgresql_where=text("state = 'awaiting_choice'")),
    Index("ix_coupons_issued", "issued_at", postgresql_where=text("issued_at IS NOT NULL")),
)

issue_attempts = Table(
    "issue_attempts",
    metadata,
    Column("line_id", Uuid, primary_key=True),
    Column("item_no", SmallInteger, primary_key=True),
    Column("tr_id", Text, nullable=False, unique=True, comment="our key at the supplier, stored before the call"),
    Column("state", Text, nullable=False),
    Column("asked", Integer, nullable=False, comment="askings since the outcome became unknown"),
    Column("next_at", DateTime(timezone=True), nullable=False, comment="when the next call or asking is due"),
    Column("code", Text, comment="the supplier's last code, or why there was none"),
    Column("called_at", DateTime(timezone=True), nullable=False),
    Column("unknown_since", DateTime(timezone=True), comment="messages wait so long for it, and no longer"),
    Index("ix_issue_attempts_flagged", "called_at", postgresql_where=text("state = 'flagged'")),
)

chunks = Table(
    "chunks",
    metadata,
    Column("order_id", Uuid, ForeignKey("orders.id"), primary_key=True),
    Column("chunk_no", Integer, primary_key=True),
    Column("first_line_no", Integer, nullable=False),
    Column("last_line_no", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("next_wave", Integer, nullable=False),
    Column("next_at", DateTime(timezone=True), nullable=False, comment="business time of the next turn"),
    Column("owner", Uuid, comment="the worker whose turn it is"),
    Column("lease_until", DateTime(timezone=True), comment="by the database's clock"),
    # Chunk 0 of a small order goes before chunk 57 of a large one: a large order never holds up all others.
    Index("ix_chunks_open", "chunk_no", "next_at", postgresql_where=text("state = 'open'")),
)

supplier_stops = Table(
    "supplier_stops",
    metadata,
    Column("supplier", Text, primary_key=True),
    Column("code", Text, nullable=False),
    Column("stopped_until", DateTime(timezone=True), nullable=False),
)

order_acts = Table(
    "order_acts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("order_id", Uuid, ForeignKey("orders.id"), nullable=False),
    Column("line_id", Uuid),
    Column("member_id", Uuid, nullable=False),
    Column("act", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index(None, "order_id"),
    comment="append-only: members' acts on placed orders (ORD-24, ORD-25)",
)

recipient_proofs = Table(
    "recipient_proofs",
    metadata,
    Column("proof_hash", LargeBinary, primary_key=True),
    Column("line_id", Uuid, ForeignKey("order_lines.id"), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Index(None, "line_id"),
)
