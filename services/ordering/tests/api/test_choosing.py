"""Choosing over REST and a real database: once, final, under races, with stopped products (ORD-26 … ORD-28)."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from ordering_probe import builders
from ordering_probe.builders import CAKE, COFFEE, a_choice
from ordering_probe.suppliers import ScriptedSupplier
from sqlalchemy import text

from chassis.clock import FixedClock
from chassis.database import Database
from chassis.testing.plugin import deliver, published
from chassis.worker import Loop
from contracts.catalog import OfferAvailability
from contracts.messaging import MessagesReported
from contracts.ordering.coupons import ChoiceMade, CouponsFailed, CouponsIssued
from contracts.ordering.dispatches import DispatchPurpose, DispatchRecipient, DispatchRequested
from contracts.ordering.orders import ChoicesStopped
from contracts.scheduler import DayOpened
from ordering import main
from ordering.application.funds import accept_order
from ordering.application.placing import place_order
from ordering.domain.link import token_hash
from ordering.settings import OrderRules, Settings
from ordering.storage.recipients import PostgresRecipients
from ordering.storage.unit_of_work import Equipment, PostgresUnitOfWork

Unit = Callable[[], AbstractContextManager[PostgresUnitOfWork]]
SEOUL = ZoneInfo("Asia/Seoul")
PROOF = "a proof of the tests"


@dataclass
class Choice:
    """A choice of coffee (1) or cake (2) for one recipient whose message got through, and who proved the number."""

    api: FlaskClient
    database: Database
    loop: Loop
    consumers: dict[str, Any]
    order_id: UUID
    line_id: UUID
    link: str

    def page(self) -> Any:
        return self.api.get("/v1/recipient/coupons", headers=self.headers).json

    def pick(self, item_no: int) -> Any:
        return self.api.post("/v1/recipient/choice", headers=self.headers, json={"item_no": item_no})

    def issue(self) -> None:
        while self.loop.step():
            pass

    def stop(self, *offer_ids: UUID) -> None:
        for offer_id in offer_ids:
            stopped = builders.an_offer(offer_id, version=2, availability=OfferAvailability.DISCONTINUED)
            deliver(self.consumers["state"], stopped, times=2)

    def said(self, kind: type) -> list[Any]:
        with self.database.transaction() as session:
            return [one for one in published(session) if isinstance(one, kind)]

    @property
    def headers(self) -> dict[str, str]:
        return {"Link-Token": self.link, "Proof": PROOF}


@pytest.fixture
def choice(
    api: FlaskClient,
    stocked: Unit,
    rules: OrderRules,
    settings: Settings,
    database: Database,
    fixed_clock: FixedClock,
    equipment: Equipment,
) -> Choice:
    with stocked() as uow:
        order_id = place_order(a_choice(), uow, rules.placing())
        accept_order(order_id, uow)
    loop = main.wire_loops(settings, database, fixed_clock, {"giftishow": ScriptedSupplier()})[0]
    loop.step()
    with database.transaction() as session:
        requested = next(one for one in published(session) if isinstance(one, DispatchRequested))
        line_id = requested.rows[0].line_id
        until = fixed_clock.now() + timedelta(days=30)
        PostgresRecipients(session).add_proof(token_hash(PROOF), line_id, until, fixed_clock.now())
    link = equipment.sealer.open(requested.rows[0].recipient, DispatchRecipient).link.rsplit("/", 1)[1]
    consumers = {one.queue.lane: one for one in main.wire_consumers(settings, database, fixed_clock)}
    report = builders.a_report(line_id).model_copy(update={"at": fixed_clock.now()})
    reported = MessagesReported(report_id=uuid4(), order_id=order_id, chunk_no=0, wave=0, reports=(report,))
    deliver(consumers["reports"], reported, times=2)
    return Choice(api, database, loop, consumers, order_id, line_id, link)


@pytest.mark.rule("ORD-26")
def test_the_page_lists_what_can_be_picked_and_until_when(choice: Choice) -> None:
    line = choice.api.get("/v1/recipient/line", headers={"Link-Token": choice.link}).json
    assert (line["state"], line["order_type"], line["coupons"]) == ("choosing", "choice", 1)
    page = choice.page()
    assert [(one["item_no"], one["product_name"], one["can_be_picked"]) for one in page["choices"]] == [
        (1, "아이스 아메리카노", True),
        (2, "엘팅초코바나나", True),
    ]
    assert (page["coupons"], page["choice_ends_at"]) == ([], "2026-03-10T00:00:00Z")


@pytest.mark.rule("ORD-03")
@pytest.mark.rule("ORD-26")
def test_a_pick_is_issued_and_shown_and_the_difference_goes_back(choice: Choice) -> None:
    assert choice.pick(1).json["state"] == "preparing"
    choice.issue()
    page = choice.page()
    assert (page["state"], [one["product_name"] for one in page["coupons"]]) == ("ready", ["아이스 아메리카노"])
    (issued,) = choice.said(CouponsIssued)
    assert (issued.amount_krw, issued.difference_krw) == (4_500, 4_500)
    (made,) = choice.said(ChoiceMade)
    assert (made.line_id, made.offer_id, made.by_default) == (choice.line_id, COFFEE, False)


@pytest.mark.rule("ORD-28")
def test_a_pressed_button_that_is_pressed_again_is_no_news_and_another_pick_is_refused(choice: Choice) -> None:
    for _ in range(2):
        assert choice.pick(1).status_code == 200
    refused = choice.pick(2)
    assert (refused.status_code, refused.json["code"]) == (409, "choice_over")
    assert len(choice.said(ChoiceMade)) == 1


@pytest.mark.rule("ORD-28")
def test_of_two_devices_that_pick_at_once_exactly_one_wins(choice: Choice) -> None:
    gate = threading.Barrier(2)
    answers: dict[int, int] = {}

    def device(item_no: int) -> None:
        gate.wait()
        answers[item_no] = choice.pick(item_no).status_code

    devices = [threading.Thread(target=device, args=(item_no,)) for item_no in (1, 2)]
    for one in devices:
        one.start()
    for one in devices:
        one.join()
    assert sorted(answers.values()) == [200, 409]
    choice.issue()
    (made,) = choice.said(ChoiceMade)
    assert [one["product_name"] for one in choice.page()["coupons"]] == [
        "아이스 아메리카노" if made.offer_id == COFFEE else "엘팅초코바나나"
    ]
    assert sum(one.coupons for one in choice.said(CouponsIssued)) == 1


@pytest.mark.rule("ORD-27")
def test_a_stopped_product_is_shown_and_not_to_be_picked(choice: Choice) -> None:
    choice.stop(COFFEE)
    assert [one["can_be_picked"] for one in choice.page()["choices"]] == [False, True]
    refused = choice.pick(1)
    assert (refused.status_code, refused.json["code"]) == (409, "choice_unavailable")
    assert choice.pick(7).json["code"] == "choice_unavailable"
    assert choice.pick(2).status_code == 200


@pytest.mark.rule("ORD-27")
def test_when_all_are_stopped_the_page_says_so_and_the_money_goes_back(choice: Choice) -> None:
    choice.stop(COFFEE, CAKE)
    assert choice.page()["state"] == "stopped"
    choice.issue()
    assert choice.page()["state"] == "closed"
    assert [one.amount_krw for one in choice.said(CouponsFailed)] == [9_000]
    (told,) = choice.said(ChoicesStopped)
    assert (told.recipients, told.amount_krw, told.order_name) == (1, 9_000, "연말 선물")


@pytest.mark.rule("ORD-28")
def test_a_pick_that_stops_before_it_is_issued_is_picked_again(choice: Choice) -> None:
    assert choice.pick(1).status_code == 200
    choice.stop(COFFEE)
    choice.issue()
    assert choice.page()["state"] == "choosing"
    assert choice.pick(2).status_code == 200
    choice.issue()
    assert [one["product_name"] for one in choice.page()["coupons"]] == ["엘팅초코바나나"]


@pytest.mark.rule("ORD-05")
@pytest.mark.rule("SCH-01")
def test_the_calendar_brings_the_default_once_and_a_late_pick_is_refused(
    choice: Choice, fixed_clock: FixedClock
) -> None:
    at = datetime(2026, 3, 10, 9, 0, tzinfo=SEOUL)
    fixed_clock.set(at)
    deliver(choice.consumers["calendar"], DayOpened(day=date(2026, 3, 10), opened_at=at), times=2)
    choice.issue()
    assert choice.pick(1).json["code"] == "choice_over"
    assert [one.by_default for one in choice.said(ChoiceMade)] == [True]
    assert [one.purpose for one in choice.said(DispatchRequested)] == [
        DispatchPurpose.COUPONS,
        DispatchPurpose.DEFAULT_ITEM,
    ]
    assert [one["product_name"] for one in choice.page()["coupons"]] == ["엘팅초코바나나"]


@pytest.mark.rule("ORD-26")
def test_only_who_holds_the_proof_picks(choice: Choice) -> None:
    for headers in ({"Link-Token": choice.link}, {"Link-Token": choice.link, "Proof": "another"}, {"Proof": PROOF}):
        refused = choice.api.post("/v1/recipient/choice", headers=headers, json={"item_no": 1})
        assert (refused.status_code, refused.json["code"]) == (404, "link_unknown")
    assert choice.pick(0).status_code == 422
    assert choice.said(ChoiceMade) == []


def test_an_order_of_a_choice_names_its_default_and_counts_one_coupon_a_recipient(
    choice: Choice, master: dict[str, str]
) -> None:
    order = choice.api.get(f"/v1/orders/{choice.order_id}", headers=master).json
    assert (order["order_type"], order["default_item_no"], order["coupons"], order["pay_amount_krw"]) == (
        "choice",
        2,
        1,
        9_000,
    )
    line = choice.api.get(f"/v1/orders/{choice.order_id}/lines", headers=master).json["items"][0]
    assert [coupon["state"] for coupon in line["coupons"]] == ["awaiting_choice"]


def test_a_fixed_order_takes_no_choice(place: Any, api: FlaskClient, database: Database) -> None:
    place.placed()
    with database.transaction() as session:
        line_id = session.execute(text("SELECT id FROM order_lines")).scalar_one()
        session.execute(text("UPDATE order_lines SET link_hash = :hash"), {"hash": token_hash("link")})
        at = datetime(2026, 3, 2, tzinfo=SEOUL)
        PostgresRecipients(session).add_proof(token_hash(PROOF), line_id, at + timedelta(days=9), at)
    refused = api.post("/v1/recipient/choice", headers={"Link-Token": "link", "Proof": PROOF}, json={"item_no": 1})
    assert refused.json["code"] == "choice_over"
