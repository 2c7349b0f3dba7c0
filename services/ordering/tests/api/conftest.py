"""Ordering's application over a database, with callers whose tokens it takes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from ordering_probe.builders import CAKE, COFFEE, COMPANY, MASTER, SUB, TEMPLATE, an_order, rows
from ordering_probe.suppliers import ScriptedSupplier

from chassis.clock import FixedClock, SystemClock
from chassis.database import Database
from chassis.testing.callers import Callers
from chassis.testing.plugin import published
from chassis.tokens import Authenticator
from chassis.web import WsgiApp
from contracts.messaging import SendCode
from contracts.ordering.dispatches import DispatchRecipient, DispatchRequested
from ordering import main
from ordering.application.funds import accept_order
from ordering.application.placing import place_order
from ordering.settings import OrderRules, Settings
from ordering.storage.unit_of_work import Equipment, PostgresUnitOfWork

Unit = Callable[[], AbstractContextManager[PostgresUnitOfWork]]


@pytest.fixture
def app(settings: Settings, database: Database, fixed_clock: FixedClock, callers: Callers, stocked: object) -> WsgiApp:
    """Both applications; tokens are judged by the machine's clock, orders by the fixed one."""
    authenticator = Authenticator(callers.keys_url, database, clock=SystemClock())
    return main.wire_api(settings, database, fixed_clock, authenticator)


@pytest.fixture
def api(app: WsgiApp) -> FlaskClient:
    return app.api.test_client()


@pytest.fixture
def master(callers: Callers) -> dict[str, str]:
    return callers.member("master", subject_id=MASTER, tenant_id=COMPANY)


@pytest.fixture
def sub(callers: Callers) -> dict[str, str]:
    return callers.member("sub", subject_id=SUB, tenant_id=COMPANY)


def _order(**changes: Any) -> dict[str, Any]:
    return {
        "order_name": "연말 선물",
        "send_title": "연말 감사",
        "order_type": "fixed",
        "offer_ids": [str(COFFEE)],
        "recipients": [{"phone": "010-0000-0001", "name": "홍길동"}],
        "template_id": str(TEMPLATE),
        "pay_amount_krw": 4_500,
        "agreed_terms": True,
    } | changes


class Placing:
    """Posts orders."""

    def __init__(self, api: FlaskClient, headers: dict[str, str]) -> None:
        self._api = api
        self._headers = headers

    def __call__(self, key: str = "key-1", headers: dict[str, str] | None = None, **changes: Any) -> Any:
        """The answer to a posted order that differs from a good one by what is given."""
        sent = {"Idempotency-Key": key} | (headers or self._headers)
        return self._api.post("/v1/orders", json=_order(**changes), headers=sent)

    def placed(self, key: str = "key-1", **changes: Any) -> UUID:
        """The id of an order that was placed."""
        answer = self(key, **changes)
        assert answer.status_code == 202, answer.json
        return UUID(answer.json["order_id"])


@pytest.fixture
def place(api: FlaskClient, master: dict[str, str]) -> Placing:
    return Placing(api, master)


@pytest.fixture
def seller() -> ScriptedSupplier:
    """The supplier of the order's coupons."""
    return ScriptedSupplier()


@pytest.fixture
def links(
    seller: ScriptedSupplier,
    stocked: Unit,
    rules: OrderRules,
    settings: Settings,
    database: Database,
    fixed_clock: FixedClock,
    equipment: Equipment,
) -> list[str]:
    """The link tokens of an order of two products for two people, as messaging gets them."""
    with stocked() as uow:
        command = an_order(offer_ids=(COFFEE, CAKE), rows=rows(2), pay_amount_krw=27_000)
        order_id = place_order(command, uow, rules.placing())
        accept_order(order_id, uow)
    main.wire_loops(settings, database, fixed_clock, {"giftishow": seller})[0].step()
    with database.transaction() as session:
        requested = next(one for one in published(session) if isinstance(one, DispatchRequested))
    recipients = [equipment.sealer.open(row.recipient, DispatchRecipient) for row in requested.rows]
    return [recipient.link.rsplit("/", 1)[1] for recipient in recipients]


@pytest.fixture
def sent_code(database: Database, equipment: Equipment) -> Callable[[], str]:
    """The code that went out last."""

    def last() -> str:
        with database.transaction() as session:
            sent = [one for one in published(session) if isinstance(one, SendCode)][-1]
        return equipment.sealer.open_text(sent.code)

    return last
