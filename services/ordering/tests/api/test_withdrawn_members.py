"""A withdrawn sub-member's orders stay with the master, also when nobody knows any more who it was (IDN-21)."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from ordering_probe import builders
from ordering_probe.builders import SUB

from chassis.clock import FixedClock
from chassis.database import Database
from chassis.testing.events import deliver
from contracts.identity import MemberState
from ordering import main
from ordering.settings import Settings


@pytest.mark.rule("IDN-21")
def test_the_master_sees_past_orders_of_who_withdrew_before_and_after_the_erasure(
    api: FlaskClient,
    place: Any,
    master: dict[str, str],
    sub: dict[str, str],
    settings: Settings,
    database: Database,
    fixed_clock: FixedClock,
) -> None:
    order_id = str(place.placed(headers=sub))
    state = next(one for one in main.wire_consumers(settings, database, fixed_clock) if one.queue.lane == "state")
    withdrawn = builders.a_sub_member(version=2, state=MemberState.WITHDRAWN)
    erased = builders.a_sub_member(version=3, state=MemberState.WITHDRAWN, name="탈퇴회원", department="", title="")
    for said, name in ((withdrawn, "김서브"), (erased, "탈퇴회원")):
        deliver(state, said, times=2)
        (listed,) = api.get("/v1/orders", headers=master).json["items"]
        shown = api.get(f"/v1/orders/{order_id}", headers=master).json
        assert (listed["order_id"], shown["orderer_name"]) == (order_id, name)
        (narrowed,) = api.get(f"/v1/orders?orderer_id={SUB}", headers=master).json["items"]
        assert narrowed["order_id"] == order_id
