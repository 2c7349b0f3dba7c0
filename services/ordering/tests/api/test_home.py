"""The home page's 주문내역: four tabs, five lines each, as far as the member may see (GWY-02, ORD-24)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from ordering_probe.builders import SUB, an_order
from ordering_probe.plans import PLAN_RULES, a_draft, on_days
from sqlalchemy import text

from chassis.clock import FixedClock
from chassis.database import Database
from ordering.application.funds import accept_order
from ordering.application.placing import place_order
from ordering.application.plans import register_plan
from ordering.settings import OrderRules
from ordering.storage.plan_views import PostgresPlanViews
from ordering.storage.unit_of_work import PostgresUnitOfWork

Unit = Callable[[], AbstractContextManager[PostgresUnitOfWork]]


@pytest.mark.rule("GWY-02")
@pytest.mark.rule("ORD-24")
def test_five_a_tab_newest_first_and_a_master_sees_the_companys(
    api: FlaskClient,
    master: dict[str, str],
    sub: dict[str, str],
    stocked: Unit,
    database: Database,
    rules: OrderRules,
    fixed_clock: FixedClock,
) -> None:
    with stocked() as uow:
        for number in range(7):
            placed = place_order(an_order(order_name=f"발송 {number}"), uow, rules.placing())
            accept_order(placed, uow)
        send_at = fixed_clock.now() + timedelta(hours=1)
        later = place_order(an_order(order_name="예약", send_at=send_at, member_id=SUB), uow, rules.placing())
        accept_order(later, uow)
        place_order(an_order(order_name="접수 중"), uow, rules.placing())
    with database.transaction() as session:
        session.execute(text("UPDATE orders SET state = 'sent' WHERE order_name = '발송 0'"))
    tabs = api.get("/v1/orders/home", headers=master).json
    assert [one["order_name"] for one in tabs["sending"]] == [f"발송 {number}" for number in (6, 5, 4, 3, 2)]
    assert [(one["order_name"], one["send_type_ko"]) for one in tabs["sent"]] == [("발송 0", "[즉시 발송]")]
    assert [(one["order_name"], one["send_type_ko"]) for one in tabs["scheduled"]] == [("예약", "[예약 발송]")]
    assert tabs["anniversaries"] == []
    own = api.get("/v1/orders/home", headers=sub).json
    assert [len(own[tab]) for tab in ("sending", "sent", "scheduled", "anniversaries")] == [0, 0, 1, 0]


@pytest.mark.rule("GWY-02")
@pytest.mark.rule("ANN-07")
def test_the_nearest_anniversaries_of_the_member_alone_that_are_on(
    api: FlaskClient, master: dict[str, str], sub: dict[str, str], stocked: Unit, database: Database
) -> None:
    with stocked() as uow:
        views = PostgresPlanViews(uow._session)
        for name, day in (("오월", "1990/05/01"), ("삼월", "1990/03/05"), ("사월", "1990/04/01")):
            register_plan(a_draft(order_name=name, rows=on_days(day)), uow, views, PLAN_RULES)
    with database.transaction() as session:
        session.execute(text("UPDATE plans SET state = 'off' WHERE order_name = '삼월'"))
    tab = api.get("/v1/orders/home", headers=master).json["anniversaries"]
    assert [(one["order_name"], one["next_on"]) for one in tab] == [("사월", "2026-04-01"), ("오월", "2026-05-01")]
    assert api.get("/v1/orders/home", headers=sub).json["anniversaries"] == []
