"""Count the uses of a sender profile by company: nobody's uses reach another company's profile"""

from collections.abc import Sequence

from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.drop_constraint(op.f("pk_sender_profile_uses"), "sender_profile_uses", type_="primary")
    op.create_primary_key(op.f("pk_sender_profile_uses"), "sender_profile_uses", ["company_id", "profile_id"])
    op.drop_index(op.f("ix_sender_profile_uses_company_id"), table_name="sender_profile_uses")


def downgrade() -> None:
    op.create_index(op.f("ix_sender_profile_uses_company_id"), "sender_profile_uses", ["company_id"])
    op.drop_constraint(op.f("pk_sender_profile_uses"), "sender_profile_uses", type_="primary")
    op.create_primary_key(op.f("pk_sender_profile_uses"), "sender_profile_uses", ["profile_id"])
