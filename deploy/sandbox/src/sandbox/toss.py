"""The payment provider's calls: confirm, query, cancel, virtual accounts, transactions."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from sandbox.clock import Clock, kst_iso, parse_time
from sandbox.records import Json, Store, Table
from sandbox.settings import Settings
from sandbox.toss_access import FRONT_FAILURE, TossAccess
from sandbox.toss_codes import (
    CANCEL_REFUSED_BY_ENDING,
    CANCEL_TROUBLE_BY_ENDING,
    CARD_MINIMUM_KRW,
    CONFIRM_REFUSED_BY_ENDING,
    CONFIRM_TROUBLE_BY_ENDING,
    TRANSFER_MAXIMUM_KRW,
    TRANSFER_MINIMUM_KRW,
    TossError,
    Trouble,
    refusal,
)
from sandbox.toss_ledger import TossLedger
from sandbox.toss_payment import TRANSFER, VIRTUAL_ACCOUNT, Payment
from sandbox.toss_webhooks import TossWebhooks
from sandbox.wire import Answer, Call, Vendor, Wire

VALID_HOURS_DEFAULT = 168
VALID_HOURS_MAX = 720
REASON_LENGTH_MAX = 200
ACCOUNT_DIGITS_MAX = 20

TOSS = Vendor(
    name="toss",
    failure=lambda _status: refusal("FAILED_INTERNAL_SYSTEM_PROCESSING").body,
    busy=refusal("TOO_MANY_REQUESTS"),
    bad_body=refusal("INVALID_REQUEST"),
)


class Toss:
    """The calls under /toss/v1, over the ledger of payments."""

    def __init__(
        self, settings: Settings, clock: Clock, store: Store, ledger: TossLedger, webhooks: TossWebhooks
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._ledger = ledger
        self._webhooks = webhooks
        self._access = TossAccess(settings.credentials.payment_secret_key, clock, store)
        self._struck: Table[int] = Table(store, "toss_struck", int)

    def serve_on(self, wire: Wire) -> None:
        """Lay the vendor's routes."""
        for name, method, path, handler in (
            ("confirm", "POST", "/v1/payments/confirm", self._confirm),
            ("payment_by_order", "GET", "/v1/payments/orders/{orderId}", self._payment_by_order),
            ("payment", "GET", "/v1/payments/{paymentKey}", self._payment),
            ("cancel", "POST", "/v1/payments/{paymentKey}/cancel", self._cancel),
            ("virtual_account", "POST", "/v1/virtual-accounts", self._virtual_account),
            ("transactions", "GET", "/v1/transactions", self._transactions),
        ):
            wire.route(TOSS, name, (method, path), handler, self._access.around)

    def _confirm(self, call: Call) -> Answer:
        body = call.json
        payment = self._ledger.by_key(text(body, "paymentKey", 200))
        amount_krw = amount(body, "amount")
        self._check_confirm(payment, text(body, "orderId", 64), amount_krw)
        ending = amount_krw % 1000
        trouble = CONFIRM_TROUBLE_BY_ENDING.get(ending, "")
        if trouble == "front_once" and payment.payment_key not in self._struck:
            self._struck.put(payment.payment_key, 1)
            return FRONT_FAILURE
        if ending in CONFIRM_REFUSED_BY_ENDING:
            self._refuse(payment, CONFIRM_REFUSED_BY_ENDING[ending])
        done = payment.confirmed(self._clock.now(), self._new_account(payment, "20", VALID_HOURS_DEFAULT))
        self._ledger.save(done)
        if done.status == "DONE":
            self._webhooks.status_changed(done, trouble)
        return self._told(done, trouble)

    def _check_confirm(self, payment: Payment, order_id: str, amount_krw: int) -> None:
        if payment.order_id != order_id or payment.total_krw != amount_krw:
            raise TossError("INVALID_REQUEST")
        if payment.status in {"EXPIRED", "ABORTED"}:
            raise TossError("NOT_FOUND_PAYMENT_SESSION")
        if payment.status != "IN_PROGRESS":
            raise TossError("ALREADY_PROCESSED_PAYMENT")
        if any(other.transaction_key for other in self._ledger.of_order(order_id)):
            raise TossError("DUPLICATED_ORDER_ID")
        if amount_krw < (TRANSFER_MINIMUM_KRW if payment.method == TRANSFER else CARD_MINIMUM_KRW):
            raise TossError("BELOW_MINIMUM_AMOUNT")
        if payment.method == TRANSFER and amount_krw > TRANSFER_MAXIMUM_KRW:
            raise TossError("EXCEEDS_TRANSFER_AMOUNT_MAXIMUM")

    def _refuse(self, payment: Payment, code: str) -> None:
        """A card company's or bank's no ends the payment; trouble inside the provider leaves it open."""
        if code.startswith(("REJECT", "INVALID", "EXCEED")):
            aborted = replace(payment, status="ABORTED", failure=code)
            self._ledger.save(aborted)
            self._webhooks.status_changed(aborted)
        raise TossError(code)

    def _payment(self, call: Call) -> Answer:
        return self._told(self._ledger.by_key(call.params["paymentKey"]), "")

    def _payment_by_order(self, call: Call) -> Answer:
        return self._told(self._ledger.by_order(call.params["orderId"]), "")

    def _cancel(self, call: Call) -> Answer:
        body = call.json
        payment = self._ledger.by_key(call.params["paymentKey"])
        reason = text(body, "cancelReason", REASON_LENGTH_MAX)
        amount_krw = None if body.get("cancelAmount") is None else amount(body, "cancelAmount")
        account = body.get("refundReceiveAccount")
        if account is not None:
            check_refund_account(account)
        ending = payment.total_krw % 1000
        if ending in CANCEL_REFUSED_BY_ENDING:
            raise TossError(CANCEL_REFUSED_BY_ENDING[ending])
        less = payment.canceled(amount_krw, reason, has_account=account is not None, now=self._clock.now())
        self._ledger.save(less)
        self._webhooks.status_changed(less)
        if less.method == VIRTUAL_ACCOUNT:
            self._webhooks.deposit_changed(less)
        return self._told(less, CANCEL_TROUBLE_BY_ENDING.get(ending, ""))

    def _virtual_account(self, call: Call) -> Answer:
        body = call.json
        order_id = text(body, "orderId", 64)
        if any(payment.transaction_key for payment in self._ledger.of_order(order_id)):
            raise TossError("DUPLICATED_ORDER_ID")
        hours = body.get("validHours", VALID_HOURS_DEFAULT)
        if not isinstance(hours, int) or not 0 < hours <= VALID_HOURS_MAX:
            raise TossError("INVALID_REQUEST")
        bank = text(body, "bank", 20)
        payment = self._ledger.authenticate(
            order_id,
            text(body, "orderName", 100),
            amount(body, "amount"),
            VIRTUAL_ACCOUNT,
            customer_name=text(body, "customerName", 100),
        )
        account = self._new_account(payment, bank, hours)
        if due := body.get("dueDate"):
            account["due_at"] = moment(str(due))
        waiting = payment.confirmed(self._clock.now(), account)
        self._ledger.save(waiting)
        return self._told(waiting, "")

    def _transactions(self, call: Call) -> Answer:
        start = moment(call.query.get("startDate", ""))
        end = moment(call.query.get("endDate", ""))
        limit = call.query.get("limit", "100")
        if not limit.isdigit() or not 0 < int(limit) <= 10_000:
            raise TossError("INVALID_REQUEST")
        found = [
            transaction
            for payment in self._ledger.listed()
            for at, transaction in transactions_of(payment)
            if start <= at <= end
        ]
        keys = [str(transaction["transactionKey"]) for transaction in found]
        after = call.query.get("startingAfter", "")
        first = keys.index(after) + 1 if after in keys else 0
        return Answer(200, found[first : first + int(limit)])

    def _new_account(self, payment: Payment, bank: str, valid_hours: int) -> Json:
        number = int(hashlib.sha256(payment.payment_key.encode()).hexdigest()[:12], 16) % 10**13
        return {
            "bank": bank,
            "account_number": f"X{number:013d}",
            "due_at": self._clock.now() + valid_hours * 3600,
            "secret": f"ps_{payment.payment_key[-20:]}",
        }

    def _told(self, payment: Payment, trouble: Trouble) -> Answer:
        if trouble == "5xx_after":
            return refusal("FAILED_INTERNAL_SYSTEM_PROCESSING")
        answer = Answer(200, payment.shown(self._settings.public_url))
        return answer.then("hung") if trouble == "hang_after" else answer


def transactions_of(payment: Payment) -> list[tuple[float, Json]]:
    """A payment's movements of money with their times, as the transactions call lists them."""
    shared = {
        "mId": "tsbx",
        "paymentKey": payment.payment_key,
        "orderId": payment.order_id,
        "method": payment.method,
        "customerKey": None,
        "useEscrow": False,
        "receiptUrl": None,
        "currency": "KRW",
    }
    moves: list[tuple[float, str, str, int]] = []
    if payment.approved_at is not None:
        moves.append((payment.approved_at, f"{payment.payment_key}-paid", "DONE", payment.total_krw))
    for cancel in payment.cancels:
        status = "PARTIAL_CANCELED" if cancel.refundable_krw else "CANCELED"
        moves.append((cancel.canceled_at, cancel.transaction_key, status, -cancel.amount_krw))
    return [
        (at, {**shared, "transactionKey": key, "status": status, "transactionAt": kst_iso(at), "amount": krw})
        for at, key, status, krw in moves
    ]


def check_refund_account(account: object) -> None:
    """Raises TossError unless it names a bank, up to 20 digits and a holder."""
    if not isinstance(account, dict):
        raise TossError("INVALID_REQUEST")
    number = account.get("accountNumber")
    if not isinstance(number, str) or not number.isdigit() or len(number) > ACCOUNT_DIGITS_MAX:
        raise TossError("INVALID_REFUND_ACCOUNT_NUMBER")
    if not account.get("bank") or not account.get("holderName") or len(str(account["holderName"])) > 60:
        raise TossError("INVALID_REFUND_ACCOUNT_INFO")


def text(body: Json, name: str, length_max: int) -> str:
    """A required text of the body. Raises TossError INVALID_REQUEST."""
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= length_max:
        raise TossError("INVALID_REQUEST")
    return value


def amount(body: Json, name: str) -> int:
    """A required amount of the body in KRW. Raises TossError INVALID_REQUEST."""
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise TossError("INVALID_REQUEST")
    return value


def moment(value: str) -> float:
    """A time of a query or body; without a zone it is Korea's. Raises TossError INVALID_REQUEST."""
    try:
        return parse_time(value if "+" in value or value.endswith("Z") else f"{value}+09:00")
    except ValueError as error:
        raise TossError("INVALID_REQUEST") from error
