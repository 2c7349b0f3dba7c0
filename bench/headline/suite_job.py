"""The suite's own run of the job: an order through the gateway, to the last message at the provider."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from headline.stand import Journal, last_of, phone_of
from launcher.journey.outside import Outside
from launcher.journey.people import Applicant, Master, Operator, SignUp
from launcher.showcase.templates import template_id

CHARGE_KRW = 10_000_000
PRODUCT = "바나나우유"
TEMPLATE = "THANKS_1"
END_SECONDS = 600.0
LOOK_SECONDS = 0.5
LATE_SECONDS = 5.0
LATE_SECONDS_PER_RECIPIENT = 0.006


def late_seconds(recipients: int) -> float:
    """How late reports come so that none comes while an order of so many recipients is under way."""
    return LATE_SECONDS + LATE_SECONDS_PER_RECIPIENT * recipients


@dataclass(frozen=True)
class Timing:
    """Seconds from the press of the button."""

    accepted: float
    """The answer 202 is there: the order and its recipients are stored."""
    issued: float
    """The supplier has issued the last coupon."""
    handed_over: float
    """The provider has taken the last message."""
    sent: float
    """Every report is in, and the order is over."""


class Orderer:
    """A company that orders, and a judge of what came of it."""

    def __init__(self, gateway_url: str, operator: Operator, outside: Outside) -> None:
        applicant = Applicant.new(outside)
        sign_up = SignUp(gateway_url, outside)
        sign_up.fill_in(applicant)
        operator.approve(sign_up.id)
        self.master = Master(gateway_url, applicant, outside)
        self._outside = outside
        self._offer = self.master.products(PRODUCT)[0]["offers"][0]
        templates = self.master.templates()
        self._template = next(each for each in templates if each["template_id"] == template_id(TEMPLATE))

    def pay_for(self, recipients: int) -> None:
        """Charge until so many recipients can be paid."""
        while self.master.wallet()["usable_krw"] < self._offer["sale_price_krw"] * recipients:
            self.master.charge(CHARGE_KRW)

    def place(self, phones: list[str]) -> Mapping[str, Any]:
        """Press the button; the order as it is answered, before its money is decided."""
        people = [{"phone": phone, "name": "홍길동", "company": "한빛"} for phone in phones]
        body = self.master.order_body([self._offer], people, self._template)
        placed: Mapping[str, Any] = self.master.rest.post("/v1/orders", body, key=f"bench-{time.time_ns()}")
        return placed

    def end(self, order_id: str) -> Mapping[str, Any]:
        """The order when it is over, looked at as a page does that shows its progress."""
        deadline = time.monotonic() + END_SECONDS
        while time.monotonic() < deadline:
            order: Mapping[str, Any] = self.master.rest.get(f"/v1/orders/{order_id}")
            if order["state"] == "sent":
                return order
            time.sleep(LOOK_SECONDS)
        raise SystemExit(f"order {order_id} has not ended")

    def run(self, recipients: int, *, reports_at_once: bool = False) -> Timing:
        """One order. Reports come after the job unless they are to come at once. SystemExit if it is not whole."""
        self.pay_for(recipients)
        if not reports_at_once:
            self.have_reports_late(late_seconds(recipients))
        journal = Journal(self._outside.url)
        phones = [phone_of(number) for number in range(recipients)]
        began = time.time()
        order = self.place(phones)
        accepted = time.time() - began
        ended = self.end(order["order_id"])
        sent = time.time() - began
        self._outside.control("DELETE", "/faults")
        coupons, messages = journal.coupons(), journal.messages()
        keys = ({row["tr_id"] for row in coupons}, {row["refkey"] for row in messages})
        if ended["counts"]["success"] != recipients or any(
            len(found) != recipients for found in (*keys, coupons, messages)
        ):
            raise SystemExit(
                f"the suite has not done the work: {ended['counts']}, {len(coupons)} coupons, {len(messages)} messages"
            )
        return Timing(accepted, last_of(coupons, "issued_at") - began, last_of(messages, "accepted_at") - began, sent)

    def have_reports_late(self, delay_seconds: float) -> None:
        """Let reports of messages taken from now on come so much later."""
        late = {"provider": "bizppurio", "kind": "late_report", "times": None, "delay_seconds": delay_seconds}
        self._outside.control("POST", "/faults", late)
