"""The tables of notifications: copies of who is told, what they chose, and alimtalks on their way."""

from sqlalchemy import Boolean, Column, DateTime, Index, Integer, Table, Text, Uuid, text

from chassis.columns import EncryptedText
from messaging.storage.tables import metadata

companies = Table(
    "companies",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("master_id", Uuid, nullable=False),
    Column("method", Text, nullable=False),
)

members = Table(
    "members",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("company_id", Uuid, nullable=False),
    Column("is_master", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("name", Text, nullable=False, comment="empty once withdrawn, as the addresses"),
    Column("email_key_id", Text),
    Column("email_ciphertext", Text, comment="sealed as it came"),
    Column("phone_key_id", Text),
    Column("phone_ciphertext", Text, comment="sealed as it came"),
)

notification_choices = Table(
    "notification_choices",
    metadata,
    Column("member_id", Uuid, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("mail", Boolean, nullable=False),
    Column("alimtalk", Boolean, nullable=False),
    Column("chosen_at", DateTime(timezone=True), nullable=False),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Uuid, primary_key=True, comment="our key at the provider"),
    Column("to", EncryptedText("messaging.notice.to"), comment="forgotten when settled"),
    Column("provider_code", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False, comment="the approved text with its variables"),
    Column("text", EncryptedText("messaging.notice.text"), comment="forgotten when settled"),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("next_try_at", DateTime(timezone=True), nullable=False),
    Column("settled_at", DateTime(timezone=True)),
    Index("ix_notices_queued", "next_try_at", postgresql_where=text("state = 'queued'")),
)
