"""Operators take coupons back: named ones or an order's, with or without the money, once each (ORD-32)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from ordering_probe.builders import CAKE, COFFEE, COMPANY, MASTER, an_offer, an_order, rows
from ordering_probe.suppliers import ScriptedSupplier
from sqlalchemy import text

from chassis.clock import FixedClock
from chassis.database import Database
from chassis.testing.callers import Callers
from chassis.testing.plugin import published
from chassis.web import WsgiApp
from chassis.worker import Loop
from contracts.audit import OperatorActed
from contracts.ordering.coupons import CouponsRevoked
from ordering import main
from ordering.application.funds import accept_order
from ordering.application.placing import place_order
from ordering.application.revoking import begin_revoking, cancel_at_supplier, end_revoking
from ordering.domain.attempt import Action
from ordering.domain.coupon import CouponState
from ordering.settings import OrderRules, Settings
from ordering.storage.recipients import PostgresRecipients
from ordering.storage.unit_of_work import PostgresUnitOfWork

Unit = Callable[[], AbstractContextManager[PostgresUnitOfWork]]

FINANCE = UUID(int=0xF1)


@pytest.fixture
def supplier() -> ScriptedSupplier:
    return ScriptedSupplier()


@pytest.fixture
def loops(
    settings: Settings, database: Database, fixed_clock: FixedClock, supplier: ScriptedSupplier
) -> dict[str, Loop]:
    return {one.name: one for one in main.wire_loops(settings, database, fixed_clock, {"giftishow": supplier})}


@pytest.fixture
def admin(app: WsgiApp) -> FlaskClient:
    return app.admin.test_client()


@pytest.fixture
def finance(callers: Callers) -> dict[str, str]:
    return callers.operator("finance", subject_id=FINANCE)


class Desk:
    """An operator's desk over an order of two products for two recipients, all issued."""

    def __init__(self, admin: FlaskClient, headers: dict[str, str], number: str) -> None:
        self._admin = admin
        self._headers = headers
        self.number = number

    def revoke(self, *, key: str = "r1", **changes: Any) -> Any:
        body = {"order_number": self.number, "reason": "고객 요청", "repaid": True} | changes
        return self._admin.post("/admin/revocations", json=body, headers=self._headers | {"Idempotency-Key": key})

    def see(self, path: str) -> Any:
        return self._admin.get(path, headers=self._headers)

    def coupons(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.see(f"/admin/orders/{self.number}/coupons").json["items"]
        return items


@pytest.fixture
def desk(
    admin: FlaskClient,
    finance: dict[str, str],
    stocked: Unit,
    database: Database,
    rules: OrderRules,
    loops: dict[str, Loop],
) -> Desk:
    with stocked() as uow:
        uow.copies.keep_offer(an_offer(CAKE, price_krw=9_000, face_price_krw=10_000, cash_like=True, version=2))
        command = an_order(offer_ids=(COFFEE, CAKE), rows=rows(2), pay_amount_krw=27_000)
        accept_order(place_order(command, uow, rules.placing()), uow)
    assert loops["ordering.issuing"].step()
    with database.engine.connect() as connection:
        number = connection.execute(text("SELECT order_number FROM orders")).scalar_one()
    return Desk(admin, finance, number)


def said(database: Database) -> list[CouponsRevoked]:
    with database.transaction() as session:
        return [event for event in published(session) if isinstance(event, CouponsRevoked)]


def confirmed(database: Database) -> int:
    with database.engine.connect() as connection:
        found: int = connection.execute(text("SELECT confirmed_amount_krw FROM orders")).scalar_one()
    return found


@pytest.mark.rule("ORD-32")
def test_a_single_coupon_is_cancelled_at_the_supplier_then_revoked_and_said_with_its_money(
    desk: Desk, loops: dict[str, Loop], database: Database, supplier: ScriptedSupplier, fixed_clock: FixedClock
) -> None:
    answer = desk.revoke(coupons=[{"line_no": 1, "item_no": 2}])
    assert answer.status_code == 201, answer.json
    assert (answer.json["open"], answer.json["repaid"], answer.json["operator_id"]) == (1, True, str(FINANCE))
    assert said(database) == []
    assert confirmed(database) == 27_000
    assert loops["ordering.revoking"].step()
    assert not loops["ordering.revoking"].step()
    (event,) = said(database)
    assert (event.company_id, event.member_id, event.repaid, event.coupons) == (COMPANY, MASTER, True, 1)
    assert (event.amount_krw, event.cash_like_krw) == (9_000, 9_000)
    month = f"{fixed_clock.now():%Y-%m}"
    assert [(one.month, one.coupons, one.amount_krw) for one in event.months] == [(month, 1, 9_000)]
    assert confirmed(database) == 18_000
    assert len(supplier.living()) == 3
    states = [(one["line_no"], one["item_no"], one["state"], one["revocation"]) for one in desk.coupons()]
    assert states == [
        (1, 1, "issued", None),
        (1, 2, "revoked", "revoked"),
        (2, 1, "issued", None),
        (2, 2, "issued", None),
    ]
    seen = desk.see(f"/admin/revocations/{answer.json['revocation_id']}").json
    assert (seen["open"], seen["revoked"], seen["refused"]) == (0, 1, 0)


@pytest.mark.rule("ORD-32")
@pytest.mark.rule("IDN-24")
def test_a_whole_order_is_revoked_without_repaying_and_the_act_is_in_the_audit_log(
    desk: Desk, loops: dict[str, Loop], database: Database, supplier: ScriptedSupplier
) -> None:
    answer = desk.revoke(repaid=False)
    again = desk.revoke(repaid=False)
    assert (again.status_code, again.json["revocation_id"]) == (201, answer.json["revocation_id"])
    while loops["ordering.revoking"].step():
        pass
    (event,) = said(database)
    assert (event.repaid, event.coupons, event.amount_krw) == (False, 4, 27_000)
    assert confirmed(database) == 0
    assert supplier.living() == []
    with database.transaction() as session:
        acts = [one for one in published(session) if isinstance(one, OperatorActed)]
    assert [(one.operator_id, one.action, one.target_kind) for one in acts] == [(FINANCE, "coupons_revoked", "order")]
    assert acts[0].after is not None
    assert (acts[0].after["reason"], acts[0].after["coupons"]) == ("고객 요청", 4)
    assert desk.revoke(key="r2").json["code"] == "nothing_to_revoke"
    listed = desk.see(f"/admin/revocations?order_number={desk.number}").json
    assert [(one["revoked"], one["reason"]) for one in listed["items"]] == [(4, "고객 요청")]


@pytest.mark.rule("ORD-32")
def test_what_the_supplier_refuses_stays_issued_and_is_not_paid_back(
    desk: Desk, loops: dict[str, Loop], database: Database, supplier: ScriptedSupplier
) -> None:
    for sold in supplier.sold.values():
        sold.number = "" if sold.goods_code.endswith(f"{CAKE.int}") else sold.number  # Used: it cannot be cancelled.
    desk.revoke()
    assert loops["ordering.revoking"].step()
    (event,) = said(database)
    assert (event.coupons, event.amount_krw, event.cash_like_krw) == (2, 9_000, 0)
    assert confirmed(database) == 18_000
    kept = [one for one in desk.coupons() if one["item_no"] == 2]
    assert [(one["state"], one["revocation"], one["code"]) for one in kept] == [
        ("issued", "refused", "COUPON.0006"),
        ("issued", "refused", "COUPON.0006"),
    ]
    assert desk.revoke(key="r2").status_code == 201


@pytest.mark.rule("ORD-32")
@pytest.mark.rule("ORD-33")
def test_an_answer_that_was_lost_is_asked_for_by_cancelling_again_and_paid_once(
    desk: Desk, loops: dict[str, Loop], database: Database, supplier: ScriptedSupplier, fixed_clock: FixedClock
) -> None:
    supplier.mood = lambda call: "lost" if call.action is Action.CANCEL else "well"
    desk.revoke()
    assert loops["ordering.revoking"].step()
    assert said(database) == []
    assert confirmed(database) == 27_000
    assert not loops["ordering.revoking"].step()
    supplier.mood = lambda _: "well"
    fixed_clock.advance(timedelta(seconds=10))
    assert loops["ordering.revoking"].step()
    assert [event.amount_krw for event in said(database)] == [27_000]
    assert confirmed(database) == 0


@pytest.mark.rule("ORD-32")
def test_two_workers_with_one_portion_say_it_once(
    desk: Desk, database: Database, supplier: ScriptedSupplier, unit: Unit, settings: Settings
) -> None:
    desk.revoke()
    with unit() as uow:
        first = begin_revoking(uow, settings.patience())
    assert first is not None
    with unit() as uow:
        assert begin_revoking(uow, settings.patience()) is None
    with database.transaction() as session:
        session.execute(text("UPDATE revoked_coupons SET lease_until = clock_timestamp() - interval '1 second'"))
    with unit() as uow:
        second = begin_revoking(uow, settings.patience())
    assert second is not None
    for claimed in (second, first):
        answers = cancel_at_supplier(claimed, {"giftishow": supplier})
        with unit() as uow:
            end_revoking(claimed, answers, uow, settings.patience())
    assert [event.coupons for event in said(database)] == [4]
    assert confirmed(database) == 0


@pytest.mark.rule("ORD-32")
def test_a_supplier_that_takes_nothing_is_left_alone_for_a_while(
    desk: Desk, loops: dict[str, Loop], database: Database, supplier: ScriptedSupplier, fixed_clock: FixedClock
) -> None:
    supplier.mood = lambda _: "stopped"
    desk.revoke()
    assert loops["ordering.revoking"].step()
    supplier.mood = lambda _: "well"
    fixed_clock.advance(timedelta(seconds=59))
    assert not loops["ordering.revoking"].step()
    fixed_clock.advance(timedelta(seconds=1))
    assert loops["ordering.revoking"].step()
    assert [event.coupons for event in said(database)] == [4]


@pytest.mark.rule("ORD-32")
def test_of_named_coupons_all_are_taken_or_none(desk: Desk, database: Database) -> None:
    named = [{"line_no": 1, "item_no": 1}, {"line_no": 9, "item_no": 1}]
    refused = desk.revoke(coupons=named)
    assert (refused.status_code, refused.json["code"]) == (409, "coupons_not_revocable")
    assert refused.json["coupons"] == [{"line_no": 9, "item_no": 1}]
    assert all(one["revocation"] is None for one in desk.coupons())
    assert desk.revoke(key="r2", coupons=named[:1]).status_code == 201
    assert desk.revoke(key="r3", coupons=named[:1]).json["code"] == "coupons_not_revocable"


@pytest.mark.rule("ORD-32")
def test_only_finance_and_admin_revoke_and_bad_wishes_are_told(
    desk: Desk, admin: FlaskClient, callers: Callers, finance: dict[str, str]
) -> None:
    support = Desk(admin, callers.operator("support", subject_id=uuid4()), desk.number)
    assert support.revoke().status_code == 403
    assert len(support.coupons()) == 4
    assert desk.revoke(order_number="CB20260302C9999").json["code"] == "order_number_unknown"
    for bad in (
        {"reason": " "},
        {"coupons": []},
        {"order_number": "7"},
        {"coupons": [{"line_no": 1, "item_no": 1}] * 2},
    ):
        assert desk.revoke(key=uuid4().hex, **bad).status_code in {400, 422}
    assert desk.see(f"/admin/revocations/{uuid4()}").status_code == 404
    assert desk.see("/admin/orders/CB20260302C9999/coupons").status_code == 404


@pytest.mark.rule("ORD-32")
@pytest.mark.rule("ORD-27")
def test_from_the_request_on_the_recipient_sees_no_number(desk: Desk, database: Database, unit: Unit) -> None:
    desk.revoke(coupons=[{"line_no": 1, "item_no": 1}])
    with database.transaction() as session:
        line_id = session.execute(text("SELECT id FROM order_lines WHERE line_no = 1")).scalar_one()
        shown = PostgresRecipients(session).coupons_of(line_id)
    assert [one.state for one in shown] == [CouponState.REVOKED, CouponState.ISSUED]
