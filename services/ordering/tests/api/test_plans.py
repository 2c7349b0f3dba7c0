"""Anniversary plans over REST: cards, detail, switching, days, the year's calendar, workbooks."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from ordering_probe import builders
from ordering_probe.builders import CAKE, COFFEE, TEMPLATE
from ordering_probe.plans import PLAN_RULES

from chassis.clock import FixedClock
from contracts.scheduler import DayBegan
from ordering.application.plan_days import make_due_order
from ordering.consumers.scheduler import day_began
from ordering.documents.plan_workbooks import PlanRecipientWorkbooks
from ordering.domain.line import Row
from ordering.domain.plan import PlanRow
from ordering.storage.unit_of_work import PostgresUnitOfWork

Unit = Callable[[], AbstractContextManager[PostgresUnitOfWork]]
PLANS = "/v1/anniversary-plans"
COFFEES = [{"offer_id": str(COFFEE), "sale_price_krw": 4_500}]
BOTH = [*COFFEES, {"offer_id": str(CAKE), "sale_price_krw": 9_000}]


def filled(*anniversaries: str, **changes: Any) -> dict[str, Any]:
    """A plan for one recipient an anniversary."""
    rows = [
        {"phone": f"010-0000-{number:04d}", "name": "홍길동", "anniversary": written}
        for number, written in enumerate(anniversaries or ("1990/03/05",))
    ]
    return {
        "order_name": "생일 선물",
        "send_title": "생일 축하",
        "order_type": "fixed",
        "items": COFFEES,
        "recipients": rows,
        "template_id": str(TEMPLATE),
        "agreed_terms": True,
    } | changes


@pytest.fixture
def register(api: FlaskClient, master: dict[str, str]) -> Any:
    def post(*anniversaries: str, key: str = "plan-1", headers: dict[str, str] | None = None, **changes: Any) -> Any:
        sent = {"Idempotency-Key": key} | (headers or master)
        return api.post(PLANS, json=filled(*anniversaries, **changes), headers=sent)

    return post


@pytest.mark.rule("ANN-01")
def test_a_plan_is_registered_once_also_when_the_request_is_repeated(
    api: FlaskClient, register: Any, master: dict[str, str]
) -> None:
    first, again = register(), register()
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.headers["Location"] == f"{PLANS}/{first.json['plan_id']}"
    assert again.json == first.json
    assert len(api.get(PLANS, headers=master).json["items"]) == 1
    assert len(first.json["notices"]) == 3
    assert first.json["items"][0] | {"accepted_krw": 4_500, "present_krw": 4_500} == first.json["items"][0]


@pytest.mark.rule("ANN-06")
def test_cards_say_type_recipients_products_and_what_each_costs(
    api: FlaskClient, register: Any, master: dict[str, str]
) -> None:
    register("1990/03/05", "1990/04/01", key="fixed", items=BOTH)
    register(key="choice", order_type="choice", items=BOTH)
    choice, fixed = api.get(PLANS, headers=master).json["items"]
    shown = ("order_name", "is_on", "order_type", "recipients_ko", "products_ko", "each_pay_ko", "next_on")
    assert [choice[name] for name in shown] == [
        "생일 선물", True, "choice", "1명", "총 2개 중 택 1", "1인 당 최대 9,000원", "2026-03-05",
    ]  # fmt: skip
    assert [fixed[name] for name in shown] == [
        "생일 선물", True, "fixed", "2명", "총 2개", "1인 당 13,500원", "2026-03-05",
    ]  # fmt: skip
    page = api.get(f"{PLANS}?limit=1", headers=master).json
    rest = api.get(f"{PLANS}?limit=1&cursor={page['next_cursor']}", headers=master).json
    assert [page["items"][0]["plan_id"], rest["items"][0]["plan_id"]] == [choice["plan_id"], fixed["plan_id"]]


@pytest.mark.rule("ANN-07")
def test_nobody_else_sees_or_changes_a_plan_also_not_the_master(
    api: FlaskClient, register: Any, master: dict[str, str], sub: dict[str, str]
) -> None:
    plan = register(headers=sub).json
    address = f"{PLANS}/{plan['plan_id']}"
    for answer in (
        *(api.get(f"{address}{part}", headers=master) for part in ("", "/recipients", "/days")),
        *(api.post(f"{address}/{act}", json={}, headers=master) for act in ("on", "off")),
        api.put(address, json=filled(version=1), headers=master),
    ):
        assert (answer.status_code, answer.json["code"]) == (404, "plan_unknown")
    assert api.get(PLANS, headers=master).json["items"] == []
    assert api.get(f"{PLANS}/calendar", headers=master).json["items"] == []
    assert api.get(address, headers=sub).json["is_on"]


@pytest.mark.rule("ANN-01")
@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"items": [{"offer_id": str(COFFEE), "sale_price_krw": 1}]}, 409, "plan_prices_changed"),
        ({"ends_on": "2026-03-02"}, 422, "plan_end_past"),
        ({"ends_on": "soon"}, 422, "invalid_request"),
        ({"agreed_terms": False}, 422, "terms_not_agreed"),
        ({"send_title": ""}, 422, "send_title_missing"),
        ({"order_type": "choice"}, 422, "products_count"),
        ({"recipients": []}, 422, "recipients_count"),
        ({"recipients": [{"phone": "01000000001", "name": "홍", "anniversary": "2001/02/29"}]}, 422, "invalid_request"),
    ],
)
def test_what_cannot_be_a_plan_is_a_clear_refusal(
    register: Any, changes: dict[str, Any], status: int, code: str
) -> None:
    refused = register(**changes)
    expected = code if "recipients" not in changes or code == "recipients_count" else "recipients_refused"
    assert (refused.status_code, refused.json["code"]) == (status, expected), refused.json


@pytest.mark.rule("ANN-04", "ANN-05")
def test_the_switch_turns_a_plan_off_and_on_at_prices_that_are_accepted(
    api: FlaskClient, register: Any, master: dict[str, str], unit: Unit
) -> None:
    address = f"{PLANS}/{register().json['plan_id']}"
    off = api.post(f"{address}/off", json={}, headers=master).json
    assert (off["is_on"], off["next_on"], off["stop_reason"]) == (False, None, None)
    with unit() as uow:
        uow.copies.keep_offer(builders.an_offer(version=2, price_krw=4_700))
    refused = api.post(f"{address}/on", json={}, headers=master)
    assert (refused.status_code, refused.json["prices_krw"]) == (409, {str(COFFEE): 4_700})
    accepted = {"items": [{"offer_id": str(COFFEE), "sale_price_krw": 4_700}]}
    on = api.post(f"{address}/on", json=accepted, headers=master).json
    assert (on["is_on"], on["each_pay_krw"]) == (True, 4_700)


@pytest.mark.rule("ANN-02")
def test_an_edit_names_the_version_that_was_looked_at(api: FlaskClient, register: Any, master: dict[str, str]) -> None:
    address = f"{PLANS}/{register().json['plan_id']}"
    edited = api.put(address, json=filled("1990/05/05", version=1, ends_on="2030-12-31"), headers=master)
    assert (edited.json["version"], edited.json["next_on"]) == (2, "2026-05-05")
    again = api.put(address, json=filled(version=1), headers=master)
    assert (again.status_code, again.json["code"], again.json["version"]) == (409, "plan_changed", 2)
    (recipient,) = api.get(f"{address}/recipients", headers=master).json["items"]
    assert (recipient["anniversary"], recipient["calendar"], recipient["next_on"]) == (
        "1990/05/05", "solar", "2026-05-05",
    )  # fmt: skip


@pytest.mark.rule("ANN-09")
def test_what_became_of_days_is_shown_with_the_reason(
    api: FlaskClient, register: Any, master: dict[str, str], unit: Unit, fixed_clock: FixedClock
) -> None:
    address = f"{PLANS}/{register('1990/03/05', '1990/03/06').json['plan_id']}"
    for day, usable in ((5, True), (6, False)):
        fixed_clock.set(datetime(2026, 3, day - 1, 17, tzinfo=UTC))
        with unit() as uow:
            uow.copies.keep_template(builders.a_template(version=day, usable=usable))
            day_began(DayBegan(day=date(2026, 3, day), began_at=fixed_clock.now()), uow)
            make_due_order(uow, PLAN_RULES)
    page = api.get(f"{address}/days?limit=1", headers=master).json
    (rejected,) = page["items"]
    (ordered,) = api.get(f"{address}/days?cursor={page['next_cursor']}", headers=master).json["items"]
    assert (rejected["outcome"], rejected["reason"]) == ("rejected", "template_unknown")
    assert (ordered["day"], ordered["outcome"], ordered["reason"]) == ("2026-03-05", "ordered", None)
    order = api.get(f"/v1/orders/{rejected['order_id']}", headers=master).json
    assert (order["state"], order["rejected_reason"]) == ("rejected", "template_unknown")


@pytest.mark.rule("ANN-01")
def test_a_years_calendar_names_the_coming_days_of_all_plans_that_are_on(
    api: FlaskClient, register: Any, master: dict[str, str]
) -> None:
    register("1990/03/05", "1991/03/05", "1990/02/01", key="one")
    row = {"phone": "01000000009", "name": "하늘", "anniversary": "1990/01/01", "calendar": "lunar"}
    register(key="two", order_name="설날", recipients=[row])
    off = register("1990/07/07", key="three").json["plan_id"]
    api.post(f"{PLANS}/{off}/off", json={}, headers=master)
    this_year = api.get(f"{PLANS}/calendar", headers=master).json
    assert [(day["day"], day["recipients"], day["amount_krw"]) for day in this_year["items"]] == [
        ("2026-03-05", 2, 9_000)
    ]
    next_year = api.get(f"{PLANS}/calendar?year=2027", headers=master).json
    assert [(day["day"], day["order_name"]) for day in next_year["items"]] == [
        ("2027-02-01", "생일 선물"),
        ("2027-02-07", "설날"),
        ("2027-03-05", "생일 선물"),
    ]
    assert api.get(f"{PLANS}/calendar?year=1", headers=master).status_code == 422


def test_pages_of_nothing_sensible_are_refused(api: FlaskClient, register: Any, master: dict[str, str]) -> None:
    address = f"{PLANS}/{register().json['plan_id']}"
    for part in ("/days", "/recipients", ""):
        answer = api.get(f"{address if part else PLANS}{part}?cursor=WyJ4Il0", headers=master)
        assert answer.status_code == 422


@pytest.fixture
def send(api: FlaskClient, master: dict[str, str]) -> Any:
    def post(content: bytes, name: str = "uploads") -> Any:
        data = {"file": (io.BytesIO(content), "수신자.xlsx")}
        return api.post(f"{PLANS}/recipients/{name}", data=data, headers=master)

    return post


GOOD = PlanRow(Row("01012345678", "홍길동"), "1990/03/02", "음력")
BAD = PlanRow(Row("02-1", "김"), "1990/02/31", "")


@pytest.mark.rule("ANN-01", "ORD-11")
def test_a_file_brings_its_good_rows_and_names_the_bad_ones(send: Any) -> None:
    content = PlanRecipientWorkbooks().listed([GOOD, BAD])
    answer = send(content).json
    assert (answer["count"], answer["refused_count"]) == (1, 1)
    assert answer["recipients"] == [
        {
            "phone": "01012345678",
            "name": "홍길동",
            "company": "",
            "title": "",
            "anniversary": "1990/03/02",
            "calendar": "음력",
        }
    ]
    assert [(row["row_no"], row["column"], row["code"]) for row in answer["refused"]] == [
        (3, "휴대전화번호", "phone_invalid"),
        (3, "기념일", "anniversary_invalid"),
    ]
    assert PlanRecipientWorkbooks().read(send(content, "refused.xlsx").data) == [(2, BAD)]
    assert send(b"%PDF-1.7").json["code"] == "workbook_unreadable"


@pytest.mark.rule("ANN-01", "ORD-11")
def test_list_and_sample_are_taken_by_the_upload_as_they_are(
    api: FlaskClient, master: dict[str, str], send: Any
) -> None:
    rows = {"recipients": [{"phone": "01012345678", "name": "홍길동", "anniversary": "1990/03/02", "calendar": "음력"}]}
    listed = api.post(f"{PLANS}/recipients/list.xlsx", json=rows, headers=master)
    assert PlanRecipientWorkbooks().read(listed.data) == [(2, GOOD)]
    assert send(api.get(f"{PLANS}/recipients/sample.xlsx", headers=master).data).json["refused_count"] == 0
