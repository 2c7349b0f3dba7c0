"""Create the plumbing and the catalog tables"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from chassis import tables
from chassis.migrations import plumbing_v1

revision: str = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    plumbing_v1(op)
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.create_table(
        "brands",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brands")),
        sa.UniqueConstraint("code", name=op.f("uq_brands_code")),
    )
    op.create_table(
        "categories",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categories")),
        sa.UniqueConstraint("code", name=op.f("uq_categories_code")),
    )
    op.create_table(
        "products",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("face_price_krw", sa.Integer(), nullable=False),
        sa.Column("cash_like", sa.Boolean(), nullable=False),
        sa.Column("night_restricted", sa.Boolean(), nullable=False),
        sa.Column("single_recipient", sa.Boolean(), nullable=False),
        sa.Column("image_path", sa.Text(), nullable=False),
        sa.Column("discontinued", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False, comment="brand and name, squeezed"),
        sa.Column("search_initials", sa.Text(), nullable=False, comment="the same, by initial consonants"),
        sa.CheckConstraint("face_price_krw > 0", name=op.f("ck_products_face_price_is_positive")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_products_brand_id")),
        sa.ForeignKeyConstraint(["category_id"], ["categories.id"], name=op.f("fk_products_category_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
        sa.UniqueConstraint("code", name=op.f("uq_products_code")),
    )
    op.create_index(op.f("ix_products_brand_id"), "products", ["brand_id"], unique=False)
    op.create_index(op.f("ix_products_category_id"), "products", ["category_id"], unique=False)
    op.create_index(
        "ix_products_search_initials",
        "products",
        ["search_initials"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_initials": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_products_search_text",
        "products",
        ["search_text"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
    op.create_table(
        "offers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("validity_days", sa.Integer(), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("supplier_goods_code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_offers_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
        sa.UniqueConstraint("product_id", "validity_days", name=op.f("uq_offers_product_id_validity_days")),
        sa.UniqueConstraint("supplier", "supplier_goods_code", name=op.f("uq_offers_supplier_supplier_goods_code")),
    )
    op.create_table(
        "prices",
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sale_price_krw", sa.Integer(), nullable=False),
        sa.CheckConstraint("sale_price_krw > 0", name=op.f("ck_prices_sale_price_is_positive")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_prices_offer_id")),
        sa.PrimaryKeyConstraint("offer_id", "effective_at", name=op.f("pk_prices")),
    )


def downgrade() -> None:
    op.drop_table("prices")
    op.drop_table("offers")
    op.drop_index(
        "ix_products_search_text",
        table_name="products",
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
    op.drop_index(
        "ix_products_search_initials",
        table_name="products",
        postgresql_using="gin",
        postgresql_ops={"search_initials": "gin_trgm_ops"},
    )
    op.drop_index(op.f("ix_products_category_id"), table_name="products")
    op.drop_index(op.f("ix_products_brand_id"), table_name="products")
    op.drop_table("products")
    op.drop_table("categories")
    op.drop_table("brands")
    tables.metadata.drop_all(op.get_bind())
