"""Lists that are narrowed and downloaded, resends, numbers shown to the orderer alone (ORD-21, ORD-23 … ORD-25)."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from ordering_probe import builders
from ordering_probe.builders import CAKE, COFFEE, MASTER
from ordering_probe.suppliers import ScriptedSupplier
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from chassis.clock import FixedClock
from chassis.database import Database
from chassis.testing.plugin import deliver, published
from contracts.messaging import DeliveryOutcome, MessagesReported
from contracts.ordering.dispatches import DispatchPurpose, DispatchRecipient, DispatchRequested
from ordering import main
from ordering.application.funds import accept_order
from ordering.settings import Settings
from ordering.storage.unit_of_work import Equipment, PostgresUnitOfWork

Unit = Callable[[], AbstractContextManager[PostgresUnitOfWork]]


def listed(api: FlaskClient, headers: dict[str, str], query: str) -> list[str]:
    answer = api.get(f"/v1/orders?{query}", headers=headers)
    assert answer.status_code == 200, answer.json
    return [one["order_name"] for one in answer.json["items"]]


@pytest.mark.rule("ORD-23")
def test_a_list_is_narrowed_by_period_state_type_orderer_words_and_own_reference(
    api: FlaskClient, place: Any, master: dict[str, str], sub: dict[str, str], unit: Unit, fixed_clock: FixedClock
) -> None:
    first = place.placed("key-1", order_name="설날 100% 선물", external_id="ERP-1")
    fixed_clock.advance(timedelta(days=1))
    choice = {"order_type": "choice", "offer_ids": [str(COFFEE), str(CAKE)], "pay_amount_krw": 9_000}
    place.placed("key-2", order_name="추석 선물", external_id="ERP-2", **choice)
    assert place("key-3", headers=sub, order_name="서브 주문").status_code == 202
    with unit() as uow:
        accept_order(first, uow)

    expected = {
        "": ["서브 주문", "추석 선물", "설날 100% 선물"],
        "placed_to=2026-03-02": ["설날 100% 선물"],
        "placed_from=2026-03-03": ["서브 주문", "추석 선물"],
        "placed_from=2026-03-03&placed_to=2026-03-03&order_type=choice": ["추석 선물"],
        "state=sending": ["설날 100% 선물"],
        "state=cancelled": [],
        f"orderer_id={MASTER}": ["추석 선물", "설날 100% 선물"],
        "query=선물": ["추석 선물", "설날 100% 선물"],
        "query=100%25": ["설날 100% 선물"],
        "query=c0002": ["추석 선물"],
        "external_id=ERP-1": ["설날 100% 선물"],
        "external_id=ERP": [],
    }
    assert {query: listed(api, master, query) for query in expected} == expected
    assert listed(api, sub, "query=선물") == []


@pytest.mark.rule("ORD-23")
def test_nonsense_filters_are_422s(api: FlaskClient, master: dict[str, str]) -> None:
    for query in ("placed_from=x", "placed_to=9999-12-31", "state=lost", "order_type=gift", "orderer_id=1", "limit=0"):
        assert api.get(f"/v1/orders?{query}", headers=master).status_code == 422, query


@pytest.mark.rule("ORD-23")
def test_the_download_follows_the_filters_and_writes_no_formula(
    api: FlaskClient, place: Any, master: dict[str, str]
) -> None:
    place.placed("key-1", order_name="=1+1")
    place.placed("key-2", order_name="추석 선물", external_id="ERP-2")
    answer = api.get("/v1/orders/list.xlsx?external_id=ERP-2", headers=master)
    head, *rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert head[:9] == [
        "주문일시",
        "발송일시",
        "주문자명",
        "이메일주소",
        "주문명",
        "주문번호",
        "발송타입",
        "주문금액",
        "확정금액",
    ]
    assert [row[:9] for row in rows] == [
        [
            "2026-03-02 09:00:00",
            "",
            "홍마스터",
            "master@daou.example",
            "추석 선물",
            "CB20260302C0002",
            "일반형",
            4_500.0,
            "-",
        ]
    ]
    everything = api.get("/v1/orders/list.xlsx", headers=master).data
    names = [row[4] for row in CalamineWorkbook.from_filelike(io.BytesIO(everything)).get_sheet_by_index(0).to_python()]
    assert names == ["주문명", "추석 선물", "=1+1"]


class Sent:
    """An order for one whose message ended."""

    def __init__(self, api: FlaskClient, database: Database, reports: Any, order_id: UUID, line_id: UUID) -> None:
        self.api = api
        self.database = database
        self._reports = reports
        self.order_id = order_id
        self.line_id = line_id

    def resend(self, headers: dict[str, str]) -> Any:
        return self.api.post(f"/v1/orders/{self.order_id}/lines/{self.line_id}/resend", json={}, headers=headers)

    def report(self, wave: int, outcome: DeliveryOutcome = DeliveryOutcome.SUCCESS) -> None:
        reports = (builders.a_report(self.line_id, outcome),)
        event = MessagesReported(report_id=uuid4(), order_id=self.order_id, chunk_no=0, wave=wave, reports=reports)
        deliver(self._reports, event, times=2)

    def requested(self) -> list[DispatchRequested]:
        with self.database.transaction() as session:
            return [one for one in published(session) if isinstance(one, DispatchRequested)]


@pytest.fixture
def sent(
    api: FlaskClient, place: Any, unit: Unit, database: Database, settings: Settings, fixed_clock: FixedClock
) -> Sent:
    order_id = place.placed()
    with unit() as uow:
        accept_order(order_id, uow)
    main.wire_loops(settings, database, fixed_clock, {"giftishow": ScriptedSupplier()})[0].step()
    with database.engine.connect() as connection:
        line_id = connection.execute(text("SELECT id FROM order_lines")).scalar_one()
    consumers = {one.queue.lane: one for one in main.wire_consumers(settings, database, fixed_clock)}
    return Sent(api, database, consumers["reports"], order_id, line_id)


@pytest.mark.rule("ORD-21")
def test_a_message_is_sent_again_three_times_one_at_a_time_with_the_same_link(
    sent: Sent, master: dict[str, str], equipment: Equipment
) -> None:
    assert sent.resend(master).json["reason"] == "not_sent_yet"
    sent.report(0)
    for wave in (1, 2, 3):
        answer = sent.resend(master)
        assert (answer.status_code, answer.json["resends"], answer.json["is_being_resent"]) == (202, wave, True)
        assert sent.resend(master).json["reason"] == "being_resent"
        sent.report(wave)
    refused = sent.resend(master)
    assert (refused.status_code, refused.json["code"], refused.json["reason"]) == (409, "resend_refused", "too_often")
    requested = sent.requested()
    assert [(one.wave, one.purpose) for one in requested[1:]] == [(wave, DispatchPurpose.RESEND) for wave in (1, 2, 3)]
    links = {equipment.sealer.open(one.rows[0].recipient, DispatchRecipient).link for one in requested}
    assert len(links) == 1


@pytest.mark.rule("ORD-17")
@pytest.mark.rule("ORD-21")
def test_a_resend_that_gets_through_makes_a_failed_dispatch_a_success_and_the_order_stays_sent(
    sent: Sent, master: dict[str, str]
) -> None:
    sent.report(0, DeliveryOutcome.FAILED)
    assert sent.api.get(f"/v1/orders/{sent.order_id}", headers=master).json["state"] == "sent"
    assert sent.resend(master).status_code == 202
    sent.report(1)
    order = sent.api.get(f"/v1/orders/{sent.order_id}", headers=master).json
    assert (order["state"], order["counts"]["success"], order["counts"]["failed"]) == ("sent", 1, 0)


@pytest.mark.rule("ORD-21")
@pytest.mark.rule("ORD-24")
def test_only_the_owner_and_its_master_send_again_and_that_is_kept(
    sent: Sent, master: dict[str, str], sub: dict[str, str]
) -> None:
    sent.report(0)
    assert sent.resend(sub).status_code == 404
    assert sent.resend(master).status_code == 202
    unknown = sent.api.post(f"/v1/orders/{sent.order_id}/lines/{uuid4()}/resend", json={}, headers=master)
    assert (unknown.status_code, unknown.json["code"]) == (404, "line_unknown")
    with sent.database.engine.connect() as connection:
        acts = connection.execute(text("SELECT act, line_id FROM order_acts")).all()
    assert [tuple(act) for act in acts] == [("message_resent", sent.line_id)]


@pytest.mark.rule("ORD-25")
def test_numbers_are_masked_and_shown_to_the_orderer_only_on_a_request_that_is_kept(
    sent: Sent, place: Any, master: dict[str, str], sub: dict[str, str]
) -> None:
    lines = f"/v1/orders/{sent.order_id}/lines"
    assert sent.api.get(lines, headers=master).json["items"][0]["coupons"][0]["number_masked"] == "********0001"
    shown = sent.api.post(f"{lines}/{sent.line_id}/numbers", json={}, headers=master)
    assert shown.json["items"] == [{"item_no": 1, "product_name": "아이스 아메리카노", "number": "000000000001"}]
    assert shown.headers["Cache-Control"] == "no-store"
    with sent.database.engine.connect() as connection:
        acts = connection.execute(text("SELECT member_id, act FROM order_acts")).all()
    assert [tuple(act) for act in acts] == [(MASTER, "numbers_shown")]

    of_sub = place("key-2", headers=sub).json["order_id"]
    refused = sent.api.post(f"/v1/orders/{of_sub}/lines/{sent.line_id}/numbers", json={}, headers=master)
    assert (refused.status_code, refused.json["code"]) == (403, "orderer_only")
