"""The tables of address books. Phones are encrypted, and found by keyed hashes of whole and ending (ADR-06)."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.columns import EncryptedText
from messaging.storage.tables import metadata

PENDING_KB_MAX = 256

address_books = Table(
    "address_books",
    metadata,
    Column("member_id", Uuid, primary_key=True, comment="locked by whoever changes the book"),
    Column("made_at", DateTime(timezone=True), nullable=False),
)

folders = Table(
    "address_folders",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("member_id", ForeignKey(address_books.c.member_id, ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    UniqueConstraint("member_id", "name"),
)

groups = Table(
    "address_groups",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("member_id", ForeignKey(address_books.c.member_id, ondelete="CASCADE"), nullable=False, index=True),
    Column("folder_id", ForeignKey(folders.c.id, ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    UniqueConstraint("folder_id", "name"),
)

contacts = Table(
    "contacts",
    metadata,
    # The member comes first in every index, so that a page never walks through what others have.
    Column("member_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("group_id", ForeignKey(groups.c.id, ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("phone", EncryptedText("messaging.contact.phone"), nullable=False),
    Column("phone_hash", LargeBinary, nullable=False),
    Column("phone_ending_hash", LargeBinary, nullable=False),
    Column("anniversary", Text, comment="YYYY/MM/DD of its calendar: a lunar day is no date"),
    Column("calendar", Text),
    Column("company", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("grams", ARRAY(BigInteger), nullable=False),
    UniqueConstraint("group_id", "phone_hash"),
    Index("ix_contacts_group", "member_id", "group_id", "id"),
    Index("ix_contacts_phone_ending", "member_id", "phone_ending_hash", "id"),
    # What was added lately is read through by each search until it is sorted in, so it is kept short.
    Index(
        "ix_contacts_grams", "grams", postgresql_using="gin", postgresql_with={"gin_pending_list_limit": PENDING_KB_MAX}
    ),
)

contact_imports = Table(
    "contact_imports",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("member_id", Uuid, nullable=False),
    Column("group_id", Uuid, nullable=False, comment="may be gone by now"),
    Column("rows", Integer, nullable=False),
    Column("added", Integer, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False, index=True),
)

refused_rows = Table(
    "contact_import_refused_rows",
    metadata,
    Column("import_id", ForeignKey(contact_imports.c.id, ondelete="CASCADE"), primary_key=True),
    Column("row_no", Integer, primary_key=True),
    Column("given", EncryptedText("messaging.contact_import.row"), nullable=False, comment="JSON, as it was given"),
    Column("problems", Text, nullable=False, comment="JSON"),
)
