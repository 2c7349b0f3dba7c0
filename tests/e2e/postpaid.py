"""A postpaid company of the simulated year: it orders in some months, and in others nothing of it is issued."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from chassis.clock import SEOUL
from launcher.journey.outside import Outside
from launcher.journey.people import Applicant, Master, Operator, SignUp
from launcher.showcase.templates import template_id

MONTHLY_LIMIT_KRW = 3_000_000
DAYS_AHEAD = 30
ROUND = 5
"""Of so many times 30 days two bring an order, the second one for 30 days later: then nothing is issued for 90 days."""


def contract(starts_on: date) -> dict[str, Any]:
    """What operators record of it (IDN-08)."""
    return {
        "monthly_limit_krw": MONTHLY_LIMIT_KRW,
        "starts_on": starts_on.isoformat(),
        "billing_name": "정산담당",
        "billing_email": "bills@hanbit.example",
    }


@dataclass(frozen=True)
class Billed:
    """Its orders and invoices as they stand at the end; invoices with their rows."""

    on: date
    orders: list[dict[str, Any]]
    invoices: list[dict[str, Any]]
    rows: dict[str, list[dict[str, Any]]]
    """By month of issue."""
    shown_to_operators: list[dict[str, Any]]
    wallet: dict[str, Any]

    def issued_by_month(self) -> dict[str, Counter[str]]:
        """KRW by order for each Seoul month that is over, by when orders were sent and not by when they were placed."""
        found: dict[str, Counter[str]] = {}
        for order in self.orders:
            month = month_of(order["send_at"] or order["placed_at"])
            if month < f"{self.on:%Y-%m}":
                found.setdefault(month, Counter())[order["order_id"]] += order["confirmed_amount_krw"]
        return found


@dataclass
class PostpaidCompany:
    """Its master, who logs in anew whenever the clock was moved."""

    gateway_url: str
    outside: Outside
    applicant: Applicant
    placed: list[str] = field(default_factory=list)

    @classmethod
    def signed_up(cls, gateway_url: str, outside: Outside, operator: Operator) -> "PostpaidCompany":
        """A company that operators let in under its contract."""
        applicant = Applicant.new(outside, "두리상사")
        sign_up = SignUp(gateway_url, outside)
        sign_up.fill_in(applicant, payment_method="postpaid")
        starts_on = outside.now().astimezone(SEOUL).date()
        operator.rest.put(f"/admin/identity/sign-ups/{sign_up.id}/contract", contract(starts_on))
        operator.approve(sign_up.id)
        return cls(gateway_url, outside, applicant)

    def order_in(self, number: int, offers: Sequence[dict[str, Any]]) -> None:
        """Order what the company orders in one of the times of 30 days: at once, or for 30 days later."""
        place = number % ROUND
        if place > 1:
            return
        master = self._master()
        phones = [f"010000005{number:02d}", f"010000006{number:02d}"][place:]
        people = [{"phone": phone, "name": "박두리", "company": "두리"} for phone in phones]
        more = {"send_at": self._noon_later().isoformat()} if place == 1 else {}
        body = master.order_body([offers[place]], people, {"template_id": template_id("THANKS_1")}, **more)
        self.placed.append(str(master.order(body)["order_id"]))

    def billed(self, operator: Operator) -> Billed:
        """Look at everything, as its master and as an operator."""
        master = self._master()
        kept = master.rest.get("/v1/invoices")["kept"]
        invoices = [master.rest.get(f"/v1/invoices/{each['invoice_id']}") for each in kept]
        return Billed(
            on=self.outside.now().astimezone(SEOUL).date(),
            orders=master.rest.get("/v1/orders", limit=200)["items"],
            invoices=invoices,
            rows={
                invoice["month"]: master.rest.get(f"/v1/invoices/{invoice['invoice_id']}/orders", limit=200)["items"]
                for invoice in invoices
            },
            shown_to_operators=operator.rest.get(
                "/admin/wallet/invoices", company_id=master.rest.get("/v1/me")["company_id"], limit=200
            )["items"],
            wallet=master.wallet(),
        )

    def _noon_later(self) -> datetime:
        day = self.outside.now().astimezone(SEOUL).date() + timedelta(days=DAYS_AHEAD)
        return datetime.combine(day, time(12), SEOUL).astimezone(UTC)

    def _master(self) -> Master:
        return Master(self.gateway_url, self.applicant, self.outside)


def month_of(said: str) -> str:
    """The Seoul month of a time that an answer names, YYYY-MM."""
    return f"{datetime.fromisoformat(said).astimezone(SEOUL):%Y-%m}"


def months_between(first: str, last: str) -> list[str]:
    """All months from the first to the last, both included, YYYY-MM."""
    count = range(int(first[:4]) * 12 + int(first[5:]) - 1, int(last[:4]) * 12 + int(last[5:]))
    return [f"{each // 12:04d}-{each % 12 + 1:02d}" for each in count]
