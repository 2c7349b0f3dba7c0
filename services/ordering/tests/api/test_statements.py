"""거래명세서 over REST, read back from the PDF: figures agree with what was issued, revoked and confirmed."""

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pypdfium2
import pytest
from flask.testing import FlaskClient
from ordering_probe.builders import CAKE, COFFEE, SUB, a_choice, an_order, rows
from ordering_probe.suppliers import ScriptedSupplier
from sqlalchemy import text

from chassis.clock import FixedClock
from chassis.database import Database
from chassis.testing.callers import Callers
from chassis.worker import Loop
from ordering import main
from ordering.application.funds import accept_order
from ordering.application.placing import place_order
from ordering.settings import OrderRules, Settings
from ordering.storage.unit_of_work import PostgresUnitOfWork

Unit = Callable[[], AbstractContextManager[PostgresUnitOfWork]]

NOTICES = (
    "본 거래명세서는 결제가 완료되었음을 증명하는 용도만 활용 가능하며",
    "거래명세서 발급 시점의 발송 상태값을 기준으로 금액을 산정하였습니다.",
)


@pytest.fixture
def loop(settings: Settings, database: Database, fixed_clock: FixedClock) -> Loop:
    supplier = ScriptedSupplier(lambda call: "goods" if call.phone.endswith("0001") else "well")
    return main.wire_loops(settings, database, fixed_clock, {"giftishow": supplier})[0]


class Statements:
    """Orders that are placed and sent, and statements that a master makes of them."""

    def __init__(self, api: FlaskClient, headers: dict[str, str], unit: Unit, rules: OrderRules, loop: Loop) -> None:
        self.api = api
        self.headers = headers
        self.unit = unit
        self.rules = rules
        self.loop = loop

    def order(self, people: int, *, accepted: bool = True, **changes: Any) -> UUID:
        with self.unit() as uow:
            both = {"offer_ids": (COFFEE, CAKE), "pay_amount_krw": 13_500 * people}
            order_id = place_order(an_order(rows=rows(people), **(both | changes)), uow, self.rules.placing())
            if accepted:
                accept_order(order_id, uow)
        while self.loop.step():
            pass
        return order_id

    def make(self, *, key: str | None = None, headers: dict[str, str] | None = None, **body: Any) -> Any:
        sent = (headers or self.headers) | {"Idempotency-Key": key or uuid4().hex}
        return self.api.post("/v1/statements", json=body, headers=sent)

    def text(self, made: Any) -> str:
        answer = self.api.get(made.json["pdf_url"], headers=self.headers)
        assert answer.mimetype == "application/pdf"
        document = pypdfium2.PdfDocument(answer.data)
        return "\n".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "\n")


@pytest.fixture
def statements(api: FlaskClient, master: dict[str, str], stocked: Unit, rules: OrderRules, loop: Loop) -> Statements:
    return Statements(api, master, stocked, rules, loop)


def confirmed(database: Database) -> int:
    with database.engine.connect() as connection:
        found: int = connection.execute(text("SELECT sum(confirmed_amount_krw) FROM orders")).scalar_one()
    return found


@pytest.mark.rule("ORD-31")
@pytest.mark.rule("ORD-34")
def test_a_statement_of_one_order_says_all_that_the_manual_shows(
    statements: Statements, database: Database, fixed_clock: FixedClock
) -> None:
    order_id = statements.order(3, order_name="연말 선물 <b>뷁</b>")
    made = statements.make(order_ids=[str(order_id)])
    assert made.status_code == 201, made.json
    at = fixed_clock.now() + timedelta(hours=9)
    assert made.json["number"] == f"MCOM_{at:%Y%m%d%H%M%S}{at.microsecond // 1000:03d}"
    printed = statements.text(made)
    placed = f"{at:%Y-%m-%d %H:%M:%S}"
    with database.engine.connect() as connection:
        number = connection.execute(text("SELECT order_number FROM orders")).scalar_one()
    for said in (
        *("거래명세서", f"문서번호 : {made.json['number']}", f"발급일시 : {placed}", "안내사항", *NOTICES),
        *("주문명", "주문일시", "발송일시", "공급받는 자", "master@daou.example", "공급받는 업체", "다우기술"),
        *("사업자등록번호", "220-81-02810", "상호명", "(주) 다우기술", "사업장주소", "경기도 성남시 수정구 금토로 69"),
        *("대표자명", "김운덕", "주문목록", "주문번호", number, "[일반형] 연말 선물 <b>뷁</b>", "결제금액", "27,000원"),
        *("결제내역 상세", "상품명", "금액", "구매수량", "합계금액"),
        *("더벤티 아이스 아메리카노 (30일)", "4,500원", "2개", "9,000원"),
        *("더벤티 엘팅초코바나나 (30일)", "18,000원", "4개"),
    ):
        assert said in printed, said
    assert printed.count("27,000원") == 3
    assert "외 " not in printed
    assert made.json["total_krw"] == confirmed(database) == 27_000


@pytest.mark.rule("ORD-31")
@pytest.mark.rule("ORD-34")
def test_several_orders_are_listed_oldest_first_under_the_newest_name(
    statements: Statements, fixed_clock: FixedClock, database: Database
) -> None:
    first_at = fixed_clock.now() + timedelta(hours=9)
    first = statements.order(3, order_name="첫 주문")
    fixed_clock.advance(timedelta(minutes=5))
    by_sub = statements.order(1, order_name="둘째 주문", member_id=SUB)
    fixed_clock.advance(timedelta(minutes=5))
    with statements.unit() as uow:
        newest = place_order(a_choice(order_name="고르는 주문"), uow, statements.rules.placing())
        accept_order(newest, uow)
    last_at = fixed_clock.now() + timedelta(hours=9)
    made = statements.make(order_ids=[str(one) for one in (newest, first, by_sub)])
    printed = statements.text(made)
    assert made.json["title"] == "고르는 주문 외 2건"
    assert f"{first_at:%Y-%m-%d %H:%M:%S} ~ {last_at:%Y-%m-%d %H:%M:%S}" in printed
    listed = printed[printed.index("주문목록") :]
    names = ["[일반형] 첫 주문", "[일반형] 둘째 주문", "[선택형] 고르는 주문"]
    assert sorted(names, key=listed.index) == names
    assert "0원" in listed[listed.index(names[2]) :].split("합계금액")[0]
    assert made.json["total_krw"] == confirmed(database) == 27_000 + 13_500
    assert made.json["coupons"] == 6


@pytest.mark.rule("ORD-34")
@pytest.mark.parametrize("seed", range(5))
def test_both_totals_are_equal_and_equal_what_is_confirmed_whatever_was_revoked_used_or_failed(
    statements: Statements, database: Database, seed: int
) -> None:
    chance = random.Random(seed)
    ids = [statements.order(chance.randint(1, 4)) for _ in range(3)]
    with database.transaction() as session:
        for line_id, item_no, krw, order_id in session.execute(
            text(
                "SELECT c.line_id, c.item_no, i.sale_price_krw, l.order_id FROM coupons c"
                " JOIN order_lines l ON l.id = c.line_id"
                " JOIN order_items i ON i.order_id = l.order_id AND i.item_no = c.item_no WHERE c.state = 'issued'"
            )
        ).all():
            state = chance.choice(["issued", "used", "expired", "revoked"])
            where = {"line_id": line_id, "item_no": item_no, "state": state}
            session.execute(
                text("UPDATE coupons SET state = :state WHERE line_id = :line_id AND item_no = :item_no"), where
            )
            if state == "revoked":
                taken = {"krw": krw, "id": order_id}
                session.execute(
                    text("UPDATE orders SET confirmed_amount_krw = confirmed_amount_krw - :krw WHERE id = :id"), taken
                )
    made = statements.make(order_ids=[str(one) for one in ids])
    assert made.json["total_krw"] == confirmed(database)
    assert statements.text(made).count(f"합계금액 {made.json['total_krw']:,}원") == 1


@pytest.mark.rule("ORD-31")
def test_all_takes_what_qualifies_and_a_selection_with_another_state_is_refused(
    statements: Statements, fixed_clock: FixedClock
) -> None:
    sent = statements.order(1)
    pending = statements.order(1, accepted=False)
    assert statements.make(filter={}).json["orders"] == 1
    refused = statements.make(order_ids=[str(sent), str(pending)])
    assert (refused.status_code, refused.json["code"], refused.json["state"]) == (
        409,
        "statement_state_refused",
        "pending",
    )
    assert statements.make(filter={"state": "pending"}).json["code"] == "statement_orders_count"
    assert statements.make(filter={"query": "연말"}).status_code == 201
    for bad in ({}, {"order_ids": []}, {"order_ids": [str(sent)], "filter": {}}, {"order_ids": [str(sent)] * 1_001}):
        assert statements.make(**bad).status_code == 422
    twice = statements.make(order_ids=[str(sent), str(sent)])
    assert (twice.status_code, twice.json["orders"]) == (201, 1)


@pytest.mark.rule("ORD-31")
def test_a_thousand_orders_at_most(statements: Statements, database: Database) -> None:
    statements.order(1)
    with database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO orders SELECT (jsonb_populate_record(o, jsonb_build_object("
                "'id', gen_random_uuid(), 'order_number', 'CB20260302C' || n))).* FROM orders o,"
                " generate_series(10000, 10998) n"
            )
        )
    made = statements.make(filter={})
    assert (made.status_code, made.json["orders"]) == (201, 1_000)
    statements.order(1)
    refused = statements.make(filter={})
    assert (refused.status_code, refused.json["code"], refused.json["orders_max"]) == (
        409,
        "statement_orders_count",
        1_000,
    )


@pytest.mark.rule("ORD-31")
@pytest.mark.rule("IDN-22")
def test_numbers_are_unique_figures_stay_and_nobody_else_reads_it(
    statements: Statements, callers: Callers, sub: dict[str, str], database: Database
) -> None:
    order_id = statements.order(1)
    made = statements.make(key="once", order_ids=[str(order_id)])
    assert statements.make(key="once", order_ids=[str(order_id)]).json == made.json
    another = statements.make(order_ids=[str(order_id)])
    assert another.json["number"] != made.json["number"]
    with database.transaction() as session:
        session.execute(text("UPDATE coupons SET state = 'revoked'"))
        stored = session.execute(text("SELECT string_agg(s::text, ' ') FROM statements s")).scalar_one()
    assert "master@daou.example" not in stored
    assert (
        statements.api.get(f"/v1/statements/{made.json['statement_id']}", headers=statements.headers).json == made.json
    )
    assert statements.make(order_ids=[str(order_id)]).json["total_krw"] == 0
    stranger = callers.member("master", subject_id=uuid4(), tenant_id=uuid4())
    for headers in (sub, stranger):
        assert statements.api.get(made.json["pdf_url"], headers=headers).json["code"] == "statement_unknown"
        refused = statements.make(order_ids=[str(order_id)], headers=headers)
        assert (refused.status_code, refused.json["code"]) == (404, "order_unknown")


def test_a_member_that_was_heard_before_addresses_were_kept_is_named(
    statements: Statements, database: Database
) -> None:
    order_id = statements.order(1)
    with database.transaction() as session:
        session.execute(text("UPDATE members SET email = NULL"))
    assert "홍마스터" in statements.text(statements.make(order_ids=[str(order_id)]))
