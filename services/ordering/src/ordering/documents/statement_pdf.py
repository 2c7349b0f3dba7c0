"""A statement (거래명세서) as PDF, in the parts of the manual's section 5-2."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chassis.clock import SEOUL
from chassis.documents import render_pdf
from ordering.domain.order import OrderType
from ordering.domain.statement import StatedOrder, StatedProduct, Statement

NOTICES = (
    (
        "본 거래명세서는 결제가 완료되었음을 증명하는 용도만 활용 가능하며, 세무상의 제출 증명 효력이 없으므로 "
        "법적 증빙자료로 사용할 수 없습니다."
    ),
    (
        "본 거래명세서는, 거래명세서 발급 시점의 발송 상태값을 기준으로 금액을 산정하였습니다. "
        "따라서 실 대금 결제 금액과 상이할 수 있습니다."
    ),
)
_TYPES = {OrderType.FIXED: "일반형", OrderType.CHOICE: "선택형"}

_pages = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def statement_pdf(statement: Statement) -> bytes:
    """The statement as it is printed, over as many pages as it takes."""
    page = _pages.get_template("statement.html").render(
        statement=statement,
        issued_at=_moment(statement.issued_at),
        notices=NOTICES,
        head=_head(statement),
        seller=_seller(statement),
        orders=[_order(order) for order in statement.orders],
        total=_won(statement.total_krw),
        products=[_product(product) for product in statement.products],
        coupons=f"{statement.coupons:,}개",
        products_total=_won(statement.products_total_krw),
    )
    return render_pdf(page)


def _head(statement: Statement) -> list[tuple[str, str]]:
    return [
        ("주문명", statement.title),
        ("주문일시", _span([order.placed_at for order in statement.orders])),
        ("발송일시", _span([order.started_at for order in statement.orders])),
        ("공급받는 자", statement.buyer.email),
        ("공급받는 업체", statement.buyer.company_name),
    ]


def _seller(statement: Statement) -> list[tuple[str, str]]:
    seller = statement.seller
    return [
        ("사업자등록번호", seller.business_number),
        ("상호명", seller.name),
        ("사업장주소", seller.address),
        ("대표자명", seller.representative_name),
    ]


def _order(order: StatedOrder) -> tuple[str, ...]:
    name = f"[{_TYPES[OrderType(order.order_type)]}] {order.order_name}"
    return _moment(order.placed_at), _moment(order.started_at), order.order_number, name, _won(order.amount_krw)


def _product(product: StatedProduct) -> tuple[str, ...]:
    name = f"{product.brand_name} {product.product_name} ({product.validity_days}일)"
    return name, _won(product.price_krw), f"{product.coupons:,}개", _won(product.amount_krw)


def _span(moments: Sequence[datetime]) -> str:
    first, last = min(moments), max(moments)
    return _moment(first) if len(moments) == 1 else f"{_moment(first)} ~ {_moment(last)}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(SEOUL):%Y-%m-%d %H:%M:%S}"


def _won(amount_krw: int) -> str:
    return f"{amount_krw:,}원"
