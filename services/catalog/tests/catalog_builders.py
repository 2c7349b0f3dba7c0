"""Products and imports of tests."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from catalog.application.importing import ImportCatalogue, NamedCode, OfferRow, ProductRow
from catalog.application.views import ProductQuery
from catalog.domain.product import Restrictions
from catalog.domain.quote import Quote, QuotedOrderType, QuoteLine, SupplierParty
from catalog.settings import RuleSettings
from catalog.storage.unit_of_work import Transactions

OPERATOR = uuid4()
RULES = RuleSettings().rules()


def a_product(code: str = "P1", name: str = "아메리카노 T", **changes: Any) -> ProductRow:
    """A product of the import, changed in these fields."""
    fields: dict[str, Any] = {
        "brand_code": "STAR",
        "category_code": "CAFE",
        "notice": "매장에서 바코드를 보여 주세요.",
        "face_price_krw": 4_500,
        "restrictions": Restrictions.of(cash_like=False),
        "offers": [OfferRow(30, 4_410, "giftishow", f"{code}-30"), OfferRow(60, 4_455, "giftishow", f"{code}-60")],
    }
    return ProductRow(code=code, name=name, **{**fields, **changes})


def a_catalogue(*products: ProductRow) -> ImportCatalogue:
    """An import of products of one brand and category."""
    return ImportCatalogue(
        operator_id=uuid4(),
        brands=[NamedCode("STAR", "스타벅스"), NamedCode("BHC", "BHC 치킨")],
        categories=[NamedCode("CAFE", "카페"), NamedCode("CHICKEN", "치킨")],
        products=products or [a_product()],
    )


def the_offers(transaction: Transactions) -> list[UUID]:
    """The offers of everything on sale, by product name and validity."""
    with transaction() as uow:
        found = uow.views.products(ProductQuery(), after=None, limit=10_000)
    return [offer.offer_id for product in found for offer in product.offers]


def a_quote_line(name: str, face_price_krw: int = 10_000, sale_price_krw: int = 9_900) -> QuoteLine:
    """A product of a quote."""
    return QuoteLine(uuid4(), "스타벅스", name, 30, face_price_krw, sale_price_krw)


def a_quote(*lines: QuoteLine) -> Quote:
    """A quote for one recipient."""
    return Quote(
        id=uuid4(),
        number="Q20261124-000001",
        issued_at=datetime(2026, 11, 24, 2, tzinfo=UTC),
        member_id=uuid4(),
        company_id=uuid4(),
        company_name="(주)한빛상사",
        supplier=SupplierParty("220-81-02810", "(주) 다우기술", "경기도 성남시 수정구 금토로 69", "김운덕"),
        order_type=QuotedOrderType.FIXED,
        recipients=1,
        valid_days=RULES.quote_valid_days,
        lines=lines or (a_quote_line("아메리카노"),),
    )
