"""The chassis's tables as migrations make them: written down as they were, whatever the code says today.

A service's first migration calls `plumbing_v1`. A later change of the tables comes as the next function here, for a
migration of its own in each service.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB


def plumbing_v1(op: Any) -> None:
    """Create the chassis's tables; `op` is alembic's."""
    _create_outbox(op)
    _create_inbox(op)
    _create_keys(op)


def _create_outbox(op: Any) -> None:
    op.create_table(
        "outbox",
        Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        Column("message_id", sa.Uuid(), nullable=False),
        Column(
            "exchange", sa.Text(), nullable=False, comment="empty: straight to the queue that the routing key names"
        ),
        Column("routing_key", sa.Text(), nullable=False),
        Column("type", sa.Text(), nullable=False),
        Column("envelope", sa.Text(), nullable=False, comment="the body as it goes over the wire"),
        Column("headers", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        Column("mandatory", sa.Boolean(), nullable=False, comment="somebody hears it, so a queue must take it"),
        Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        Column("next_try_at", sa.DateTime(timezone=True), nullable=True, comment="empty: at once"),
        Column("last_error", sa.Text(), nullable=True),
        Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_outbox")),
    )
    # Rows come and go: without this the table keeps its largest size, and reading its head becomes slow.
    op.execute("ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)")


def _create_inbox(op: Any) -> None:
    op.create_table(
        "inbox",
        Column("queue", sa.Text(), nullable=False),
        Column("message_id", sa.Uuid(), nullable=False),
        Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.PrimaryKeyConstraint("queue", "message_id", name=op.f("pk_inbox")),
    )
    op.create_index(op.f("ix_inbox_received_at"), "inbox", ["received_at"], unique=False)
    op.create_table(
        "parked_events",
        Column("queue", sa.Text(), nullable=False),
        Column("message_id", sa.Uuid(), nullable=False),
        Column("key", sa.Text(), nullable=False, comment="what the fact waits for"),
        Column("type", sa.Text(), nullable=False),
        Column("envelope", sa.Text(), nullable=False),
        Column("parked_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.PrimaryKeyConstraint("queue", "message_id", name=op.f("pk_parked_events")),
    )
    op.create_index(op.f("ix_parked_events_queue_key"), "parked_events", ["queue", "key"], unique=False)
    op.create_table(
        "dead_letters",
        Column("id", sa.Uuid(), nullable=False),
        Column("queue", sa.Text(), nullable=False),
        Column("message_id", sa.Uuid(), nullable=False, comment="made from the body when it cannot be read"),
        Column("type", sa.Text(), nullable=True, comment="empty when the body is no envelope"),
        Column("body", sa.LargeBinary(), nullable=False, comment="as it came: it may not even be text"),
        Column("error", sa.Text(), nullable=False),
        Column("attempts", sa.Integer(), nullable=False),
        Column("died_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        Column(
            "state",
            sa.Text(),
            server_default=sa.text("'waiting'"),
            nullable=False,
            comment="waiting, replayed, discarded",
        ),
        Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'replayed', 'discarded')", name=op.f("ck_dead_letters_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dead_letters")),
    )
    op.create_index(
        "ix_dead_letters_waiting",
        "dead_letters",
        ["queue", "message_id"],
        unique=True,
        postgresql_where=sa.text("state = 'waiting'"),
    )


def _create_keys(op: Any) -> None:
    op.create_table(
        "idempotency_keys",
        Column("scope", sa.Text(), nullable=False, comment="whose key it is"),
        Column("operation", sa.Text(), nullable=False),
        Column("key", sa.Text(), nullable=False, comment="the digest of the key that the client made"),
        Column("field_digests", JSONB(), nullable=False, comment="a digest a field, to name those that differ"),
        Column("resource_id", sa.Uuid(), nullable=False),
        Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scope", "operation", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_table(
        "session_floors",
        Column("subject_id", sa.Uuid(), nullable=False),
        Column("lowest_generation", sa.Integer(), nullable=False),
        Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", name=op.f("pk_session_floors")),
    )
    op.create_table(
        "one_time_codes",
        Column("id", sa.Uuid(), nullable=False),
        Column("purpose", sa.Text(), nullable=False),
        Column("target_hash", sa.LargeBinary(), nullable=False),
        Column("source_hash", sa.LargeBinary(), nullable=False),
        Column("code_hash", sa.LargeBinary(), nullable=False),
        Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        Column("used_at", sa.DateTime(timezone=True), nullable=True),
        Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_codes")),
    )
    op.create_index(
        op.f("ix_one_time_codes_purpose_target_hash_issued_at"),
        "one_time_codes",
        ["purpose", "target_hash", "issued_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_one_time_codes_source_hash_issued_at"), "one_time_codes", ["source_hash", "issued_at"], unique=False
    )
