"""A year of a prepaid and a postpaid company by the one clock: charges, orders, anniversaries by sun and moon, bills.

The ledger adds up at its end.
"""

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from postpaid import Billed, PostpaidCompany, month_of, months_between

from chassis.clock import SEOUL
from launcher.audit import audit
from launcher.clock import advance_suite
from launcher.demo import Places
from launcher.journey.outside import Outside
from launcher.journey.people import Applicant, Master, Operator, SignUp
from launcher.journey.rest import Rest
from launcher.showcase.seeding import seed
from launcher.showcase.templates import template_id
from launcher.suite import Suite
from launcher.trial import trial_suite

pytestmark = [pytest.mark.long, pytest.mark.timeout(1_500)]

MONTHS = 13
"""So many times 30 days: more than a year, so that every anniversary comes."""
BIRTHDAYS, NEW_YEAR = "생일 선물", "설날 선물"
NEW_YEARS_DAYS = {2027: date(2027, 2, 7), 2028: date(2028, 1, 27), 2029: date(2029, 2, 13), 2030: date(2030, 2, 3)}
"""설날: the public holidays of South Korea in the package holidays 0.109."""
MONTHLY_CHARGE_KRW = 50_000


@dataclass
class Year:
    """What was done, and how things stood on the way and at the end."""

    began_on: date
    forgotten: Applicant
    guest: str
    postpaid_placed: list[str] = field(default_factory=list)
    billed: Billed | None = None
    charged_krw: int = 0
    placed: list[str] = field(default_factory=list)
    choice: dict[str, Any] = field(default_factory=dict)
    invitation: dict[str, Any] = field(default_factory=dict)
    ended_on: date = date.min
    orders: list[dict[str, Any]] = field(default_factory=list)
    plans: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    wallet: dict[str, Any] = field(default_factory=dict)
    proof: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    login_of_the_forgotten: dict[str, Any] = field(default_factory=dict)


class Company:
    """Its master, who logs in anew whenever the clock was moved."""

    def __init__(self, suite: Suite, places: Places) -> None:
        self._suite, self._places = suite, places
        self.outside = Outside(places.sandbox_url)
        operator = self.operator()
        seed(operator, self.outside, print)
        self.applicant = self.sign_up(operator)
        self.forgotten = self.sign_up(operator)
        self.postpaid = PostpaidCompany.signed_up(places.gateway_url, self.outside, operator)
        advance_suite(suite, timedelta(minutes=2))  # A code is sent once a minute (IDN-05).
        self.master = Master(places.gateway_url, self.applicant, self.outside)
        self.coffee = self.master.products("아메리카노 T")[0]["offers"][0]
        self.other = self.master.products("모바일상품권")[0]["offers"][0]

    def operator(self) -> Operator:
        return Operator(self._places.gateway_url, self._places.operator, self.outside)

    def sign_up(self, operator: Operator) -> Applicant:
        applicant = Applicant.new(self.outside)
        sign_up = SignUp(self._places.gateway_url, self.outside)
        sign_up.fill_in(applicant)
        operator.approve(sign_up.id)
        return applicant

    def later(self, duration: timedelta) -> None:
        advance_suite(self._suite, duration, step_timeout_seconds=240)
        self.master = Master(self._places.gateway_url, self.applicant, self.outside)

    def today(self) -> date:
        return self.outside.now().astimezone(SEOUL).date()

    def order(self, *phones: str, **more: Any) -> str:
        people = [{"phone": phone, "name": "김하나", "company": "한빛"} for phone in phones]
        template = {"template_id": template_id("THANKS_1")}
        order = self.master.order(self.master.order_body([self.coffee], people, template, **more))
        return str(order["order_id"])

    def plan(self, name: str, recipients: list[dict[str, str]]) -> str:
        body = {
            "order_name": name,
            "send_title": "축하드려요",
            "order_type": "fixed",
            "items": [{"offer_id": self.coffee["offer_id"], "sale_price_krw": self.coffee["sale_price_krw"]}],
            "recipients": recipients,
            "template_id": template_id("THANKS_1"),
            "agreed_terms": True,
        }
        registered = self.master.rest.post("/v1/anniversary-plans", body, key=uuid.uuid4().hex)
        return str(registered["plan_id"])


def a_recipient(number: int, anniversary: str, calendar: str = "solar") -> dict[str, str]:
    phone = f"0100000{number:04d}"
    return {"phone": phone, "name": "홍길동", "company": "한빛", "anniversary": anniversary, "calendar": calendar}


@pytest.fixture(scope="module")
def year() -> Iterator[Year]:
    began = time.monotonic()
    with trial_suite(print) as trial:
        yield lived_through(trial.suite, trial.places)
    print(f"a year in {time.monotonic() - began:.0f} s")


def lived_through(suite: Suite, places: Places) -> Year:
    company = Company(suite, places)
    guest = f"guest-{company.applicant.email}"
    year = Year(company.today(), company.forgotten, guest)
    plans = {
        BIRTHDAYS: company.plan(BIRTHDAYS, [a_recipient(month, f"1990/{month:02d}/15") for month in range(1, 13)]),
        NEW_YEAR: company.plan(NEW_YEAR, [a_recipient(21, "1990/01/01", "lunar")]),
    }
    rows = [{"email": guest, "name": "이두리", "phone": "01000000077"}]
    company.master.rest.post("/v1/members/invitations", {"rows": rows})
    company.master.charge(200_000)
    year.charged_krw = 200_000
    offers = [company.coffee, company.other]
    choice_id = company.order(
        "01000000031",
        order_type="choice",
        offer_ids=[offer["offer_id"] for offer in offers],
        default_offer_id=company.coffee["offer_id"],
        pay_amount_krw=max(offer["sale_price_krw"] for offer in offers),
    )
    for number in range(MONTHS):
        company.postpaid.order_in(number, offers)
        year.placed.append(company.order("01000000041", "01000000042"))
        company.master.charge(MONTHLY_CHARGE_KRW)
        year.charged_krw += MONTHLY_CHARGE_KRW
        company.later(timedelta(days=30))
        if not year.choice:
            year.choice = company.master.rest.get(f"/v1/orders/{choice_id}")
            members = company.master.rest.get("/v1/members", state="pending")["items"]
            year.invitation = next((each for each in members if each["email"] == guest), {})
    finish(year, company, plans, places)
    return year


def finish(year: Year, company: Company, plans: dict[str, str], places: Places) -> None:
    """How things stand at the end."""
    year.ended_on = company.today()
    year.orders = company.master.rest.get("/v1/orders", limit=200)["items"]
    for name, plan_id in plans.items():
        year.plans[name] = company.master.rest.get(f"/v1/anniversary-plans/{plan_id}/days", limit=200)["items"]
    year.wallet = company.master.wallet()
    operator = company.operator()
    year.postpaid_placed = company.postpaid.placed
    year.billed = company.postpaid.billed(operator)
    year.proof = operator.verify_ledger()
    year.wrong = audit(places.postgres_url, places.sandbox_url).wrong
    login = {"email": year.forgotten.email, "password": year.forgotten.password}
    year.login_of_the_forgotten = Rest(places.gateway_url).post("/v1/sessions", login)


def days_between(first: date, last: date, *, of_month: int) -> list[date]:
    day, found = first + timedelta(days=1), []
    while day <= last:
        if day.day == of_month:
            found.append(day)
        day += timedelta(days=1)
    return found


def last_made(year: Year) -> date:
    """The last day whose 02:00 has come: the clock may stand before it at the end."""
    return year.ended_on - timedelta(days=1)


@pytest.mark.rule("ANN-02", "SCH-03")
def test_every_months_birthday_has_its_order_sent_at_nine_of_its_day(year: Year) -> None:
    days = [date.fromisoformat(each["day"]) for each in reversed(year.plans[BIRTHDAYS])]
    expected = days_between(year.began_on, last_made(year), of_month=15)
    assert days[: len(expected)] == expected
    assert {each["outcome"] for each in year.plans[BIRTHDAYS]} == {"ordered"}
    sent = [order for order in year.orders if order["order_name"] == BIRTHDAYS]
    assert len(sent) == len(days)
    for order in sent:
        at = datetime.fromisoformat(order["send_at"]).astimezone(SEOUL)
        assert (order["state"], at.hour, at.minute, at.day) == ("sent", 9, 0, 15)


@pytest.mark.rule("ANN-03", "SCH-03")
def test_lunar_new_years_day_comes_when_koreas_calendar_has_it(year: Year) -> None:
    expected = [day for day in NEW_YEARS_DAYS.values() if year.began_on < day <= last_made(year)]
    assert [date.fromisoformat(each["day"]) for each in reversed(year.plans[NEW_YEAR])] == expected
    assert expected


@pytest.mark.rule("ORD-05", "SCH-03")
def test_who_does_not_choose_has_the_default_after_seven_days_and_the_rest_comes_back(year: Year) -> None:
    assert (year.choice["state"], year.choice["counts"]["success"]) == ("sent", 1)
    assert 0 < year.choice["confirmed_amount_krw"] < year.choice["pay_amount_krw"]


@pytest.mark.rule("IDN-16", "SCH-03")
def test_an_invitation_that_nobody_accepted_has_ended(year: Year) -> None:
    assert year.invitation == {}


@pytest.mark.rule("IDN-19", "SCH-03")
def test_who_never_came_back_is_dormant_and_who_came_every_month_is_not(year: Year) -> None:
    assert year.login_of_the_forgotten["dormant"]


@pytest.fixture
def billed(year: Year) -> Billed:
    assert year.billed is not None
    return year.billed


@pytest.mark.rule("WAL-12", "WAL-13", "SCH-03")
def test_each_months_invoice_is_what_was_issued_to_the_postpaid_company_in_it(year: Year, billed: Billed) -> None:
    assert {order["order_id"] for order in billed.orders} == set(year.postpaid_placed)
    assert {order["state"] for order in billed.orders} == {"sent"}
    expected = billed.issued_by_month()
    assert len(expected) >= 5
    assert {
        month: {row["order_id"]: row["settled_krw"] for row in rows} for month, rows in billed.rows.items()
    } == expected
    for invoice in billed.invoices:
        settled_krw = expected[invoice["month"]].total()
        assert (invoice["settled_krw"], invoice["billed_krw"]) == (settled_krw, settled_krw)
        assert (invoice["coupons"], invoice["revision"]) == (
            sum(row["settled_coupons"] for row in billed.rows[invoice["month"]]),
            1,
        )


@pytest.mark.rule("WAL-12", "SCH-03")
def test_invoices_are_made_on_the_first_and_a_month_without_anything_issued_has_none(billed: Billed) -> None:
    for invoice in billed.invoices:
        made_at = datetime.fromisoformat(invoice["issued_at"]).astimezone(SEOUL)
        assert (made_at.day, f"{made_at:%Y-%m}") == (1, invoice["invoice_month"])
    invoiced = [invoice["month"] for invoice in billed.invoices]
    assert set(months_between(min(invoiced), max(invoiced))) - set(invoiced)


@pytest.mark.rule("WAL-12")
def test_an_order_is_invoiced_by_its_day_of_issue_not_of_placing_and_operators_see_the_same(billed: Billed) -> None:
    months = {row["order_id"]: month for month, rows in billed.rows.items() for row in rows}
    scheduled = [order for order in billed.orders if order["send_at"] and order["order_id"] in months]
    assert any(month_of(order["placed_at"]) < months[order["order_id"]] for order in scheduled)
    shown = {(each["invoice_id"], each["settled_krw"]) for each in billed.shown_to_operators}
    assert shown == {(each["invoice_id"], each["settled_krw"]) for each in billed.invoices}
    assert billed.wallet["held_krw"] == 0


@pytest.mark.rule("WAL-17", "WAL-18")
def test_the_ledger_is_proven_and_the_balance_is_what_was_charged_less_what_was_issued(year: Year) -> None:
    assert year.proof["proven"]
    assert len(year.placed) == MONTHS
    assert {order["state"] for order in year.orders} == {"sent"}
    spent = sum(order["confirmed_amount_krw"] for order in year.orders)
    assert (year.wallet["held_krw"], year.wallet["balance_krw"]) == (0, year.charged_krw - spent)


def test_nothing_was_lost_and_nothing_happened_twice(year: Year) -> None:
    assert year.wrong == []
