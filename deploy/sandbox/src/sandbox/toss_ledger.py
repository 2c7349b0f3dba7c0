"""The payment provider's book of payments, by payment key and by order."""

from __future__ import annotations

import re
from dataclasses import replace

from sandbox.clock import Clock
from sandbox.records import Store, Table
from sandbox.toss_codes import CONFIRM_WITHIN_SECONDS, TossError
from sandbox.toss_payment import METHODS, Payment, minted, revive_payment
from sandbox.toss_webhooks import TossWebhooks

ORDER_ID = re.compile(r"^[A-Za-z0-9\-_.=]{6,64}$")


class TossLedger:
    """Payments that began in the window or as a virtual account; the passing of time is applied on reading."""

    def __init__(self, clock: Clock, store: Store, webhooks: TossWebhooks) -> None:
        self._payments: Table[Payment] = Table(store, "payments", revive_payment)
        self._clock = clock
        self._webhooks = webhooks
        self._keys_by_order: dict[str, list[str]] = {}
        self.reindex()

    def reindex(self) -> None:
        """Find the orders' payments anew, after a start or a reset."""
        self._keys_by_order = {}
        for payment in self._payments:
            self._keys_by_order.setdefault(payment.order_id, []).append(payment.payment_key)

    def resume(self) -> None:
        """Plan the end of payments that a former process left unconfirmed."""
        for payment in self._payments:
            if payment.status == "IN_PROGRESS":
                self._plan_expiry(payment)

    def authenticate(
        self, order_id: str, order_name: str, amount_krw: int, method: str, *, customer_name: str = "샌드박스"
    ) -> Payment:
        """What the payer does in the window: a payment in progress, to be confirmed within 10 minutes."""
        if not ORDER_ID.match(order_id) or method not in METHODS or amount_krw <= 0:
            raise TossError("INVALID_REQUEST")
        payment = Payment(
            payment_key=minted("tsbx_", order_id, str(len(self._payments))),
            order_id=order_id,
            order_name=order_name,
            method=method,
            total_krw=amount_krw,
            balance_krw=amount_krw,
            status="IN_PROGRESS",
            requested_at=self._clock.now(),
            customer_name=customer_name,
        )
        self.save(payment)
        self._plan_expiry(payment)
        return payment

    def save(self, payment: Payment) -> None:
        """Remember the payment."""
        if payment.payment_key not in self._payments:
            self._keys_by_order.setdefault(payment.order_id, []).append(payment.payment_key)
        self._payments.put(payment.payment_key, payment)

    def listed(self) -> list[Payment]:
        """All payments as of now, oldest first."""
        now = self._clock.now()
        return [payment.as_of(now) for payment in self._payments]

    def by_key(self, payment_key: str) -> Payment:
        """Raises TossError NOT_FOUND_PAYMENT."""
        payment = self._payments.get(payment_key)
        if payment is None:
            raise TossError("NOT_FOUND_PAYMENT")
        return payment.as_of(self._clock.now())

    def of_order(self, order_id: str) -> list[Payment]:
        """The order's payments, oldest first."""
        return [self.by_key(key) for key in self._keys_by_order.get(order_id, [])]

    def by_order(self, order_id: str) -> Payment:
        """The payment that counts for an order: the one that was paid, else the newest.

        Raises TossError NOT_FOUND_PAYMENT.
        """
        payments = self.of_order(order_id)
        if not payments:
            raise TossError("NOT_FOUND_PAYMENT")
        paid = [payment for payment in payments if payment.transaction_key]
        return (paid or payments)[-1]

    def expire(self, payment: Payment) -> None:
        """End a payment before its time. The end of a virtual account is told to nobody, as in the original."""
        if payment.status not in {"IN_PROGRESS", "WAITING_FOR_DEPOSIT"}:
            raise TossError("INVALID_REQUEST")
        expired = replace(payment, status="EXPIRED")
        self.save(expired)
        if payment.status == "IN_PROGRESS":
            self._webhooks.status_changed(expired)

    def _plan_expiry(self, payment: Payment) -> None:
        due_at = payment.requested_at + CONFIRM_WITHIN_SECONDS
        self._clock.at(due_at, lambda: self._expire_unconfirmed(payment.payment_key))

    def _expire_unconfirmed(self, payment_key: str) -> None:
        payment = self._payments.get(payment_key)
        if payment is not None and payment.status == "IN_PROGRESS":
            self.expire(payment)
