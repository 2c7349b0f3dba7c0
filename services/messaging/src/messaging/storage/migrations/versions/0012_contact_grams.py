"""Find contacts by parts of their names and companies"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from messaging.storage.contact_grams import grams_of_row

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

BATCH_ROWS = 5_000
PENDING_KB_MAX = 256


def upgrade() -> None:
    op.add_column("contacts", sa.Column("grams", ARRAY(sa.BigInteger()), nullable=True))
    contacts = sa.table(
        "contacts",
        sa.column("member_id", sa.Uuid()),
        sa.column("id", sa.Uuid()),
        sa.column("name", sa.Text()),
        sa.column("company", sa.Text()),
        sa.column("grams", ARRAY(sa.BigInteger())),
    )
    connection = op.get_bind()
    without = sa.select(contacts).where(contacts.c.grams.is_(None)).limit(BATCH_ROWS)
    filled = (
        sa.update(contacts)
        .where(contacts.c.member_id == sa.bindparam("member"), contacts.c.id == sa.bindparam("contact"))
        .values(grams=sa.bindparam("letters"))
    )
    while rows := connection.execute(without).all():
        letters = [(row.member_id, row.id, grams_of_row(row.member_id, row.name, row.company)) for row in rows]
        connection.execute(filled, [dict(zip(("member", "contact", "letters"), row, strict=True)) for row in letters])
    op.alter_column("contacts", "grams", nullable=False)
    op.create_index(
        "ix_contacts_grams",
        "contacts",
        ["grams"],
        postgresql_using="gin",
        postgresql_with={"gin_pending_list_limit": PENDING_KB_MAX},
    )


def downgrade() -> None:
    op.drop_index("ix_contacts_grams", table_name="contacts")
    op.drop_column("contacts", "grams")
