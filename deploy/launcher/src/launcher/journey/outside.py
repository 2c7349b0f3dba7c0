"""What people hold in their hands in the sandbox: a mailbox, phones, and a card at the payment window."""

import random
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from launcher.journey.rest import Refused, Rest, wait_for


class Outside:
    """The sandbox, as a person meets it."""

    def __init__(self, sandbox_url: str) -> None:
        self.url = sandbox_url
        self._rest = Rest(sandbox_url)

    def code_after(self, target: str, ask: Callable[[], object]) -> str:
        """Do what sends a code to a phone or address, and read the code that came then."""
        before = self._last_code(target)
        ask()
        newer = wait_for(f"a code for {target}", lambda: _newer(self._last_code(target), before))
        return str(newer["code"])

    def messages(self, phone: str) -> list[dict[str, Any]]:
        """What is on a phone, newest last."""
        found: list[dict[str, Any]] = self._rest.get(f"/phone/api/{phone}")["messages"]
        return found

    def letters(self, address: str) -> list[dict[str, Any]]:
        """What came for an address."""
        found: list[dict[str, Any]] = self._rest.get("/mailbox/api/messages", to=address)["messages"]
        return found

    def link_of(self, phone: str, timeout_seconds: float = 30.0) -> str:
        """The link in the newest message on a phone that has one."""

        def look() -> str | None:
            links = [link for message in self.messages(phone) for link in message["links"]]
            return str(links[-1]) if links else None

        return wait_for(f"a link on {phone}", look, timeout_seconds)

    def pay(self, provider_order_id: str, amount_krw: int) -> str:
        """Approve in the payment window; the payment key that the browser brings back."""
        body = {"orderId": provider_order_id, "amount": amount_krw, "method": "카드"}
        return str(self._rest.post("/__sim/toss/authenticate", body)["paymentKey"])

    def deposit(self, provider_order_id: str) -> None:
        """Pay into the virtual account of a charge, at the bank."""
        self._rest.submit("/toss/bank", orderId=provider_order_id, act="deposit")

    def now(self) -> datetime:
        """The sandbox's clock, which every service follows."""
        return datetime.fromisoformat(self._rest.get("/__sim/clock")["now"])

    def new_business_number(self) -> str:
        """A valid number of a business that goes on, and that nobody is likely to have used here before."""
        serial, place = f"{random.randint(1, 8_999):04d}", random.randrange(1_000)  # noqa: S311 - no secret
        numbers = self._rest.get("/__sim/nts/numbers", serial=serial, count=1_000)["numbers"]
        digits = str(numbers[place]).replace("-", "")
        return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"

    def stock(self, goods: list[dict[str, Any]]) -> None:
        """Give the supplier its goods."""
        self._rest.post("/__sim/giftishow/goods", goods)

    def control(self, method: str, path: str, body: object = None) -> Any:
        """Ask the control plane."""
        return self._rest.answer(method, f"/__sim{path}", body)[1]

    def _last_code(self, target: str) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = self._rest.get(f"/__sim/codes/{quote(target, safe='@')}")
        except Refused as nothing:
            if nothing.status != 404:
                raise
            return None
        return found if found.get("code") else None


def _newer(found: dict[str, Any] | None, before: dict[str, Any] | None) -> dict[str, Any] | None:
    return found if found and found != before else None
