"""Recipients look at their coupons, and suppliers are asked how those stand (ORD-19)."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from ordering_probe.recipients import coupons, proof
from ordering_probe.suppliers import ScriptedSupplier
from sqlalchemy import text

from chassis.clock import FixedClock, SystemClock
from chassis.database import Database
from chassis.testing.callers import Callers
from chassis.tokens import Authenticator
from ordering import main
from ordering.domain.attempt import Action
from ordering.domain.coupon import CouponState, tr_id
from ordering.settings import Settings


@pytest.mark.rule("ORD-19")
def test_a_coupon_that_was_used_is_shown_as_used_when_it_is_looked_at(
    settings: Settings,
    database: Database,
    fixed_clock: FixedClock,
    callers: Callers,
    links: list[str],
    sent_code: Callable[[], str],
    seller: ScriptedSupplier,
) -> None:
    patient = settings.model_copy(update={"standing_wait_seconds": 20})
    authenticator = Authenticator(callers.keys_url, database, clock=SystemClock())
    api = main.wire_api(patient, database, fixed_clock, authenticator).api.test_client()
    loops = main.wire_loops(settings, database, fixed_clock, {"giftishow": seller})
    asking = next(loop for loop in loops if loop.name == "ordering.standings")
    shown = proof(api, links[0], sent_code)
    seller.sold[tr_id_of(database)].stands = CouponState.USED
    assert states(coupons(api, links[0], shown)) == ["issued", "issued"], "just issued: nobody is asked"

    fixed_clock.advance(timedelta(minutes=11))
    pages: list[Any] = []
    looking = threading.Thread(target=lambda: pages.append(coupons(api, links[0], shown)))
    looking.start()
    while looking.is_alive():
        asking.step()
        looking.join(0.05)
    assert states(pages[0]) == ["used", "issued"]
    assert asked(seller) == 2

    fixed_clock.advance(timedelta(minutes=9))
    assert states(coupons(api, links[0], shown)) == ["used", "issued"]
    asking.step()
    assert asked(seller) == 2, "at most once in ten minutes"


@pytest.mark.rule("ORD-19")
def test_a_supplier_that_is_away_leaves_the_page_with_what_is_known_and_is_not_pressed(
    api: FlaskClient,
    settings: Settings,
    database: Database,
    fixed_clock: FixedClock,
    links: list[str],
    sent_code: Callable[[], str],
    seller: ScriptedSupplier,
) -> None:
    loops = main.wire_loops(settings, database, fixed_clock, {"giftishow": seller})
    asking = next(loop for loop in loops if loop.name == "ordering.standings")
    shown = proof(api, links[0], sent_code)
    seller.mood = lambda _: "dark"
    fixed_clock.advance(timedelta(minutes=11))
    for _ in range(3):
        assert states(coupons(api, links[0], shown)) == ["issued", "issued"]
        asking.step()
    assert asked(seller) == 2


def test_who_holds_no_proof_has_no_supplier_asked(
    api: FlaskClient, database: Database, fixed_clock: FixedClock, links: list[str]
) -> None:
    fixed_clock.advance(timedelta(minutes=11))
    assert coupons(api, links[0], "no proof").status_code == 404
    assert api.get("/v1/recipient/line", headers={"Link-Token": links[0]}).status_code == 200
    with database.transaction() as session:
        assert session.execute(text("SELECT count(asking_due_at) FROM coupons")).scalar_one() == 0


def states(page: Any) -> list[str]:
    return [coupon["state"] for coupon in page.json["coupons"]]


def asked(seller: ScriptedSupplier) -> int:
    return [call.action for call in seller.calls].count(Action.LOOK)


def tr_id_of(database: Database) -> str:
    """The key of the first recipient's first coupon."""
    with database.transaction() as session:
        line_id = session.execute(text("SELECT id FROM order_lines WHERE line_no = 1")).scalar_one()
    return tr_id(line_id, 1)
