"""Find applications that name the same business number (IDN-27)"""

from collections.abc import Sequence

from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_sign_ups_business_number", "sign_ups", ["business_number"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_sign_ups_business_number", table_name="sign_ups")
