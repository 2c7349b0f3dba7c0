"""What a quote says, the same on paper and in a workbook."""

from catalog.domain.quote import SEOUL, Quote, QuotedOrderType

ORDER_TYPES = {QuotedOrderType.FIXED: "일반형", QuotedOrderType.CHOICE: "선택형"}
TITLE = "견적서"
COLUMNS = ("No.", "브랜드", "상품명", "유효기간", "정가", "판매가")
NOTICES = (
    "본 견적서는 발급 시점의 상품 가격을 기준으로 작성되었으며, 주문 시점의 가격을 보장하지 않습니다.",
    "상품 가격과 판매 여부는 유효기간 안에도 변경될 수 있습니다.",
)
CHOICE_NOTICE = "선택형 금액은 선택한 상품 중 판매가가 가장 높은 상품을 기준으로 계산됩니다."


def head_of(quote: Quote) -> tuple[tuple[str, str], ...]:
    """Number, dates, receiving company, order type and recipients."""
    return (
        ("견적번호", quote.number),
        ("발급일시", f"{quote.issued_at.astimezone(SEOUL):%Y-%m-%d %H:%M:%S}"),
        ("견적 유효기간", f"{quote.valid_until_on:%Y-%m-%d}까지"),
        ("공급받는 업체", quote.company_name),
        ("주문 유형", ORDER_TYPES[quote.order_type]),
        ("수신자", f"{quote.recipients:,}명"),
    )


def supplier_of(quote: Quote) -> tuple[tuple[str, str], ...]:
    """The four fields of the supplier (ORD-31)."""
    return (
        ("사업자등록번호", quote.supplier.business_number),
        ("상호명", quote.supplier.name),
        ("사업장주소", quote.supplier.address),
        ("대표자명", quote.supplier.representative_name),
    )


def notices_of(quote: Quote) -> tuple[str, ...]:
    """What the reader has to know of the figures."""
    return (*NOTICES, CHOICE_NOTICE) if quote.order_type is QuotedOrderType.CHOICE else NOTICES
