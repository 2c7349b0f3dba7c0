"""Keep the last moment of every calendar in one table"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "calendars",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "last_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="the last of its moments that was said",
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_calendars")),
    )
    op.execute(
        "INSERT INTO calendars SELECT 'months', (last_month || '-01')::timestamp"
        " AT TIME ZONE 'Asia/Seoul' FROM month_turns"
    )
    op.execute(
        "INSERT INTO calendars SELECT 'day_openings', (last_day + time '09:00') AT TIME ZONE 'Asia/Seoul'"
        " FROM day_openings"
    )
    op.drop_table("month_turns")
    op.drop_table("day_openings")


def downgrade() -> None:
    op.create_table(
        "month_turns",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_month", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_month_turns")),
    )
    op.create_table(
        "day_openings",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_openings")),
    )
    op.execute(
        "INSERT INTO month_turns SELECT 1, to_char(last_at AT TIME ZONE 'Asia/Seoul', 'YYYY-MM')"
        " FROM calendars WHERE name = 'months'"
    )
    op.execute(
        "INSERT INTO day_openings SELECT 1, (last_at AT TIME ZONE 'Asia/Seoul')::date"
        " FROM calendars WHERE name = 'day_openings'"
    )
    op.drop_table("calendars")
