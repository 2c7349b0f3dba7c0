"""Messaging's tables.

Phones, addresses, texts and links are encrypted. Times are UTC by the business clock, leases by the database's own.
"""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from chassis.columns import EncryptedText
from chassis.tables import NAMING_CONVENTION

metadata = MetaData(naming_convention=NAMING_CONVENTION)

templates = Table(
    "templates",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("provider_code", Text, nullable=False),
    Column("theme", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("button_name", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("card_key", Text, nullable=False, comment="empty without a picture"),
    Column("reason", Text, nullable=False, comment="of the provider's rejection"),
    Column("next_look_at", DateTime(timezone=True), comment="none: at once"),
    Column("lease_until", DateTime(timezone=True)),
    Index("ix_templates_submitted", "next_look_at", postgresql_where=text("state = 'submitted'")),
)

batches = Table(
    "batches",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False),
    Column("company_id", Uuid, nullable=False),
    Column("chunk_no", Integer, nullable=False),
    Column("wave", Integer, nullable=False),
    Column("template_id", Uuid, nullable=False),
    Column("template_version", Integer, nullable=False),
    Column("send_title", Text, nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("correlation_id", Uuid, comment="the request that it belongs to"),
    Column("sender_profile_id", Uuid, comment="none: the service's own"),
    UniqueConstraint("order_id", "chunk_no", "wave"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Uuid, primary_key=True, comment="our key at the provider"),
    Column("batch_id", ForeignKey(batches.c.id), nullable=False),
    Column("line_id", Uuid, nullable=False),
    Column("phone", EncryptedText("messaging.delivery.phone"), nullable=False),
    Column("text", EncryptedText("messaging.delivery.text"), nullable=False, comment="as it was sent"),
    Column("link", EncryptedText("messaging.delivery.link"), nullable=False),
    Column("state", Text, nullable=False),
    Column("channel", Text),
    Column("code", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_try_at", DateTime(timezone=True)),
    Column("lease_until", DateTime(timezone=True)),
    Column("handed_over_at", DateTime(timezone=True)),
    Column("settled_at", DateTime(timezone=True)),
    Column("provider_key", Text, nullable=False, server_default=text("''"), comment="the provider's own key"),
    Column("sent_as", Text, nullable=False, server_default=text("'alimtalk'"), comment="what is handed over"),
    Column("cost_jeon", Integer, comment="hundredths of a KRW"),
    UniqueConstraint("batch_id", "line_id", "sent_as"),
    Index("ix_deliveries_queued", "sent_as", "id", postgresql_where=text("state = 'queued'")),
    Index("ix_deliveries_handing_over", "lease_until", postgresql_where=text("state = 'handing_over'")),
    Index("ix_deliveries_unreported", "handed_over_at", postgresql_where=text("state IN ('handed_over', 'in_doubt')")),
)

reports = Table(
    "reports",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("key", Text, nullable=False, unique=True, comment="what makes a report the same as another"),
    Column("body", EncryptedText("messaging.report.body"), nullable=False, comment="as it came"),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("next_try_at", DateTime(timezone=True), nullable=False),
    Column("settled", Boolean, nullable=False, server_default=text("false")),
    Column("way", Text, nullable=False),
    Column("unmatched", Boolean, nullable=False, server_default=text("false")),
    Index("ix_reports_unmatched", "id", postgresql_where=text("unmatched")),
    Index("ix_reports_received", "received_at"),
    Index("ix_reports_waiting", "next_try_at", postgresql_where=text("NOT settled")),
)

codes = Table(
    "codes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("to", EncryptedText("messaging.code.to"), comment="forgotten when settled"),
    Column("code", EncryptedText("messaging.code.code"), comment="forgotten when settled"),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("next_try_at", DateTime(timezone=True), nullable=False),
    Column("settled_at", DateTime(timezone=True)),
    Index("ix_codes_queued", "next_try_at", postgresql_where=text("state = 'queued'")),
)

mails = Table(
    "mails",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("to", EncryptedText("messaging.mail.to"), comment="forgotten when settled"),
    Column("subject", Text, nullable=False),
    Column("text", EncryptedText("messaging.mail.text"), comment="forgotten when settled"),
    Column("html", EncryptedText("messaging.mail.html"), comment="forgotten when settled"),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("next_try_at", DateTime(timezone=True), nullable=False),
    Column("lease_until", DateTime(timezone=True)),
    Column("settled_at", DateTime(timezone=True)),
    Index("ix_mails_queued", "next_try_at", postgresql_where=text("state = 'queued'")),
)
