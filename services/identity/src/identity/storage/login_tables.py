"""The tables of logins and sessions."""

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Index, Integer, LargeBinary, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from chassis.columns import EncryptedText
from identity.storage.tables import metadata

_Time = DateTime(timezone=True)

password_attempts = Table(
    "password_attempts",
    metadata,
    Column("address_hash", LargeBinary, primary_key=True, comment="keyed hash of kind and address"),
    Column("tried_at", ARRAY(_Time), nullable=False),
    Column("locked_until", _Time),
    Column("changed_at", _Time, nullable=False),
    Index(None, "changed_at"),
)

login_challenges = Table(
    "login_challenges",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("source", Text, nullable=False),
    Column("code_required", Boolean, nullable=False),
    Column("expires_at", _Time, nullable=False),
    Column("code_id", Uuid),
    Column("tries", Integer, nullable=False),
    Column("ended_at", _Time),
    Index(None, "expires_at"),
)

session_families = Table(
    "session_families",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("begun_at", _Time, nullable=False),
    Column("ended_at", _Time),
    Column("end_reason", Text),
    Index("ix_session_families_living", "subject_id", postgresql_where=text("ended_at IS NULL")),
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("family_id", Uuid, ForeignKey("session_families.id", ondelete="CASCADE"), nullable=False),
    Column("expires_at", _Time, nullable=False),
    Column("used_at", _Time),
    Index(None, "family_id"),
    Index(None, "expires_at"),
)

trusted_addresses = Table(
    "trusted_addresses",
    metadata,
    Column("member_id", Uuid, ForeignKey("members.id"), primary_key=True),
    Column("network", Text, primary_key=True, comment="an IPv4 address, or an IPv6 /64"),
    Column("trusted_at", _Time, nullable=False),
)

password_reset_wishes = Table(
    "password_reset_wishes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("email", EncryptedText("password_reset_wishes.email"), nullable=False),
    Column("asked_at", _Time, nullable=False),
)

password_resets = Table(
    "password_resets",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("made_at", _Time, nullable=False),
    Column("expires_at", _Time, nullable=False),
    Column("used_at", _Time),
    Index(None, "member_id"),
    Index(None, "made_at"),
)

signing_keys = Table(
    "signing_keys",
    metadata,
    Column("kid", Text, primary_key=True),
    Column("private_jwk", EncryptedText("signing_keys.private_jwk"), nullable=False),
    Column("public_jwk", JSONB, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", _Time, nullable=False),
    Column("retired_at", _Time),
    Index("uq_signing_keys_active", "active", unique=True, postgresql_where=text("active")),
)
