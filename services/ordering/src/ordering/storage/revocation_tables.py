"""The tables of revocations (ORD-32)."""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from ordering.storage.schema import metadata

revocations = Table(
    "revocations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("order_id", Uuid, ForeignKey("orders.id"), nullable=False),
    Column("operator_id", Uuid, nullable=False),
    Column("reason", Text, nullable=False),
    Column("repaid", Boolean, nullable=False, comment="whether the money goes back, as the operator chose"),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Index(None, "order_id", "id"),
)

revoked_coupons = Table(
    "revoked_coupons",
    metadata,
    Column("revocation_id", Uuid, ForeignKey("revocations.id"), primary_key=True),
    Column("line_id", Uuid, primary_key=True),
    Column("item_no", SmallInteger, primary_key=True),
    Column("supplier", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False, comment="cancellations whose outcome stayed unknown"),
    Column("next_at", DateTime(timezone=True), nullable=False, comment="when the next try is due"),
    Column("code", Text, comment="what the supplier said last"),
    Column("ended_at", DateTime(timezone=True)),
    Column("owner", Uuid, comment="the worker whose turn it is"),
    Column("lease_until", DateTime(timezone=True), comment="by the database's clock"),
    ForeignKeyConstraint(["line_id", "item_no"], ["coupons.line_id", "coupons.item_no"]),
    Index(None, "line_id", "item_no"),
    Index("ix_revoked_coupons_open", "next_at", postgresql_where=text("state = 'open'")),
    Index(
        "uq_revoked_coupons_once",
        "line_id",
        "item_no",
        unique=True,
        postgresql_where=text("state <> 'refused'"),
    ),
)
