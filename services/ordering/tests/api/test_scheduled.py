"""Scheduled orders over REST: times offered, cancelling, and the race with the start (ORD-08, ORD-20)."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from ordering_probe import builders
from ordering_probe.builders import COFFEE
from sqlalchemy import text

from chassis.clock import FixedClock
from chassis.database import Database
from chassis.testing.callers import Callers
from chassis.testing.plugin import published
from contracts.ordering.orders import OrderCancelled, SendingStarted
from ordering.application.funds import accept_order
from ordering.application.scheduling import start_sending
from ordering.storage.unit_of_work import PostgresUnitOfWork

Unit = Callable[[], AbstractContextManager[PostgresUnitOfWork]]


@pytest.fixture
def scheduled(place: Any, unit: Unit, fixed_clock: FixedClock) -> Callable[[str], UUID]:
    """Makes orders whose money is held and that are sent the next day."""

    def make(key: str) -> UUID:
        order_id: UUID = place.placed(key, send_at=(fixed_clock.now() + timedelta(days=1)).isoformat())
        with unit() as uow:
            accept_order(order_id, uow)
        return order_id

    return make


def cancel(api: FlaskClient, order_id: UUID, headers: dict[str, str]) -> Any:
    return api.post(f"/v1/orders/{order_id}/cancel", json={}, headers=headers)


@pytest.mark.rule("ORD-08")
@pytest.mark.parametrize(
    ("send_at", "code"),
    [
        ("2026-03-02T00:05:00Z", "send_time_refused"),
        ("2026-03-03T00:05:00Z", "send_time_refused"),
        ("2026-04-02T00:00:00Z", "send_time_refused"),
        ("2026-03-03T00:10:00", "invalid_request"),
        ("tomorrow", "invalid_request"),
    ],
)
def test_a_time_that_cannot_be_chosen_is_a_422(place: Any, send_at: str, code: str) -> None:
    refused = place(send_at=send_at)
    assert (refused.status_code, refused.json["code"]) == (422, code)


@pytest.mark.rule("ORD-08")
def test_the_form_is_offered_the_times_and_the_manuals_three_notices(
    api: FlaskClient, master: dict[str, str], unit: Unit
) -> None:
    answer = api.get(f"/v1/orders/send-times?on=2026-03-02&offer_ids={COFFEE}", headers=master).json
    assert answer["times"][0] == "2026-03-02T00:10:00Z"
    assert (answer["last_on"], answer["is_night_restricted"], len(answer["notices"])) == ("2026-04-01", False, 3)
    with unit() as uow:
        uow.copies.keep_offer(builders.an_offer(version=2, night_restricted=True))
    night = api.get(f"/v1/orders/send-times?on=2026-03-03&offer_ids={COFFEE}", headers=master).json
    assert (night["times"][0], night["is_night_restricted"]) == ("2026-03-02T21:00:00Z", True)
    assert api.get("/v1/orders/send-times?on=9999-12-31", headers=master).json["times"] == []
    assert api.get("/v1/orders/send-times?on=x", headers=master).status_code == 422


@pytest.mark.rule("ORD-20")
def test_a_scheduled_order_is_cancelled_and_then_cannot_be_cancelled_again(
    api: FlaskClient, scheduled: Callable[[str], UUID], master: dict[str, str]
) -> None:
    order_id = scheduled("key-1")
    assert api.get(f"/v1/orders/{order_id}", headers=master).json["state"] == "scheduled"
    assert cancel(api, order_id, master).json["state"] == "cancelled"
    again = cancel(api, order_id, master)
    assert (again.status_code, again.json["code"], again.json["state"]) == (409, "not_cancellable", "cancelled")


@pytest.mark.rule("ORD-20")
@pytest.mark.rule("ORD-24")
def test_an_order_is_cancelled_by_its_owner_or_its_master_only_and_that_is_kept(
    api: FlaskClient,
    place: Any,
    scheduled: Callable[[str], UUID],
    sub: dict[str, str],
    master: dict[str, str],
    callers: Callers,
    database: Database,
) -> None:
    order_id = scheduled("key-1")
    foreign = callers.member("master", tenant_id=uuid4())
    for headers in (sub, foreign):
        assert cancel(api, order_id, headers).status_code == 404
    assert cancel(api, order_id, master).status_code == 200
    with database.engine.connect() as connection:
        acts = connection.execute(text("SELECT member_id, act, order_id FROM order_acts")).all()
    assert [tuple(act) for act in acts] == [(builders.MASTER, "order_cancelled", order_id)]


@pytest.mark.rule("ORD-20")
def test_of_several_each_succeeds_or_fails_by_itself_with_a_reason(
    api: FlaskClient, scheduled: Callable[[str], UUID], unit: Unit, master: dict[str, str]
) -> None:
    waiting, started, unknown = scheduled("key-1"), scheduled("key-2"), uuid4()
    with unit() as uow:
        start_sending(started, uow)
    body = {"order_ids": [str(one) for one in (started, unknown, waiting)]}
    items = api.post("/v1/orders/cancellations", json=body, headers=master).json["items"]
    assert [(one["is_cancelled"], one["state"], (one["reason"] or {}).get("code")) for one in items] == [
        (False, "sending", "not_cancellable"),
        (False, None, "order_unknown"),
        (True, "cancelled", None),
    ]
    assert api.post("/v1/orders/cancellations", json={"order_ids": []}, headers=master).status_code == 422


@pytest.mark.rule("ORD-20")
def test_a_cancel_that_races_the_start_has_exactly_one_winner(
    api: FlaskClient, scheduled: Callable[[str], UUID], unit: Unit, master: dict[str, str], database: Database
) -> None:
    orders = [scheduled(f"key-{number}") for number in range(6)]
    gate = threading.Barrier(2)

    def start() -> None:
        for order_id in orders:
            gate.wait()
            with unit() as uow:
                start_sending(order_id, uow)

    starting = threading.Thread(target=start)
    starting.start()
    statuses = {}
    for order_id in orders:
        gate.wait()
        statuses[order_id] = cancel(api, order_id, master).status_code
    starting.join()
    with database.transaction() as session:
        said = list(published(session))
    for order_id in orders:
        cancelled = sum(isinstance(one, OrderCancelled) and one.order_id == order_id for one in said)
        started = sum(isinstance(one, SendingStarted) and one.order_id == order_id for one in said)
        assert (cancelled, started) in {(1, 0), (0, 1)}
        assert statuses[order_id] == (200 if cancelled else 409)
