"""The tables of sender profiles."""

from sqlalchemy import Column, DateTime, Integer, Table, Text, UniqueConstraint, Uuid

from messaging.storage.tables import metadata

sender_profiles = Table(
    "sender_profiles",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("company_id", Uuid, nullable=False),
    Column("search_id", Text, nullable=False),
    Column("sender_key", Text, nullable=False, unique=True),
    Column("category_code", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("registered_at", DateTime(timezone=True), nullable=False),
    Column("checked_at", DateTime(timezone=True), nullable=False, index=True),
    UniqueConstraint("company_id", "search_id"),
)

sender_profile_uses = Table(
    "sender_profile_uses",
    metadata,
    Column("company_id", Uuid, primary_key=True),
    Column("profile_id", Uuid, primary_key=True),
    Column("uses", Integer, nullable=False, comment="scheduled orders and active anniversaries, as ordering says"),
    Column("version", Integer, nullable=False),
)
