"""Products are found by their spelling too"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "products", sa.Column("search_spelling", sa.Text(), nullable=True, comment="brand and name, letter by letter")
    )
    op.execute(
        "UPDATE products SET search_spelling = normalize(lower(normalize("
        "regexp_replace(trim(brands.name || ' ' || products.name), '\\s+', ' ', 'g'), NFKC)), NFD) "
        "FROM brands WHERE brands.id = products.brand_id"
    )
    op.alter_column("products", "search_spelling", nullable=False)
    op.create_index(
        "ix_products_search_spelling",
        "products",
        ["search_spelling"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_spelling": "gin_trgm_ops"},
    )


def downgrade() -> None:
    op.drop_index(
        "ix_products_search_spelling",
        table_name="products",
        postgresql_using="gin",
        postgresql_ops={"search_spelling": "gin_trgm_ops"},
    )
    op.drop_column("products", "search_spelling")
