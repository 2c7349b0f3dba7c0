"""An order that is being sent tells over REST how far it is (ORD-25)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from chassis.clock import FixedClock
from ordering.application.funds import accept_order
from ordering.application.ports import Counted
from ordering.application.progress import count
from ordering.storage.unit_of_work import PostgresUnitOfWork

Unit = Callable[[], AbstractContextManager[PostgresUnitOfWork]]


@pytest.mark.rule("ORD-25")
def test_an_order_that_is_being_sent_tells_its_pace(
    api: FlaskClient, place: Any, master: dict[str, str], unit: Unit, fixed_clock: FixedClock
) -> None:
    recipients = [{"phone": f"0100000000{number}", "name": "이름"} for number in range(4)]
    order_id = place.placed(recipients=recipients, pay_amount_krw=18_000)
    path = f"/v1/orders/{order_id}"
    assert api.get(path, headers=master).json["pace"] is None
    with unit() as uow:
        accept_order(order_id, uow)
    assert api.get(path, headers=master).json["pace"] == {"percent": 0, "per_second": None, "ends_at": None}
    fixed_clock.advance(timedelta(seconds=2))
    with unit() as uow:
        count(order_id, Counted(success=1), uow)
    assert api.get(path, headers=master).json["pace"] == {
        "percent": 25,
        "per_second": 0.5,
        "ends_at": (fixed_clock.now() + timedelta(seconds=6)).isoformat().replace("+00:00", "Z"),
    }
    with unit() as uow:
        count(order_id, Counted(success=3), uow)
    ended = api.get(f"{path}?seen=3&wait_seconds=5", headers=master).json
    assert (ended["state"], ended["pace"]) == ("sent", None)
