"""The main job in this process, delivery by delivery: real services, real databases, the real sandbox, no broker.

Each message is handed to each of its hearers, and what that did is kept: the database as it stood before, and the
message. Messages that the job's course does not bring about are said at their places.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from chassis.testing.callers import Callers
from chassis.testing.events import enveloped, eventually
from contracts.envelope import Envelope
from contracts.event import Event
from contracts.ordering.orders import OrderPlaced
from contracts.queues import QUEUES, hearers
from contracts.wallet import FundsReserved
from launcher.journey.outside import Outside
from reliability_parts.events import COMPANY, MASTER, Sayings
from reliability_parts.houses import House, Posted

Deliver = Callable[[House, str, Envelope], None]

CHARGE_KRW = 100_000
GOOD, BY_MMS, NOT_ISSUED = "01000001001", "01090011003", "01090111004"
"""Phones: all goes well; no KakaoTalk, so MMS; the supplier does not issue."""


@dataclass
class Job:
    """The main job on its way."""

    houses: Mapping[str, House]
    outside: Outside
    sayings: Sayings
    callers: Callers
    deliver: Deliver

    def __post_init__(self) -> None:
        self._held: list[Envelope] = []
        self._holding: frozenset[type[Event]] = frozenset()

    def run(self) -> None:
        """From the companies' first news to orders that are sent, refused and withdrawn."""
        self._get_to_know()
        self._sign_up()
        self._charge()
        self._send_an_order()
        self._be_refused()
        self._withdraw()
        self._cancel()
        self._let_timers_fire()
        self._hear_news()

    def say(self, *events: Event) -> None:
        """Say events as their publishers would, and deliver all that follows."""
        for event in events:
            self._post(Posted(None, enveloped(event)))
        self._pump()

    def _get_to_know(self) -> None:
        template = {"provider_code": "THANKS_1", "theme": "감사", "name": "감사 인사", "body": "#{이름}님, 감사합니다."}
        self._ask("messaging", "PUT", f"/admin/templates/{self.sayings.template}", template, operator=True)
        approval = {"version": 1, "provider_code": "THANKS_1"}
        path = f"/admin/templates/{self.sayings.template}/record-approval"
        self._ask("messaging", "POST", path, approval, operator=True)
        self._pump()
        self.say(*self.sayings.first_states())

    def _sign_up(self) -> None:
        started = self._ask("identity", "POST", "/v1/sign-ups", None)
        token = {"Sign-Up-Token": started["sign_up_token"]}
        path = f"/v1/sign-ups/{started['sign_up_id']}"
        self._ask("identity", "POST", f"{path}/email-codes", {"email": "hana@hanbit.example"}, headers=token)
        self._pump()
        self._step("messaging.code_mails")
        self.say(*self.sayings.of_an_application(UUID(started["sign_up_id"])))
        self._step("messaging.mails")

    def _charge(self) -> None:
        charge = self._new_charge()
        payment_key = self.outside.pay(charge["provider_order_id"], CHARGE_KRW)
        confirmation = {"payment_key": payment_key, "amount_krw": CHARGE_KRW}
        confirmed = self._ask("wallet", "POST", f"/v1/charges/{charge['charge_id']}/confirm", confirmation)
        assert confirmed["state"] == "credited"
        self._new_charge()
        self._pump()

    def _new_charge(self) -> dict[str, Any]:
        return self._ask("wallet", "POST", "/v1/charges", {"amount_krw": CHARGE_KRW, "method": "card"})

    def _send_an_order(self) -> None:
        order_id = self._order(GOOD, BY_MMS, NOT_ISSUED)
        self._pump()
        self._step("ordering.issuing")
        self._pump()
        self._step("messaging.handover")

        def is_sent() -> bool:
            self._step("messaging.fetch")
            self._step("messaging.reports")
            self._pump()
            return self._order_state(order_id) == "sent"

        eventually(is_sent, timeout_seconds=60)
        self.say(self.sayings.coupon_revoked(order_id))

    def _be_refused(self) -> None:
        order_id = self._order(*(f"0100000{number:04d}" for number in range(2000, 2030)))
        self._pump()
        assert self._order_state(order_id) == "rejected"

    def _withdraw(self) -> None:
        """Two orders whose money ordering no longer waits for: wallet had held the first's, and not the second's."""
        self._holding = frozenset({FundsReserved})
        early = self._order(GOOD)
        self._pump()
        self._holding = frozenset({OrderPlaced})
        late = self._order(GOOD)
        self._pump()
        for order_id in (early, late):
            self.say(self.sayings.timer_fired("ordering", f"reservation/{order_id}"))
        self._holding = frozenset()
        for envelope in self._held:
            self._post(Posted(None, envelope))
        self._pump()
        assert [self._order_state(order_id) for order_id in (early, late)] == ["rejected", "rejected"]

    def _cancel(self) -> None:
        """A scheduled order is cancelled before its time."""
        send_at = (datetime.now(UTC) + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
        order_id = self._order(GOOD, send_at=send_at.isoformat())
        self._pump()
        self._ask("ordering", "POST", f"/v1/orders/{order_id}/cancel", None)
        self._pump()
        assert self._order_state(order_id) == "cancelled"

    def _let_timers_fire(self) -> None:
        self.outside.control("POST", "/clock/advance", {"seconds": 31 * 24 * 3600})
        for house in self.houses.values():
            for consumer in house.consumers.values():
                consumer._clock.refresh()
        while self._step("scheduler.fire"):
            self._pump()

    def _hear_news(self) -> None:
        self.say(*self.sayings.later_states())

    def _order(self, *phones: str, **more: str) -> UUID:
        body = {
            "send_title": "한빛상사 감사선물",
            "order_type": "fixed",
            "offer_ids": [str(self.sayings.offer)],
            "recipients": [{"phone": phone, "name": "홍길동", "company": "한빛상사"} for phone in phones],
            "template_id": str(self.sayings.template),
            "values": {},
            "pay_amount_krw": self.sayings.price_krw * len(phones),
            "agreed_terms": True,
            **more,
        }
        return UUID(self._ask("ordering", "POST", "/v1/orders", body)["order_id"])

    def _order_state(self, order_id: UUID) -> str:
        return str(self._ask("ordering", "GET", f"/v1/orders/{order_id}", None)["state"])

    def _ask(
        self, package: str, method: str, path: str, body: object, *, operator: bool = False, headers: Any = None
    ) -> Any:
        house = self.houses[package]
        person = (
            self.callers.operator("admin")
            if operator
            else self.callers.member("master", subject_id=MASTER, tenant_id=COMPANY)
        )
        client = (house.app.admin if operator else house.app.api).test_client()
        sent = {"Idempotency-Key": uuid4().hex} | person | (headers or {})
        answer = client.open(path, method=method, json=body, headers=sent)
        assert answer.status_code < 300, answer.get_data(as_text=True)
        return answer.json

    def _step(self, loop: str) -> bool:
        return self.houses[loop.split(".", 1)[0]].loops[loop].step()

    def _pump(self) -> None:
        """Deliver until nobody has anything more to say."""
        while posted := deque(each for house in self.houses.values() for each in house.take_outbox()):
            for each in posted:
                self._post(each)

    def _post(self, posted: Posted) -> None:
        envelope = posted.envelope
        event = envelope.open()
        if type(event) in self._holding:
            self._held.append(envelope)
            return
        for queue in hearers_of(event) if posted.queue is None else [posted.queue]:
            self.deliver(self.houses[queue.split(".", 1)[0]], queue, envelope)


def hearers_of(event: Event) -> list[str]:
    """The queues that the broker would put the event into."""
    return [queue.name for queue in hearers(type(event)) if event.binding_key(queue.service) == event.routing_key]


def expected_deliveries() -> set[tuple[str, str]]:
    """Every pair of queue and class of event that a complete job delivers."""
    return {(queue.name, event.type) for queue in QUEUES for event in queue.hears}
