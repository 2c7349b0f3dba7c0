"""The order form before placing: every figure, all faults at once, nothing stored (ORD-13, ORD-15, ORD-35, ORD-36)."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from ordering_probe import builders
from ordering_probe.builders import CAKE, COFFEE, TEMPLATE
from sqlalchemy import text

from chassis.database import Database


@pytest.fixture
def preview(api: FlaskClient, master: dict[str, str]) -> Any:
    """Posts a form that differs from a good one by what is given."""

    def post(**changes: Any) -> Any:
        form = {
            "send_title": "연말 감사",
            "order_type": "fixed",
            "offer_ids": [str(COFFEE), str(CAKE)],
            "recipients": [{"phone": "010-0000-0001", "name": "홍길동"}, {"phone": "010-0000-0002", "name": "김하늘"}],
            "template_id": str(TEMPLATE),
        }
        answer = api.post("/internal/order-previews", json=form | changes, headers=master)
        assert answer.status_code == 200, answer.json
        return answer.json

    return post


@pytest.mark.rule("ORD-35")
@pytest.mark.rule("ORD-36")
def test_a_fixed_form_shows_its_lines_sums_and_the_message(preview: Any) -> None:
    seen = preview()
    assert (seen["faults"], seen["heading"], seen["recipients"]) == ([], "주문상품: 2건", 2)
    assert (seen["each_list_krw"], seen["each_pay_krw"]) == (15_000, 13_500)
    assert (seen["list_amount_krw"], seen["discount_amount_krw"], seen["pay_amount_krw"]) == (30_000, -3_000, 27_000)
    assert [(line["sale_price_krw"], line["is_default"]) for line in seen["lines"]] == [(4_500, False), (9_000, False)]
    row = {"row_no": 1, "template_id": str(TEMPLATE), "template_version": 1, "values": {"이름": "홍길동"}}
    assert seen["message_row"] == row
    assert seen["window"] == {
        "first_at": "2026-03-02T00:10:00Z",
        "last_on": "2026-04-01",
        "step_minutes": 10,
        "is_night_restricted": False,
        "day_begins_hour": None,
        "notices": [
            "주문일로부터 30일 이내로 예약이 가능합니다.",
            "상품권 및 일부 환금성 상품은 오전 6시부터 오후 11시 59분까지 예약발송일시를 설정할 수 있습니다.",
            "특정 경우 예약된 일자의 상품 상태에 따라 부득이하게 발송이 실패될 수 있습니다.",
        ],
    }


@pytest.mark.rule("ORD-08", "ORD-10")
def test_the_form_is_told_beforehand_what_a_restricted_product_forbids(preview: Any, unit: Any) -> None:
    assert preview()["is_single_recipient"] is False
    with unit() as uow:
        restricted = {"night_restricted": True, "single_recipient": True}
        uow.copies.keep_offer(builders.an_offer(version=2, **restricted))
    seen = preview(allow_repeated_phones=True, recipients=[{"phone": "01000000001", "name": "홍길동"}] * 2)
    assert (seen["is_single_recipient"], seen["window"]["day_begins_hour"]) == (True, 6)
    assert [row["code"] for row in seen["faults"][0]["rows"]] == ["phone_repeated"]


@pytest.mark.rule("ORD-04")
@pytest.mark.rule("ORD-35")
@pytest.mark.rule("ORD-36")
def test_a_choice_form_is_priced_by_the_dearest_and_titled_by_its_default(preview: Any) -> None:
    seen = preview(order_type="choice", default_offer_id=str(COFFEE))
    assert (seen["list_amount_krw"], seen["discount_amount_krw"], seen["pay_amount_krw"]) == (20_000, -2_000, 18_000)
    assert seen["heading"] == "아이스 아메리카노 외 1건"
    assert [line["is_default"] for line in seen["lines"]] == [True, False]


@pytest.mark.rule("ORD-35")
def test_all_faults_are_told_at_once_as_placing_would_tell_each(preview: Any, database: Database) -> None:
    twice = {"phone": "01000000001", "name": "홍길동"}
    seen = preview(
        send_title="감사!!",
        recipients=[twice, twice, {"phone": "02-1"}],
        send_at="2026-03-02T00:00:00Z",
        pay_amount_krw=1,
    )
    assert [fault["code"] for fault in seen["faults"]] == [
        "send_title_invalid",
        "recipients_refused",
        "send_time_refused",
        "price_changed",
    ]
    assert [(row["row_no"], row["code"]) for row in seen["faults"][1]["rows"]] == [
        (2, "phone_repeated"),
        (3, "phone_invalid"),
    ]
    assert (seen["recipients"], seen["pay_amount_krw"]) == (1, 13_500)
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM orders")).scalar_one() == 0
        assert connection.execute(text("SELECT count(*) FROM outbox")).scalar_one() == 0


def test_an_empty_form_is_looked_at_too(api: FlaskClient, master: dict[str, str]) -> None:
    seen = api.post("/internal/order-previews", json={"order_type": "choice", "recipients": []}, headers=master)
    assert seen.status_code == 200
    assert {fault["code"] for fault in seen.json["faults"]} == {
        "send_title_missing",
        "products_count",
        "template_unknown",
        "recipients_count",
    }
    assert (seen.json["pay_amount_krw"], seen.json["message_row"]) == (0, None)


@pytest.mark.rule("ORD-13")
def test_any_row_can_be_picked_with_the_values_that_fill_its_message(preview: Any) -> None:
    second = preview(message_row_no=2)
    assert (second["message_row"]["row_no"], second["message_row"]["values"]) == (2, {"이름": "김하늘"})
    typed = preview(message_row_no=2, values={"#{이름}": "고객"})
    assert typed["message_row"]["values"] == {"이름": "고객"}
    assert preview(message_row_no=9)["message_row"] is None


@pytest.mark.rule("ORD-15")
def test_what_a_preview_passes_is_placed_at_the_amount_it_showed(preview: Any, place: Any) -> None:
    seen = preview(offer_ids=[str(COFFEE)])
    assert seen["faults"] == []
    recipients = [{"phone": "010-0000-0001", "name": "홍길동"}, {"phone": "010-0000-0002", "name": "김하늘"}]
    assert place(recipients=recipients, pay_amount_krw=seen["pay_amount_krw"]).status_code == 202


@pytest.mark.rule("ORD-13")
def test_a_message_that_is_too_long_for_its_longest_row_is_refused_naming_the_limit(
    preview: Any, place: Any, unit: Any
) -> None:
    with unit() as uow:
        uow.copies.keep_template(builders.a_template(version=2, body="가" * 996 + "#{이름}"))
    assert preview()["faults"] == []
    longest = [{"phone": "01000000001", "name": "홍길동"}, {"phone": "01000000002", "name": "김하늘바다"}]
    fault = preview(recipients=longest)["faults"][0]
    assert (fault["code"], fault["limit"], fault["size"], fault["size_max"]) == (
        "message_too_long",
        "bytes",
        2_002,
        2_000,
    )
    assert place(recipients=longest, pay_amount_krw=9_000).json["code"] == "message_too_long"


@pytest.mark.rule("ORD-14")
def test_the_coupon_page_is_previewed_with_its_own_message_and_card(
    preview: Any, api: FlaskClient, master: Any
) -> None:
    seen = preview()
    assert (seen["coupon_card"], seen["coupon_message"]["text"]) == ("basic", "안녕하세요 홍길동님")
    text = "#{이름}님의 #{기념일}을 축하해요"
    lacking = preview(coupon_message=text)
    assert [fault["code"] for fault in lacking["faults"]] == ["typed_value_missing"]
    seen = preview(coupon_message=text, coupon_card="birthday_sky", values={"기념일": "생일"}, message_row_no=2)
    assert (seen["faults"], seen["coupon_card"]) == ([], "birthday_sky")
    assert seen["coupon_message"]["text"] == "김하늘님의 생일을 축하해요"
    assert seen["message_row"]["values"] == {"이름": "김하늘"}
    bad = preview(coupon_message="가" * 1_001, coupon_card="none")
    assert [fault["code"] for fault in bad["faults"]] == ["card_unknown"]
    assert [fault["code"] for fault in preview(coupon_message="가" * 1_001)["faults"]] == ["coupon_message_too_long"]
    cards = api.get("/v1/orders/coupon-cards", headers=master).json["items"]
    assert {card["theme"] for card in cards} >= {"기본", "감사", "생일", "축하"}
    nameless = preview(coupon_message="#{회사명} 드림")
    assert [fault["code"] for fault in nameless["faults"]] == ["recipients_refused"]
