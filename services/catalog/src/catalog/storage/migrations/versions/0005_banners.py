"""Create the banners"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "banners",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("image_path", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False, comment="order on the home page"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_banners")),
    )


def downgrade() -> None:
    op.drop_table("banners")
