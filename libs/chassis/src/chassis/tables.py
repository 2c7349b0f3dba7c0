"""The chassis's own tables, which stand in every service's database beside the service's own.

Their times are the database's (`clock_timestamp()`): they measure waiting and retention, never a business rule.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
"""Names of constraints, the same in every service, so that a migration can drop what it finds."""

metadata = MetaData(naming_convention=NAMING_CONVENTION)

_NOW = text("clock_timestamp()")

outbox = Table(
    "outbox",
    metadata,
    Column("seq", BigInteger, Identity(always=True), primary_key=True),
    Column("message_id", Uuid, nullable=False),
    Column("exchange", Text, nullable=False, comment="empty: straight to the queue that the routing key names"),
    Column("routing_key", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("envelope", Text, nullable=False, comment="the body as it goes over the wire"),
    Column("headers", JSONB, nullable=False, server_default=text("'{}'")),
    Column("mandatory", Boolean, nullable=False, comment="somebody hears it, so a queue must take it"),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("next_try_at", DateTime(timezone=True), comment="empty: at once"),
    Column("last_error", Text),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
)

inbox = Table(
    "inbox",
    metadata,
    Column("queue", Text, primary_key=True),
    Column("message_id", Uuid, primary_key=True),
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    Index(None, "received_at"),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("queue", Text, nullable=False),
    Column("message_id", Uuid, nullable=False, comment="made from the body when it cannot be read"),
    Column("type", Text, comment="empty when the body is no envelope"),
    Column("body", LargeBinary, nullable=False, comment="as it came: it may not even be text"),
    Column("error", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("died_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    Column("state", Text, nullable=False, server_default=text("'waiting'"), comment="waiting, replayed, discarded"),
    CheckConstraint("state IN ('waiting', 'replayed', 'discarded')", name="state"),
    Column("settled_at", DateTime(timezone=True)),
    # Drained twice, because the drain died before it acknowledged, is still one letter to look at.
    Index("ix_dead_letters_waiting", "queue", "message_id", unique=True, postgresql_where=text("state = 'waiting'")),
)

parked_events = Table(
    "parked_events",
    metadata,
    Column("queue", Text, primary_key=True),
    Column("message_id", Uuid, primary_key=True),
    Column("key", Text, nullable=False, comment="what the fact waits for"),
    Column("type", Text, nullable=False),
    Column("envelope", Text, nullable=False),
    Column("parked_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    Index(None, "queue", "key"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("scope", Text, primary_key=True, comment="whose key it is"),
    Column("operation", Text, primary_key=True),
    Column("key", Text, primary_key=True, comment="the digest of the key that the client made"),
    Column("field_digests", JSONB, nullable=False, comment="a digest a field, to name those that differ"),
    Column("resource_id", Uuid, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)

session_floors = Table(
    "session_floors",
    metadata,
    Column("subject_id", Uuid, primary_key=True),
    Column("lowest_generation", Integer, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
)

one_time_codes = Table(
    "one_time_codes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("target_hash", LargeBinary, nullable=False),
    Column("source_hash", LargeBinary, nullable=False),
    Column("code_hash", LargeBinary, nullable=False),
    Column("issued_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("used_at", DateTime(timezone=True)),
    Column("replaced_at", DateTime(timezone=True)),
    Index(None, "purpose", "target_hash", "issued_at"),
    Index(None, "source_hash", "issued_at"),
)
