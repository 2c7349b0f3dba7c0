"""Quotes over REST: from cart and form, for either order type, read back from PDF and workbook."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pypdfium2
import pytest
from catalog_builders import OPERATOR, a_catalogue, a_product, the_offers
from python_calamine import CalamineWorkbook

from catalog.application.importing import OfferRow, import_catalogue
from catalog.application.products import DiscontinueProduct, SetPrice, discontinue_product, set_price
from catalog.main import consumers
from catalog.settings import Settings
from catalog.storage.unit_of_work import Transactions
from chassis.clock import FixedClock
from chassis.database import Database
from chassis.testing.callers import Callers
from chassis.testing.events import deliver
from chassis.web import WsgiApp
from contracts.identity import CompanyChanged, CompanyState
from contracts.values import PaymentMethod

MEMBER, COMPANY = uuid4(), uuid4()
NOBODYS = str(UUID(int=9))


def a_company(version: int = 1, name: str = "(주)한빛상사") -> CompanyChanged:
    return CompanyChanged(
        company_id=COMPANY,
        version=version,
        state=CompanyState.APPROVED,
        name=name,
        representative_name="김대표",
        business_number="1208147521",
        payment_method=PaymentMethod.PREPAID,
        master_id=MEMBER,
        approved_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


@pytest.fixture
def hear_company(
    catalog_settings: Settings, database: Database, fixed_clock: FixedClock
) -> Callable[[CompanyChanged], object]:
    """Tells the catalogue of a company."""
    (consumer,) = (one for one in consumers(catalog_settings, database, fixed_clock) if one.queue.lane == "state")
    return lambda event: deliver(consumer, event)


@pytest.fixture
def offers(transaction: Transactions, hear_company: Callable[[CompanyChanged], object]) -> list[UUID]:
    """An offer at 9,900 of 10,000 KRW, and one at 4,950 of 5,000; the company is known."""
    hear_company(a_company())
    with transaction() as uow:
        import_catalogue(
            a_catalogue(
                a_product("P1", "가 뷁한 케이크", face_price_krw=10_000, offers=[OfferRow(30, 9_900, "s", "1")]),
                a_product("P2", "=나 아메리카노", face_price_krw=5_000, offers=[OfferRow(60, 4_950, "s", "2")]),
            ),
            uow,
        )
    return the_offers(transaction)


@pytest.fixture
def call(app: WsgiApp, callers: Callers):
    """Calls an address as one member of the company."""

    def called(method: str, path: str, *, member_id: UUID = MEMBER, key: str | None = None, **body: object):
        headers = callers.member("sub", subject_id=member_id, tenant_id=COMPANY)
        headers |= {"Idempotency-Key": key or uuid4().hex}
        return app.api.test_client().open(path, method=method, json=None if method == "GET" else body, headers=headers)

    return called


def sums(quote: dict[str, object]) -> tuple[object, object, object]:
    return quote["list_amount_krw"], quote["discount_amount_krw"], quote["pay_amount_krw"]


def text_of_pdf(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


@pytest.mark.rule("CAT-08")
@pytest.mark.rule("ORD-35")
def test_the_order_form_is_quoted_for_either_type(call, offers: list[UUID]) -> None:
    ids = [str(offer_id) for offer_id in offers]
    fixed = call("POST", "/v1/quotes", offer_ids=ids)
    assert fixed.status_code == 201
    assert (fixed.json["order_type"], fixed.json["recipients"]) == ("fixed", 1)
    assert sums(fixed.json) == (15_000, -150, 14_850)
    choice = call("POST", "/v1/quotes", offer_ids=ids, order_type="choice", recipients=20)
    assert sums(choice.json) == (200_000, -2_000, 198_000)
    assert fixed.json["number"] != choice.json["number"]


@pytest.mark.rule("CAT-08")
def test_the_cart_is_quoted_whole_or_by_its_ticked_lines(call, offers: list[UUID]) -> None:
    empty = call("POST", "/v1/quotes")
    assert (empty.status_code, empty.json["code"]) == (422, "quote_products_count")
    lines = call("POST", "/v1/cart/lines", offer_ids=[str(offer_id) for offer_id in offers]).json["items"]
    assert sums(call("POST", "/v1/quotes").json) == (15_000, -150, 14_850)
    ticked = call("POST", "/v1/quotes", cart_line_ids=[lines[1]["line_id"]], recipients=3)
    assert sums(ticked.json) == (
        lines[1]["offer"]["face_price_krw"] * 3,
        -(lines[1]["offer"]["face_price_krw"] - lines[1]["offer"]["sale_price_krw"]) * 3,
        lines[1]["offer"]["sale_price_krw"] * 3,
    )


@pytest.mark.rule("CAT-08")
def test_the_pdf_says_who_what_and_how_much(call, offers: list[UUID]) -> None:
    quote = call("POST", "/v1/quotes", offer_ids=[str(one) for one in offers], recipients=1_000).json
    answer = call("GET", quote["pdf_url"])
    assert answer.mimetype == "application/pdf"
    text = text_of_pdf(answer.data)
    for said in (
        *(quote["number"], quote["valid_until_on"], "견적서", "(주)한빛상사", "일반형", "1,000명"),
        *("220-81-02810", "(주) 다우기술", "경기도 성남시 수정구 금토로 69", "김운덕"),
        *("스타벅스", "가 뷁한 케이크", "=나 아메리카노", "30일", "60일", "10,000원", "9,900원", "4,950원"),
        *(
            "합계 금액",
            "15,000,000원",
            "1건당 15,000원 * 1,000명",
            "할인 금액",
            "-150,000원",
            "최종 결제 금액",
            "14,850,000원",
        ),
    ):
        assert said in text


@pytest.mark.rule("CAT-08")
def test_the_workbook_says_the_same_and_sums_are_numbers(call, offers: list[UUID]) -> None:
    quote = call("POST", "/v1/quotes", offer_ids=[str(one) for one in offers], order_type="choice", recipients=2).json
    answer = call("GET", quote["xlsx_url"])
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_name("견적서")
    rows = [[cell for cell in row if cell != ""] for row in sheet.to_python()]
    for row in (
        ["견적번호", quote["number"]],
        ["공급받는 업체", "(주)한빛상사"],
        ["주문 유형", "선택형"],
        ["공급자 상호명", "(주) 다우기술"],
        ["합계 금액", 20_000.0],
        ["할인 금액", -200.0],
        ["최종 결제 금액", 19_800.0],
    ):
        assert row in rows
    assert "=나 아메리카노" in [cell for row in rows for cell in row]


@pytest.mark.rule("CAT-08")
def test_an_issued_quote_keeps_its_prices_and_its_company(
    call, offers: list[UUID], transaction: Transactions, hear_company: Callable[[CompanyChanged], object]
) -> None:
    quote = call("POST", "/v1/quotes", key="k", offer_ids=[str(one) for one in offers]).json
    with transaction() as uow:
        for offer_id in offers:
            set_price(SetPrice(OPERATOR, offer_id, 100), uow)
    hear_company(a_company(version=2, name="(주)새이름"))
    hear_company(a_company(version=1, name="(주)옛이름"))
    assert call("GET", f"/v1/quotes/{quote['quote_id']}").json == quote
    assert call("POST", "/v1/quotes", key="k", offer_ids=[str(one) for one in offers]).json == quote
    assert call("POST", "/v1/quotes", offer_ids=[str(offers[0])]).json["company_name"] == "(주)새이름"


def test_a_quote_is_its_members_own(call, offers: list[UUID]) -> None:
    quote = call("POST", "/v1/quotes", offer_ids=[str(offers[0])]).json
    for url in (f"/v1/quotes/{quote['quote_id']}", quote["pdf_url"], quote["xlsx_url"]):
        assert call("GET", url, member_id=uuid4()).json["code"] == "quote_not_found"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"offer_ids": [NOBODYS]}, 404, "offer_not_found"),
        ({"cart_line_ids": [NOBODYS]}, 404, "cart_line_not_found"),
        ({"offer_ids": [NOBODYS], "cart_line_ids": [NOBODYS]}, 422, "invalid_request"),
        ({"recipients": 0}, 422, "invalid_request"),
        ({"recipients": 10_001}, 422, "quote_recipients_count"),
        ({"order_type": "bulk"}, 422, "invalid_request"),
    ],
)
def test_a_bad_quote_is_a_problem(call, offers: list[UUID], body: dict[str, object], status: int, code: str) -> None:
    answer = call("POST", "/v1/quotes", **body)
    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_what_is_no_longer_sold_is_not_quoted(call, offers: list[UUID], transaction: Transactions) -> None:
    with transaction() as uow:
        (product,) = uow.views.products_of_offers([offers[0]])
        discontinue_product(DiscontinueProduct(OPERATOR, product.product_id), uow)
    refused = call("POST", "/v1/quotes", offer_ids=[str(offers[0])])
    assert (refused.status_code, refused.json["code"]) == (409, "product_discontinued")


def test_a_company_that_identity_has_not_told_of_yet_comes_back_shortly(app: WsgiApp, callers: Callers) -> None:
    headers = callers.member() | {"Idempotency-Key": "k"}
    refused = app.api.test_client().post("/v1/quotes", json={"recipients": 1}, headers=headers)
    assert (refused.status_code, refused.json["code"]) == (409, "company_not_known_yet")
