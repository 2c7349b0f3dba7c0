"""Create the address books"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "address_books",
        sa.Column("member_id", sa.Uuid(), nullable=False, comment="locked by whoever changes the book"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_address_books")),
    )
    op.create_table(
        "address_folders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["address_books.member_id"], name=op.f("fk_address_folders_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_folders")),
        sa.UniqueConstraint("member_id", "name", name=op.f("uq_address_folders_member_id_name")),
    )
    op.create_table(
        "address_groups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("folder_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["folder_id"], ["address_folders.id"], name=op.f("fk_address_groups_folder_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["address_books.member_id"], name=op.f("fk_address_groups_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_groups")),
        sa.UniqueConstraint("folder_id", "name", name=op.f("uq_address_groups_folder_id_name")),
    )
    op.create_index(op.f("ix_address_groups_member_id"), "address_groups", ["member_id"])
    op.create_table(
        "contacts",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("phone_hash", sa.LargeBinary(), nullable=False),
        sa.Column("phone_ending_hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "anniversary", sa.Text(), nullable=True, comment="YYYY/MM/DD of its calendar: a lunar day is no date"
        ),
        sa.Column("calendar", sa.Text(), nullable=True),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["address_groups.id"], name=op.f("fk_contacts_group_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("group_id", "phone_hash", name=op.f("uq_contacts_group_id_phone_hash")),
    )
    op.create_index("ix_contacts_group", "contacts", ["member_id", "group_id", "id"])
    op.create_index("ix_contacts_phone_ending", "contacts", ["member_id", "phone_ending_hash", "id"])
    op.create_table(
        "contact_imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False, comment="may be gone by now"),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_imports")),
    )
    op.create_index(op.f("ix_contact_imports_made_at"), "contact_imports", ["made_at"])
    op.create_table(
        "contact_import_refused_rows",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row_no", sa.Integer(), nullable=False),
        sa.Column("given", sa.Text(), nullable=False, comment="JSON, as it was given"),
        sa.Column("problems", sa.Text(), nullable=False, comment="JSON"),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["contact_imports.id"],
            name=op.f("fk_contact_import_refused_rows_import_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "row_no", name=op.f("pk_contact_import_refused_rows")),
    )


def downgrade() -> None:
    op.drop_table("contact_import_refused_rows")
    op.drop_table("contact_imports")
    op.drop_table("contacts")
    op.drop_table("address_groups")
    op.drop_table("address_folders")
    op.drop_table("address_books")
