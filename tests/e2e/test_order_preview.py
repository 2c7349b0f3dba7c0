"""The order form through the gateway: each limit with the figure that is short, and placing says the same."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from joining import company_of_its_own, joined

from chassis.testing.events import eventually
from launcher.demo import Places
from launcher.journey.outside import Outside
from launcher.journey.people import Master, Operator
from launcher.journey.rest import Refused

CHARGED_KRW = 100_000
PEOPLE = [
    {"phone": "01000000071", "name": "김하늘", "company": "한빛"},
    {"phone": "01000000072", "name": "이바다", "company": "한빛"},
    {"phone": "01000000073", "name": "박솔", "company": "한빛"},
]


@dataclass(frozen=True)
class Form:
    """An order form of a member."""

    member: Master
    template: dict[str, Any]

    def body(self, offer: dict[str, Any], recipients: int = 1, **more: Any) -> dict[str, Any]:
        return self.member.order_body([offer], PEOPLE[:recipients], self.template, **more)

    def look(self, body: dict[str, Any], **more: Any) -> dict[str, Any]:
        seen: dict[str, Any] = self.member.rest.post("/v1/orders/preview", body | more)
        return seen

    def short(self, offer: dict[str, Any], recipients: int = 1) -> tuple[str, int]:
        """What a preview finds short and by how much; placing is refused in the same words."""
        body = self.body(offer, recipients)
        seen = self.look(body)
        assert (seen["would_pass"], seen["missing"], seen["order"]["faults"]) == (False, [], [])
        (fault,) = seen["funds"]["faults"]
        with pytest.raises(Refused) as refusal:
            self.member.rest.post("/v1/orders", body, key=uuid.uuid4().hex)
        placing = refusal.value.problem
        assert {name: placing[name] for name in fault} == fault
        assert refusal.value.status == 402
        return fault["reason"], fault["short_krw"]


@pytest.fixture(scope="module")
def company(places: Places, operator: Operator, outside: Outside) -> Master:
    """A company with 100,000 KRW and no permission for cash-like products."""
    master = company_of_its_own(places, operator, outside)
    master.charge(CHARGED_KRW)
    return master


@pytest.fixture(scope="module")
def form(company: Master, thanks: dict[str, Any]) -> Form:
    """The master's form."""
    return Form(company, thanks)


@pytest.fixture(scope="module")
def voucher(company: Master) -> dict[str, Any]:
    """A cash-like product."""
    products = [each for each in company.products("누리페이") if each["cash_like"]]
    offer: dict[str, Any] = min((each["offers"][0] for each in products), key=lambda each: each["sale_price_krw"])
    return offer


@pytest.fixture(scope="module")
def dear(company: Master) -> dict[str, Any]:
    """A product that is not cash-like, of which three cost more than the company has."""
    offers = [each["offers"][0] for each in company.products() if not each["cash_like"]]
    return next(each for each in offers if 3 * each["sale_price_krw"] > CHARGED_KRW > each["sale_price_krw"])


@pytest.mark.rule("ORD-13", "ORD-15", "ORD-35")
def test_a_form_that_passes_shows_everything_and_is_placed_at_its_amount(
    form: Form, coffee: dict[str, Any], company: Master
) -> None:
    before = company.wallet()
    body = form.body(coffee, 2)
    seen = form.look(body, message_row_no=2)
    assert (seen["would_pass"], seen["missing"]) == (True, [])
    assert seen["order"]["pay_amount_krw"] == body["pay_amount_krw"]
    (line,) = seen["order"]["lines"]
    assert line["sale_price_krw"] * 2 == seen["order"]["pay_amount_krw"]
    assert seen["order"]["list_amount_krw"] + seen["order"]["discount_amount_krw"] == body["pay_amount_krw"]
    (limit,) = seen["funds"]["limits"]
    assert (limit["figure"], limit["left_krw"], limit["short_krw"]) == ("balance", before["usable_krw"], 0)
    assert "이바다" in seen["message"]["text"]
    assert seen["message"]["button_name"] == "확인하러 가기"
    assert company.wallet() == before
    order = form.member.order(body)
    assert (order["pay_amount_krw"], order["state"]) == (body["pay_amount_krw"], "sending")
    form.member.follow(order["order_id"], lambda order: order["state"] == "sent", "the order's sending")


@pytest.mark.rule("ORD-15")
def test_a_short_balance_is_seen_before_placing(form: Form, dear: dict[str, Any], company: Master) -> None:
    short_krw = 3 * dear["sale_price_krw"] - company.wallet()["usable_krw"]
    assert form.short(dear, 3) == ("balance", short_krw)


@pytest.mark.rule("ORD-15", "CAT-04", "IDN-23")
def test_cash_like_permission_and_limit_are_seen_before_placing(
    form: Form, voucher: dict[str, Any], operator: Operator, company: Master
) -> None:
    price_krw = voucher["sale_price_krw"]
    assert form.short(voucher) == ("cash_like_not_permitted", price_krw)
    company_id = company.rest.get("/v1/me")["company_id"]
    grant = {"permitted": True, "monthly_limit_krw": price_krw - 1, "reason": "계약"}
    operator.rest.put(f"/admin/identity/companies/{company_id}/cash-like", grant)
    eventually(lambda: company.wallet()["cash_like"] is not None, timeout_seconds=30)
    assert form.short(voucher) == ("cash_like_limit", 1)


@pytest.mark.rule("ORD-15", "ORD-30", "WAL-16")
def test_a_sub_members_limit_is_seen_before_placing(
    form: Form, company: Master, places: Places, outside: Outside, coffee: dict[str, Any], thanks: dict[str, Any]
) -> None:
    member_id, who = joined(company, places, outside)
    own = Form(Master(places.gateway_url, who, outside), thanks)

    def heard() -> bool:
        items = company.rest.get("/v1/spending-limits")["items"]
        return [each["member_id"] for each in items] == [member_id]

    eventually(heard, timeout_seconds=30)
    price_krw = coffee["sale_price_krw"]
    eventually(lambda: own.look(own.body(coffee))["order"]["faults"] == [], timeout_seconds=30)
    assert own.short(coffee) == ("spending_limit_missing", price_krw)
    company.rest.put("/v1/spending-limits", {"member_ids": [member_id], "limit_krw": 2 * price_krw - 1})
    assert own.short(coffee, 2) == ("spending_limit", 1)
    seen = own.look(own.body(coffee))
    assert seen["would_pass"] is True
    limits = {each["figure"]: each["left_krw"] for each in seen["funds"]["limits"]}
    assert limits == {"spending_limit": 2 * price_krw - 1, "balance": None}
    assert own.member.order(own.body(coffee))["pay_amount_krw"] == price_krw


@pytest.mark.rule("ORD-08", "ORD-09", "ORD-10", "ORD-35")
def test_bad_and_repeated_recipients_and_the_window_are_told_together(form: Form, coffee: dict[str, Any]) -> None:
    body = form.body(coffee)
    repeated = [*body["recipients"], body["recipients"][0], {"phone": "02-1", "name": "", "company": ""}]
    seen = form.look(body, recipients=repeated, send_at="2020-01-01T00:00:00Z")
    assert seen["would_pass"] is False
    faults = {fault["code"]: fault for fault in seen["order"]["faults"]}
    assert set(faults) == {"recipients_refused", "send_time_refused"}
    assert [(row["row_no"], row["code"]) for row in faults["recipients_refused"]["rows"]] == [
        (2, "phone_repeated"),
        (3, "phone_invalid"),
    ]
    assert seen["order"]["window"]["first_at"] < seen["order"]["window"]["last_on"]
