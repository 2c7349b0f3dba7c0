"""Issued coupons that were used or ran out: PostgreSQL on one side, the supplier's wire on the other (ORD-19)."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from ordering_probe.builders import MASTER, an_order, rows
from ordering_probe.sandboxes import SupplierWorld
from sqlalchemy import event, text

from chassis.chunks import ChunkCaller
from chassis.clock import FixedClock
from chassis.database import Database
from chassis.worker import Loop
from ordering import main
from ordering.adapters.giftishow import NAME, Giftishow
from ordering.application.funds import accept_order
from ordering.application.placing import place_order
from ordering.application.revoking import RevokeCoupons, revoke_coupons
from ordering.domain.revocation import CouponPlace, CouponsNotRevocableError
from ordering.settings import OrderRules, Settings
from ordering.storage.unit_of_work import PostgresUnitOfWork

Unit = Callable[[], AbstractContextManager[PostgresUnitOfWork]]
PEOPLE = 3


@pytest.fixture
def loops(
    settings: Settings,
    database: Database,
    fixed_clock: FixedClock,
    supplier_world: SupplierWorld,
    stocked: Unit,
    rules: OrderRules,
) -> Iterator[Mapping[str, Loop]]:
    """The loops, after an order's coupons were issued at the supplier."""
    with stocked() as uow:
        accept_order(place_order(an_order(rows=rows(PEOPLE), pay_amount_krw=4_500 * PEOPLE), uow, rules.placing()), uow)
    with ChunkCaller() as caller:
        suppliers = {NAME: Giftishow(supplier_world.account, caller)}
        loops = {one.name: one for one in main.wire_loops(settings, database, fixed_clock, suppliers)}
        loops["ordering.issuing"].step()
        yield loops


def coupons(database: Database) -> list[Any]:
    with database.transaction() as session:
        return list(
            session.execute(
                text(
                    "SELECT c.state, a.tr_id, o.order_number, o.confirmed_amount_krw FROM coupons c"
                    " JOIN order_lines l ON l.id = c.line_id JOIN orders o ON o.id = l.order_id"
                    " JOIN issue_attempts a ON a.line_id = c.line_id AND a.item_no = c.item_no ORDER BY l.line_no"
                )
            )
        )


def states(database: Database) -> list[str]:
    return [row.state for row in coupons(database)]


@pytest.mark.rule("ORD-19")
def test_coupons_whose_time_is_over_are_asked_about_once_and_stay_confirmed(
    loops: Mapping[str, Loop], database: Database, fixed_clock: FixedClock, supplier_world: SupplierWorld
) -> None:
    used, expired, _ = coupons(database)
    supplier_world.control("POST", "/giftishow/coupons/exchange", {"tr_id": used.tr_id})
    supplier_world.control("POST", "/giftishow/coupons/expire", {"tr_id": expired.tr_id})
    asking = loops["ordering.standings"]
    asking.step()
    assert supplier_world.calls("coupons") == []
    fixed_clock.advance(timedelta(days=31))
    asking.step()
    assert states(database) == ["used", "expired", "issued"]
    assert {row.confirmed_amount_krw for row in coupons(database)} == {13_500}
    asking.step()
    assert len(supplier_world.calls("coupons")) == PEOPLE
    fixed_clock.advance(timedelta(days=1, seconds=1))
    asking.step()
    assert len(supplier_world.calls("coupons")) == PEOPLE + 1


@pytest.mark.rule("ORD-19")
@pytest.mark.rule("ORD-32")
def test_a_coupon_that_was_used_cannot_be_revoked(
    loops: Mapping[str, Loop],
    database: Database,
    fixed_clock: FixedClock,
    supplier_world: SupplierWorld,
    stocked: Unit,
) -> None:
    used = coupons(database)[0]
    supplier_world.control("POST", "/giftishow/coupons/exchange", {"tr_id": used.tr_id})
    fixed_clock.advance(timedelta(days=31))
    loops["ordering.standings"].step()
    wish = RevokeCoupons(MASTER, used.order_number, "고객 요청", repaid=True, coupons=(CouponPlace(1, 1),))
    with stocked() as uow, pytest.raises(CouponsNotRevocableError):
        revoke_coupons(wish, uow)


def test_a_supplier_that_is_away_changes_nothing_and_is_asked_again_after_a_while(
    loops: Mapping[str, Loop], database: Database, fixed_clock: FixedClock, supplier_world: SupplierWorld
) -> None:
    for row in coupons(database):
        supplier_world.control("POST", "/giftishow/coupons/expire", {"tr_id": row.tr_id})
        supplier_world.fault("5xx", "coupons")
    fixed_clock.advance(timedelta(days=30, hours=23))
    asking = loops["ordering.standings"]
    asking.step()
    assert states(database) == ["issued"] * PEOPLE
    fixed_clock.advance(timedelta(hours=24))
    asking.step()
    assert states(database) == ["expired"] * PEOPLE


def test_a_coupon_is_in_one_workers_hands_and_free_again_when_the_lease_is_over(
    loops: Mapping[str, Loop], fixed_clock: FixedClock, stocked: Unit
) -> None:
    assert loops
    fixed_clock.advance(timedelta(days=31))
    with stocked() as uow:
        first = uow.standings.claim(uow.now(), 0.0, 2)
    with stocked() as uow:
        again = uow.standings.claim(uow.now(), 60.0, PEOPLE)
        assert uow.standings.claim(uow.now(), 60.0, PEOPLE) == []
    assert (len(first), len(again)) == (2, PEOPLE)


def test_a_portion_costs_two_statements_whatever_its_size(
    loops: Mapping[str, Loop], database: Database, fixed_clock: FixedClock
) -> None:
    seen: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    fixed_clock.advance(timedelta(days=31))
    loops["ordering.standings"].step()
    assert len([one for one in seen if "coupons" in one]) == 2
