"""The payment provider's webhooks: unsigned, repeated on failure, and sometimes late, doubled or missing."""

from __future__ import annotations

import itertools

import orjson

from sandbox.clock import Clock, kst_iso
from sandbox.records import Json
from sandbox.reports import Report, ReportOutbox
from sandbox.settings import Settings
from sandbox.toss_codes import Trouble
from sandbox.toss_payment import Payment, minted

RETRY_AFTER_SECONDS = [60.0 * minutes for minutes in (1, 4, 16, 64, 256, 1024, 4096)]
LATE_SECONDS = 3600.0


class TossWebhooks:
    """Sends PAYMENT_STATUS_CHANGED for every change and, for virtual accounts, DEPOSIT_CALLBACK beside it.

    Both events are registered, so each change of a virtual account arrives twice, as with the original. Without
    a webhook address nothing is sent.
    """

    def __init__(self, settings: Settings, clock: Clock, reports: ReportOutbox) -> None:
        self._settings = settings
        self._clock = clock
        self._reports = reports
        self._numbers = itertools.count(1)

    def status_changed(self, payment: Payment, trouble: Trouble = "", public_url: str = "") -> None:
        """Tell of a payment's new state."""
        body = {
            "eventType": "PAYMENT_STATUS_CHANGED",
            "createdAt": kst_iso(self._clock.now()),
            "data": payment.shown(public_url or self._settings.public_url),
        }
        self.send(body, payment.order_id, "status", trouble)

    def deposit_changed(self, payment: Payment, secret: str | None = None) -> None:
        """Tell of a virtual account's new state: flat, without an amount; `secret` stands in for the true one."""
        body = {
            "createdAt": kst_iso(self._clock.now()),
            "secret": payment.secret if secret is None else secret,
            "status": payment.status,
            "transactionKey": payment.transaction_key,
            "orderId": payment.order_id,
        }
        self.send(body, payment.order_id, "deposit", "")

    def send(self, body: Json, order_id: str, kind: str, trouble: Trouble) -> None:
        """Send any body as the provider would; a forged one looks no different, for nothing is signed."""
        if trouble == "webhook_never" or not self._settings.toss_webhook_url:
            return
        now = self._clock.now()
        transmission_id = minted("", order_id, kind, str(now), str(next(self._numbers))).lower()
        self._reports.add(
            Report(
                report_id=transmission_id,
                provider="toss",
                route="webhook",
                url=self._settings.toss_webhook_url,
                body=orjson.dumps(body).decode(),
                headers={
                    "Content-Type": "application/json",
                    "tosspayments-webhook-transmission-id": transmission_id,
                    "tosspayments-webhook-transmission-time": kst_iso(now),
                    "tosspayments-webhook-transmission-retried-count": "{attempts}",
                },
                fields={"orderId": order_id, "key": order_id, "kind": kind},
                due_at=now + (LATE_SECONDS if trouble == "webhook_late" else self._settings.report_delay_seconds),
                retry_after_seconds=RETRY_AFTER_SECONDS,
                copies=3 if trouble == "webhook_thrice" else 1,
            )
        )
