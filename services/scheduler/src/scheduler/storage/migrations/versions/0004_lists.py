"""Find timers by due time and by the beginning of their keys"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.drop_index("timers_settled", table_name="timers", postgresql_where=sa.text("state != 'waiting'"))
    op.create_index("timers_by_due_time", "timers", ["due_at", "id"], unique=False)
    op.create_index("timers_by_key", "timers", ["key"], unique=False, postgresql_ops={"key": "text_pattern_ops"})


def downgrade() -> None:
    op.drop_index("timers_by_key", table_name="timers", postgresql_ops={"key": "text_pattern_ops"})
    op.drop_index("timers_by_due_time", table_name="timers")
    op.create_index(
        "timers_settled", "timers", ["due_at"], unique=False, postgresql_where=sa.text("state != 'waiting'")
    )
