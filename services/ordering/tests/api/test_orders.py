"""Placing and reading orders over REST: every declared answer and refusal."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from ordering_probe import builders
from ordering_probe.builders import CAKE, COFFEE, COMPANY
from sqlalchemy import text

from chassis.clock import FixedClock, SystemClock
from chassis.database import Database
from chassis.testing.callers import Callers
from chassis.testing.plugin import published
from chassis.tokens import Authenticator
from contracts.ordering.orders import OrderAccepted, OrderPlaced
from ordering import main
from ordering.application.funds import accept_order, reject_order, reject_released_order, stop_waiting
from ordering.domain.order import Shortfall
from ordering.settings import Settings
from ordering.storage.unit_of_work import PostgresUnitOfWork

Unit = Callable[[], AbstractContextManager[PostgresUnitOfWork]]


def settle(unit: Unit, settling: Callable[[PostgresUnitOfWork], None]) -> None:
    with unit() as uow:
        settling(uow)


def test_an_order_whose_money_is_not_decided_yet_is_a_202_with_a_link(place: Any) -> None:
    answer = place()
    assert answer.status_code == 202
    assert answer.headers["Location"] == f"/v1/orders/{answer.json['order_id']}"
    assert answer.json["state"] == "pending"
    assert answer.json["order_number"] == "CB20260302C0001"


def test_the_same_key_and_body_is_the_same_order_in_its_present_state(
    place: Any, unit: Unit, database: Database
) -> None:
    order_id = place.placed()
    settle(unit, lambda uow: accept_order(order_id, uow))
    again = place()
    assert (again.status_code, again.json["order_id"], again.json["state"]) == (201, str(order_id), "sending")
    with database.transaction() as session:
        assert sum(isinstance(one, OrderPlaced) for one in published(session)) == 1


@pytest.mark.rule("CAT-07")
def test_the_cart_lines_of_an_order_are_told_when_it_is_accepted(place: Any, unit: Unit, database: Database) -> None:
    cart_line_ids = [uuid4(), uuid4()]
    order_id = UUID(place(cart_line_ids=[str(line_id) for line_id in cart_line_ids]).json["order_id"])
    settle(unit, lambda uow: accept_order(order_id, uow))
    with database.transaction() as session:
        (accepted,) = [one for one in published(session) if isinstance(one, OrderAccepted)]
    assert accepted.cart_line_ids == tuple(cart_line_ids)


def test_the_same_key_with_another_body_names_the_difference(place: Any) -> None:
    place.placed()
    refused = place(order_name="다른 이름")
    assert (refused.status_code, refused.json["code"]) == (422, "idempotency_key_reused")
    assert refused.json["fields"] == ["order_name"]


def test_a_key_is_its_members_own(place: Any, sub: dict[str, str]) -> None:
    first = place()
    second = place(headers=sub)
    assert second.status_code == 202
    assert first.json["order_id"] != second.json["order_id"]


@pytest.mark.rule("ORD-15")
def test_short_money_is_a_402_that_names_the_figure(place: Any, unit: Unit) -> None:
    order_id = place.placed()
    settle(unit, lambda uow: reject_order(order_id, Shortfall("balance", 4_500, 4_000), uow))
    refused = place()
    assert (refused.status_code, refused.json["code"], refused.json["reason"]) == (402, "funds_short", "balance")
    assert (refused.json["required_krw"], refused.json["available_krw"], refused.json["short_krw"]) == (
        4_500,
        4_000,
        500,
    )
    assert "500원" in refused.json["message"]["ko"]


def test_money_that_was_not_decided_in_time_is_a_503(place: Any, unit: Unit) -> None:
    order_id = place.placed()
    settle(unit, lambda uow: stop_waiting(order_id, uow))
    settle(unit, lambda uow: reject_released_order(order_id, uow))
    refused = place()
    assert (refused.status_code, refused.json["code"]) == (503, "reservation_timed_out")


def test_placing_waits_for_wallets_answer(
    settings: Settings,
    database: Database,
    fixed_clock: FixedClock,
    callers: Callers,
    stocked: Unit,
    master: dict[str, str],
) -> None:
    patient = settings.model_copy(update={"placing_wait_seconds": 20})
    authenticator = Authenticator(callers.keys_url, database, clock=SystemClock())
    api = main.wire_api(patient, database, fixed_clock, authenticator).api.test_client()

    def answer_of_wallet() -> None:
        while True:
            with stocked() as uow, database.transaction() as session:
                placed = [one for one in published(session) if isinstance(one, OrderPlaced)]
                if placed:
                    accept_order(placed[0].order_id, uow)
                    return

    wallet = threading.Thread(target=answer_of_wallet)
    wallet.start()
    answer = api.post(
        "/v1/orders",
        headers=master | {"Idempotency-Key": "k"},
        json={
            "send_title": "감사",
            "order_type": "fixed",
            "offer_ids": [str(COFFEE)],
            "recipients": [{"phone": "01000000001", "name": "홍길동"}],
            "template_id": str(builders.TEMPLATE),
            "pay_amount_krw": 4_500,
            "agreed_terms": True,
        },
    )
    wallet.join()
    assert (answer.status_code, answer.json["state"]) == (201, "sending")
    assert answer.json["order_name"] == "202603020900 주문건"


REFUSALS: list[tuple[dict[str, Any], int, str]] = [
    ({"send_title": ""}, 422, "send_title_missing"),
    ({"send_title": "감사!!"}, 422, "send_title_invalid"),
    ({"order_name": "x" * 51}, 422, "order_name_invalid"),
    ({"offer_ids": []}, 422, "products_count"),
    ({"offer_ids": [str(COFFEE), str(COFFEE)]}, 422, "offer_repeated"),
    ({"offer_ids": [str(UUID(int=1))]}, 422, "offer_not_on_sale"),
    ({"recipients": []}, 422, "recipients_count"),
    ({"recipients": [{"phone": "02-123-4567", "name": "홍"}]}, 422, "recipients_refused"),
    ({"values": {"없는변수": "x"}}, 422, "typed_value_invalid"),
    ({"template_id": str(UUID(int=1))}, 422, "template_unknown"),
    ({"agreed_terms": False}, 422, "terms_not_agreed"),
    ({"pay_amount_krw": 4_400}, 409, "price_changed"),
    ({"order_type": "choice"}, 422, "products_count"),
    ({"order_type": "gift"}, 422, "invalid_request"),
    ({"pay_amount_krw": "4500"}, 422, "invalid_request"),
    ({"pay_amount_krw": 4500.5}, 422, "invalid_request"),
    ({"pay_amount_krw": -1}, 422, "invalid_request"),
    ({"template_id": "no id"}, 422, "invalid_request"),
    ({"recipients": "01012345678"}, 422, "invalid_request"),
    ({"surprise": 1}, 422, "invalid_request"),
]


@pytest.mark.parametrize(("changes", "status", "code"), REFUSALS, ids=[code for _, _, code in REFUSALS])
def test_a_bad_order_is_refused_with_a_stable_code_in_both_languages(
    place: Any, database: Database, changes: dict[str, Any], status: int, code: str
) -> None:
    refused = place(**changes)
    assert (refused.status_code, refused.json["code"]) == (status, code)
    assert refused.content_type == "application/problem+json"
    assert set(refused.json["message"]) == {"ko", "en"}
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM orders")).scalar_one() == 0


@pytest.mark.rule("ORD-15")
def test_a_changed_price_tells_the_new_figures(place: Any) -> None:
    refused = place(pay_amount_krw=1)
    assert (refused.json["list_amount_krw"], refused.json["discount_amount_krw"], refused.json["pay_amount_krw"]) == (
        5_000,
        500,
        4_500,
    )


@pytest.mark.rule("ORD-10")
def test_bad_rows_are_told_with_number_column_and_reason_and_without_the_phone(place: Any) -> None:
    twice = {"phone": "010-0000-0001", "name": "홍길동"}
    refused = place(recipients=[twice, {"phone": "0212345678", "name": "김"}, twice], pay_amount_krw=13_500)
    assert [(row["row_no"], row["field"], row["code"]) for row in refused.json["rows"]] == [
        (2, "phone", "phone_invalid"),
        (3, "phone", "phone_repeated"),
    ]
    assert refused.json["errors"][0]["field"] == "recipients.1.phone"
    assert "0212345678" not in refused.text


def test_a_missing_idempotency_key_and_broken_json_are_400s(api: FlaskClient, master: dict[str, str]) -> None:
    assert api.post("/v1/orders", json={}, headers=master).json["code"] == "idempotency_key_missing"
    headers = master | {"Idempotency-Key": "k", "Content-Type": "application/json"}
    assert api.post("/v1/orders", data=b"{", headers=headers).json["code"] == "malformed_json"


def test_who_may_not_order_is_a_403(api: FlaskClient, callers: Callers, place: Any) -> None:
    stranger = callers.member("master", subject_id=uuid4(), tenant_id=COMPANY)
    assert place(headers=stranger).json["code"] == "member_may_not_order"
    foreign = callers.member("master", subject_id=builders.MASTER, tenant_id=uuid4())
    assert place(headers=foreign).json["code"] == "company_may_not_order"
    assert place(headers=callers.operator()).status_code == 403
    assert api.get("/v1/orders").status_code == 401


@pytest.mark.rule("ORD-24")
def test_an_order_of_another_member_or_company_is_not_there(
    api: FlaskClient, place: Any, master: dict[str, str], sub: dict[str, str], callers: Callers
) -> None:
    order_id = place.placed()
    foreign = callers.member("master", tenant_id=uuid4())
    for headers in (sub, foreign):
        for path in (f"/v1/orders/{order_id}", f"/v1/orders/{order_id}/lines"):
            refused = api.get(path, headers=headers)
            assert (refused.status_code, refused.json["code"]) == (404, "order_unknown")
    assert api.get("/v1/orders", headers=sub).json["items"] == []
    assert [one["order_id"] for one in api.get("/v1/orders", headers=master).json["items"]] == [str(order_id)]
    assert api.get("/v1/orders/no-id", headers=master).status_code == 404


@pytest.mark.rule("ORD-25")
def test_an_order_shows_its_amounts_counts_products_and_recipients(
    api: FlaskClient, place: Any, master: dict[str, str]
) -> None:
    recipients = [{"phone": f"0100000000{number}", "name": f"이름{number}"} for number in range(3)]
    order_id = place.placed(offer_ids=[str(COFFEE), str(CAKE)], recipients=recipients, pay_amount_krw=40_500)
    order = api.get(f"/v1/orders/{order_id}", headers=master).json
    assert (order["list_amount_krw"], order["discount_amount_krw"], order["pay_amount_krw"]) == (45_000, 4_500, 40_500)
    assert order["counts"] == {"recipients": 3, "success": 0, "in_progress": 3, "failed": 0, "error": 0}
    assert [item["sale_price_krw"] for item in order["items"]] == [4_500, 9_000]
    assert (order["coupons"], order["orderer_name"]) == (6, "홍마스터")

    first = api.get(f"/v1/orders/{order_id}/lines?limit=2", headers=master).json
    rest = api.get(f"/v1/orders/{order_id}/lines?cursor={first['next_cursor']}", headers=master).json
    assert [line["phone"] for line in first["items"] + rest["items"]] == [row["phone"] for row in recipients]
    assert rest["next_cursor"] is None
    assert [coupon["state"] for coupon in first["items"][0]["coupons"]] == ["waiting", "waiting"]


def test_a_list_is_paged_newest_first(api: FlaskClient, place: Any, master: dict[str, str]) -> None:
    placed = [str(place.placed(f"key-{number}")) for number in range(3)]
    first = api.get("/v1/orders?limit=2", headers=master).json
    rest = api.get(f"/v1/orders?limit=2&cursor={first['next_cursor']}", headers=master).json
    assert [one["order_id"] for one in first["items"] + rest["items"]] == placed[::-1]
    assert api.get("/v1/orders?cursor=nonsense", headers=master).status_code == 422


def test_a_long_poll_answers_when_the_order_changes(
    api: FlaskClient, place: Any, master: dict[str, str], unit: Unit
) -> None:
    order_id = place.placed()
    answers: list[Any] = []
    path = f"/v1/orders/{order_id}?seen=1&wait_seconds=20"
    waiting = threading.Thread(target=lambda: answers.append(api.get(path, headers=master).json))
    waiting.start()
    settle(unit, lambda uow: accept_order(order_id, uow))
    waiting.join(timeout=10)
    assert [(one["state"], one["version"]) for one in answers] == [("sending", 2)]


def test_a_long_poll_is_bounded_and_refuses_nonsense(api: FlaskClient, place: Any, master: dict[str, str]) -> None:
    order_id = place.placed()
    assert api.get(f"/v1/orders/{order_id}?seen=1&wait_seconds=0", headers=master).json["version"] == 1
    for query in ("wait_seconds=-1", "wait_seconds=61", "wait_seconds=nan", "seen=x"):
        assert api.get(f"/v1/orders/{order_id}?{query}", headers=master).status_code == 422


@pytest.mark.rule("ORD-12")
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_changes_the_recipients_of_a_placed_order(
    api: FlaskClient, place: Any, master: dict[str, str], method: str
) -> None:
    order_id = place.placed()
    for path in (f"/v1/orders/{order_id}/lines", f"/v1/orders/{order_id}"):
        assert api.open(path, method=method, json={}, headers=master).status_code == 405


def test_operators_see_the_coupons_that_are_left_to_them(
    app: Any, place: Any, callers: Callers, database: Database
) -> None:
    place.placed()
    with database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO issue_attempts SELECT id, 1, 'TR1', 'flagged', 0, now(), 'COUPON.0007', now(), NULL "
                "FROM order_lines"
            )
        )
    admin = app.admin.test_client()
    page = admin.get("/admin/flagged-coupons", headers=callers.operator("support")).json
    assert [(one["tr_id"], one["code"], one["order_number"]) for one in page["items"]] == [
        ("TR1", "COUPON.0007", "CB20260302C0001")
    ]
    assert page["next_cursor"] is None
    assert admin.get("/admin/flagged-coupons", headers=callers.member()).status_code == 403
