"""Let an MMS of ours stand beside the alimtalk that it follows"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

UNIQUE, QUEUED = "uq_deliveries_batch_id_line_id", "ix_deliveries_queued"
IS_QUEUED = sa.text("state = 'queued'")


def upgrade() -> None:
    sent_as = sa.Column(
        "sent_as", sa.Text(), nullable=False, server_default=sa.text("'alimtalk'"), comment="what is handed over"
    )
    op.add_column("deliveries", sent_as)
    op.drop_constraint(op.f(UNIQUE), "deliveries")
    op.create_unique_constraint(op.f(f"{UNIQUE}_sent_as"), "deliveries", ["batch_id", "line_id", "sent_as"])
    op.drop_index(QUEUED, table_name="deliveries")
    op.create_index(QUEUED, "deliveries", ["sent_as", "id"], postgresql_where=IS_QUEUED)


def downgrade() -> None:
    op.drop_index(QUEUED, table_name="deliveries")
    op.create_index(QUEUED, "deliveries", ["id"], postgresql_where=IS_QUEUED)
    op.execute("DELETE FROM deliveries WHERE sent_as = 'mms'")
    op.drop_constraint(op.f(f"{UNIQUE}_sent_as"), "deliveries")
    op.create_unique_constraint(op.f(UNIQUE), "deliveries", ["batch_id", "line_id"])
    op.drop_column("deliveries", "sent_as")
