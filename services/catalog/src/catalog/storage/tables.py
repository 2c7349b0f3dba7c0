"""The catalogue's tables. Prices are KRW; times are aware and UTC, always given by the business clock."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Sequence,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from chassis.tables import NAMING_CONVENTION

metadata = MetaData(naming_convention=NAMING_CONVENTION)

brands = Table(
    "brands",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
)

categories = Table(
    "categories",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("popular_place", Integer, comment="among the tabs of popular products"),
)

products = Table(
    "products",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("brand_id", ForeignKey(brands.c.id), nullable=False, index=True),
    Column("category_id", ForeignKey(categories.c.id), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("notice", Text, nullable=False),
    Column("face_price_krw", Integer, nullable=False),
    Column("cash_like", Boolean, nullable=False),
    Column("night_restricted", Boolean, nullable=False),
    Column("single_recipient", Boolean, nullable=False),
    Column("image_path", Text, nullable=False),
    Column("discontinued", Boolean, nullable=False),
    Column("search_text", Text, nullable=False, comment="brand and name, squeezed"),
    Column("search_initials", Text, nullable=False, comment="the same, by initial consonants"),
    Column("search_spelling", Text, nullable=False, comment="brand and name, letter by letter"),
    CheckConstraint("face_price_krw > 0", name="face_price_is_positive"),
)
for column in (products.c.search_text, products.c.search_initials, products.c.search_spelling):
    Index(
        f"ix_products_{column.name}",
        column,
        postgresql_using="gin",
        postgresql_ops={column.name: "gin_trgm_ops"},
    )

offers = Table(
    "offers",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("product_id", ForeignKey(products.c.id), nullable=False),
    Column("validity_days", Integer, nullable=False),
    Column("supplier", Text, nullable=False),
    Column("supplier_goods_code", Text, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("product_id", "validity_days"),
    UniqueConstraint("supplier", "supplier_goods_code"),
)

prices = Table(
    "prices",
    metadata,
    Column("offer_id", ForeignKey(offers.c.id), primary_key=True),
    Column("effective_at", DateTime(timezone=True), primary_key=True),
    Column("sale_price_krw", Integer, nullable=False),
    CheckConstraint("sale_price_krw > 0", name="sale_price_is_positive"),
)

carts = Table(
    "carts",
    metadata,
    Column("member_id", Uuid, primary_key=True),
    comment="one row a member, which changes of the cart lock",
)

cart_lines = Table(
    "cart_lines",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("member_id", ForeignKey(carts.c.member_id), nullable=False),
    Column("product_id", ForeignKey(products.c.id), nullable=False),
    Column("offer_id", ForeignKey(offers.c.id), nullable=False),
    Column("place", Integer, nullable=False, comment="order within the cart"),
    Column("sale_price_krw", Integer, nullable=False, comment="when it was put in the cart"),
    Column("added_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("member_id", "product_id"),
)

issue_tallies = Table(
    "issue_tallies",
    metadata,
    Column("issued_on", Date, primary_key=True, comment="in Asia/Seoul"),
    Column("product_id", ForeignKey(products.c.id), primary_key=True),
    Column("coupons", Integer, nullable=False),
    Column("last_issued_at", DateTime(timezone=True), nullable=False),
)

counted_issues = Table(
    "counted_issues",
    metadata,
    Column("order_id", Uuid, primary_key=True),
    Column("chunk_no", Integer, primary_key=True),
    Column("wave", Integer, primary_key=True),
    Column("issued_at", DateTime(timezone=True), nullable=False, index=True),
    comment="facts of ordering that are in the tallies",
)

companies = Table(
    "companies",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    comment="a copy of what identity says",
)

quote_running_number = Sequence("quote_running_number", metadata=metadata)

quotes = Table(
    "quotes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("issued_at", DateTime(timezone=True), nullable=False),
    Column("member_id", Uuid, nullable=False),
    Column("company_id", Uuid, nullable=False),
    Column("company_name", Text, nullable=False),
    Column("supplier_business_number", Text, nullable=False),
    Column("supplier_name", Text, nullable=False),
    Column("supplier_address", Text, nullable=False),
    Column("supplier_representative_name", Text, nullable=False),
    Column("order_type", Text, nullable=False),
    Column("recipients", Integer, nullable=False),
    Column("valid_days", Integer, nullable=False),
    comment="as they were issued; rows never change",
)

quote_lines = Table(
    "quote_lines",
    metadata,
    Column("quote_id", ForeignKey(quotes.c.id), primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("product_id", Uuid, nullable=False),
    Column("brand_name", Text, nullable=False),
    Column("product_name", Text, nullable=False),
    Column("validity_days", Integer, nullable=False),
    Column("face_price_krw", Integer, nullable=False),
    Column("sale_price_krw", Integer, nullable=False),
)

banners = Table(
    "banners",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("text", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("is_on", Boolean, nullable=False),
    Column("image_path", Text, nullable=False),
    Column("place", Integer, nullable=False, comment="order on the home page"),
)
