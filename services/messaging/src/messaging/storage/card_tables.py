"""The tables of cards."""

from sqlalchemy import Column, DateTime, ForeignKey, LargeBinary, Table, Text

from messaging.storage.tables import metadata

cards = Table(
    "cards",
    metadata,
    Column("key", Text, primary_key=True, comment="the digest of the content"),
    Column("content", LargeBinary, nullable=False),
)

card_uploads = Table(
    "card_uploads",
    metadata,
    Column("card_key", ForeignKey(cards.c.key), primary_key=True),
    Column("provider", Text, primary_key=True),
    Column("file_key", Text, nullable=False, comment="the provider's own"),
    Column("uploaded_at", DateTime(timezone=True), nullable=False),
)
