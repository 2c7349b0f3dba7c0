"""The people of a test on a running suite, with patience for processes that die."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeVar

from chassis.clock import SEOUL
from chassis.testing.events import eventually
from launcher.demo import Places
from launcher.journey.outside import Outside
from launcher.journey.people import Applicant, Master, Operator, SignUp
from launcher.journey.rest import Refused
from launcher.showcase.seeding import seed
from launcher.showcase.templates import template_id
from launcher.words import LauncherError

PATIENCE_SECONDS = 180
PLAN = "생일 선물"
BANK = "20"
ENDED = ("sent", "rejected", "cancelled")
PAYMENT_REQUIRED = 402
AWAY = (502, 503, 504)
"""What is answered while a part of the suite is being started; nothing else is asked for twice."""

AnswerT = TypeVar("AnswerT")


class People:
    """An operator, a master of an approved company, and the orders that were placed."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.outside = Outside(places.sandbox_url)
        self.log_in_operator()
        self.applicant = Applicant.new(self.outside)
        self.order_ids: list[str] = []

    def log_in_operator(self) -> None:
        """Log the operator in, for the first time or anew."""
        self.operator = Operator(self.places.gateway_url, self.places.operator, self.outside)

    def seed(self) -> None:
        """Fill the catalogue and the templates."""
        seed(self.operator, self.outside, print)

    def sign_up(self) -> None:
        """Apply, and be approved."""
        sign_up = SignUp(self.places.gateway_url, self.outside)
        sign_up.fill_in(self.applicant)
        self.operator.approve(sign_up.id)

    def log_in(self) -> None:
        """Log the master in, for the first time or anew."""
        self.master = Master(self.places.gateway_url, self.applicant, self.outside)

    def begin_charge(self, amount_krw: int) -> dict[str, Any]:
        """Ask for a charge; nothing is paid yet."""
        body = {"amount_krw": amount_krw, "method": "card"}
        charge: dict[str, Any] = self.master.rest.post("/v1/charges", body, key=uuid.uuid4().hex)
        return charge

    def begin_deposit(self, amount_krw: int) -> Callable[[], dict[str, Any]]:
        """Ask for a virtual account; whoever has it issued may die of it. What gives the charge, asked for again."""
        body = {"amount_krw": amount_krw, "method": "virtual_account", "bank_code": BANK}
        key = uuid.uuid4().hex

        def ask() -> dict[str, Any]:
            charge: dict[str, Any] = self.master.rest.post("/v1/charges", body, key=key)
            return charge

        with suppress(LauncherError):
            ask()
        return lambda: self._patiently(ask)

    def pay(self, charge: dict[str, Any]) -> None:
        """Pay and come back from the window; whoever should confirm it may die of it."""
        body = {
            "payment_key": self.outside.pay(charge["provider_order_id"], charge["amount_krw"]),
            "amount_krw": charge["amount_krw"],
        }
        with suppress(LauncherError):
            self.master.rest.post(f"/v1/charges/{charge['charge_id']}/confirm", body)

    def see_credited(self, charge: dict[str, Any]) -> None:
        """Wait until the charge is on the balance."""
        path = f"/v1/charges/{charge['charge_id']}"
        eventually(lambda: self.master.rest.get(path)["state"] == "credited", PATIENCE_SECONDS)

    def order(self, phones: Sequence[str], *, product: str = "아메리카노 T", **more: str) -> str:
        """Place an order for phones; its id, whatever is to come of it. Repeated until somebody answers."""
        offer = self._patiently(lambda: self.master.products(product))[0]["offers"][0]
        templates = self._patiently(self.master.templates)
        template = next(each for each in templates if each["template_id"] == template_id("THANKS_1"))
        recipients = [{"phone": phone, "name": "홍길동", "company": "한빛상사"} for phone in phones]
        body = self.master.order_body([offer], recipients, template, **more)
        key = uuid.uuid4().hex

        def place() -> str:
            try:
                return str(self.master.rest.post("/v1/orders", body, key=key)["order_id"])
            except Refused as refused:
                if refused.status != PAYMENT_REQUIRED:
                    raise
                return str(refused.problem["order_id"])

        order_id = self._patiently(place)
        self.order_ids.append(order_id)
        return order_id

    def register_plan(self, phone: str, *, days_ahead: int = 5) -> None:
        """Register an anniversary plan for one recipient, whose day is near."""
        day = (self.outside.now() + timedelta(days=days_ahead)).astimezone(SEOUL)
        offer = self._patiently(lambda: self.master.products("아메리카노 T"))[0]["offers"][0]
        recipient = {"phone": phone, "name": "홍길동", "company": "한빛상사", "anniversary": f"{day:%Y/%m/%d}"}
        body = {
            "order_name": PLAN,
            "send_title": "생일 축하",
            "order_type": "fixed",
            "items": [{"offer_id": offer["offer_id"], "sale_price_krw": offer["sale_price_krw"]}],
            "recipients": [recipient],
            "template_id": template_id("THANKS_1"),
            "agreed_terms": True,
        }
        key = uuid.uuid4().hex
        self._patiently(lambda: self.master.rest.post("/v1/anniversary-plans", body, key=key))

    def see_the_plans_order(self) -> None:
        """The plan made exactly one order, which is among those of the test from then on."""

        def made() -> list[str]:
            orders = self._patiently(lambda: self.master.rest.get("/v1/orders"))["items"]
            return [order["order_id"] for order in orders if order["order_name"] == PLAN]

        eventually(made, PATIENCE_SECONDS)
        (order_id,) = made()
        self.order_ids.append(order_id)
        assert self.see_end(order_id)["state"] == "sent"

    def state(self, order_id: str) -> str:
        """An order's state."""
        return str(self._patiently(lambda: self.master.rest.get(f"/v1/orders/{order_id}"))["state"])

    def see_end(self, order_id: str) -> dict[str, Any]:
        """Wait until an order is over; the order."""
        eventually(lambda: self.state(order_id) in ENDED, PATIENCE_SECONDS)
        order: dict[str, Any] = self._patiently(lambda: self.master.rest.get(f"/v1/orders/{order_id}"))
        return order

    def _patiently(self, ask: Callable[[], AnswerT]) -> AnswerT:
        """The answer, asked for again while whoever gives it is being started."""

        def answered() -> tuple[AnswerT] | None:
            try:
                return (ask(),)
            except Refused as refused:
                if refused.status not in AWAY:
                    raise
            except LauncherError:
                return None
            return None

        return eventually(answered, PATIENCE_SECONDS)[0]
