"""Create the cards of templates, and note where they were uploaded"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "cards",
        sa.Column("key", sa.Text(), nullable=False, comment="the digest of the content"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_cards")),
    )
    op.create_table(
        "card_uploads",
        sa.Column("card_key", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("file_key", sa.Text(), nullable=False, comment="the provider's own"),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["card_key"], ["cards.key"], name=op.f("fk_card_uploads_card_key_cards")),
        sa.PrimaryKeyConstraint("card_key", "provider", name=op.f("pk_card_uploads")),
    )
    op.add_column(
        "templates",
        sa.Column("card_key", sa.Text(), nullable=False, server_default="", comment="empty without a picture"),
    )
    op.alter_column("templates", "card_key", server_default=None)


def downgrade() -> None:
    op.drop_column("templates", "card_key")
    op.drop_table("card_uploads")
    op.drop_table("cards")
