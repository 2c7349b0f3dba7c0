"""Toss Payments (API version 2022-11-16): confirming and cancelling a payment, and asking for the provider's record."""

import base64
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, SecretStr, ValidationError

from chassis.http import HttpClient, NotSent, Response, Unknown, UnreadableAnswerError
from wallet.application.notice_ports import Hint
from wallet.domain.cancellation import Cancellation
from wallet.domain.charge import Charge
from wallet.domain.payment import (
    Answered,
    Declined,
    DepositAccount,
    Missing,
    NotDone,
    Payment,
    PaymentStatus,
    ProviderAnswer,
)
from wallet.domain.payment import Unknown as UnknownOutcome

DONE_ALREADY = frozenset(
    {
        "ALREADY_PROCESSED_PAYMENT",
        "ALREADY_COMPLETED_PAYMENT",
        "ALREADY_CANCELED_PAYMENT",
        "ALREADY_REFUND_PAYMENT",
        "DUPLICATED_ORDER_ID",
    }
)
"""The provider's record says how it ended: adopt that."""

SURELY_NOT_DONE = frozenset({"FORBIDDEN_CONSECUTIVE_REQUEST", "NOT_AVAILABLE_BANK", "TOO_MANY_REQUESTS"})

OURS_TO_MEND = frozenset(
    {
        "UNAUTHORIZED_KEY",
        "FORBIDDEN_REQUEST",
        "INCORRECT_BASIC_AUTH_FORMAT",
        "INVALID_REQUEST",
        "INVALID_IDEMPOTENCY_KEY",
    }
)
"""Nothing was done and nothing will be until an operator mends key or request."""

DECLINED = re.compile(
    r"REJECT_\w+|INVALID_CARD_\w+|INVALID_STOPPED_CARD|EXCEED_MAX_\w+|EXCEEDS_TRANSFER_AMOUNT_MAXIMUM"
    r"|BELOW_MINIMUM_AMOUNT|NOT_FOUND_PAYMENT_SESSION"
)
"""The payer's own to mend, by paying anew."""

NOT_CANCELABLE = re.compile(
    r"NOT_CANCELABLE_\w+|EXCEED_MAX_REFUND_\w+|NOT_ALLOWED_\w*REFUND\w*|REFUND_REJECTED|INVALID_REFUND_ACCOUNT_\w+"
)
"""The provider will not send the money back, however often it is asked."""

ORDER_NAME = "충전금 충전"
CANCEL_REASON = "충전 취소"
UNKNOWN_PAYMENT = "NOT_FOUND_PAYMENT"

_STATUSES = {
    "READY": PaymentStatus.READY,
    "IN_PROGRESS": PaymentStatus.IN_PROGRESS,
    "WAITING_FOR_DEPOSIT": PaymentStatus.WAITING_FOR_DEPOSIT,
    "DONE": PaymentStatus.DONE,
    "CANCELED": PaymentStatus.CANCELED,
    "PARTIAL_CANCELED": PaymentStatus.PARTIALLY_CANCELED,
    "ABORTED": PaymentStatus.ABORTED,
    "EXPIRED": PaymentStatus.EXPIRED,
}


class _Receipt(BaseModel):
    url: str | None = None


class _Account(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    account_number: str = Field(alias="accountNumber", max_length=50)
    bank_code: str = Field(alias="bankCode", max_length=10)
    due_at: AwareDatetime = Field(alias="dueDate")


class _PaymentRecord(BaseModel):
    """What we read of the provider's Payment object."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    payment_key: str = Field(alias="paymentKey", max_length=200)
    order_id: str = Field(alias="orderId")
    total_krw: int = Field(alias="totalAmount", strict=True)
    left_krw: int | None = Field(default=None, alias="balanceAmount", strict=True)
    currency: str = "KRW"
    status: str
    method: str | None = None
    approved_at: AwareDatetime | None = Field(default=None, alias="approvedAt")
    receipt: _Receipt | None = None
    account: _Account | None = Field(default=None, alias="virtualAccount")
    secret: str | None = Field(default=None, max_length=200)


class _Failure(BaseModel):
    code: str = Field(max_length=100)
    message: str = ""


class TossPayments:
    """`PaymentProvider` over the wire. Every POST carries its idempotency key, so a repeat is the same call."""

    def __init__(self, client: HttpClient, secret_key: SecretStr) -> None:
        self._client = client
        self._secret_key = secret_key

    def confirm(self, charge: Charge) -> ProviderAnswer:
        """Collect the payment, under the charge's one key."""
        answer = self._client.request(
            "POST",
            "/v1/payments/confirm",
            json={
                "paymentKey": charge.payment_key,
                "orderId": charge.provider_order_id,
                "amount": charge.amount_krw,
            },
            headers={**self._authorization(), "Idempotency-Key": charge.confirm_key},
        )
        match answer:
            case NotSent(reason):
                return NotDone(reason)
            case Unknown(reason):
                return UnknownOutcome(reason)
            case Response():
                return self._confirmed(charge, answer)

    def issue(self, charge: Charge) -> ProviderAnswer:
        """Have a virtual account issued for the charge, under the charge's one key."""
        answer = self._client.request(
            "POST",
            "/v1/virtual-accounts",
            json={
                "amount": charge.amount_krw,
                "orderId": charge.provider_order_id,
                "orderName": ORDER_NAME,
                "customerName": charge.account_holder or ORDER_NAME,
                "bank": charge.bank_code,
                "validHours": max(1, round((charge.expires_at - charge.requested_at) / timedelta(hours=1))),
            },
            headers={**self._authorization(), "Idempotency-Key": charge.issue_key},
        )
        match answer:
            case NotSent(reason):
                return NotDone(reason)
            case Unknown(reason):
                return UnknownOutcome(reason)
            case Response():
                return self._confirmed(charge, answer)

    def find(self, charge: Charge) -> ProviderAnswer:
        """Ask for the provider's own record of the charge."""
        answer = self._client.request(
            "GET", f"/v1/payments/orders/{charge.provider_order_id}", headers=self._authorization()
        )
        if not isinstance(answer, Response):
            return UnknownOutcome(answer.reason)
        if answer.ok:
            return _record_in(answer)
        code = _failure_in(answer).code
        return Missing() if answer.status == 404 and code == UNKNOWN_PAYMENT else UnknownOutcome(code)

    def cancel(self, charge: Charge, cancellation: Cancellation) -> ProviderAnswer:
        """Send the try's sum back by the means that it came by, under the try's one key."""
        answer = self._client.request(
            "POST",
            f"/v1/payments/{charge.payment_key}/cancel",
            json={"cancelReason": CANCEL_REASON, "cancelAmount": cancellation.payout_krw},
            headers={**self._authorization(), "Idempotency-Key": cancellation.key},
        )
        match answer:
            case NotSent(reason):
                return NotDone(reason)
            case Unknown(reason):
                return UnknownOutcome(reason)
            case Response():
                return self._cancelled(charge, answer)

    def hint_in(self, body: bytes) -> Hint | None:
        """Which charge a notice is about: `data.orderId` of a status notice, `orderId` of a deposit notice.

        Only a deposit notice carries the secret beside it; the whole payment in a status notice proves nothing.
        """
        try:
            notice = json.loads(body)
        except ValueError:
            return None
        if not isinstance(notice, dict):
            return None
        data = notice.get("data")
        of_deposit = not isinstance(data, dict)
        told = data if isinstance(data, dict) else notice
        order_id, secret = told.get("orderId"), notice.get("secret")
        try:
            charge_id = UUID(order_id) if isinstance(order_id, str) else None
        except ValueError:
            return None
        if charge_id is None:
            return None
        return Hint(charge_id, of_deposit, secret if isinstance(secret, str) else None)

    def _confirmed(self, charge: Charge, answer: Response) -> ProviderAnswer:
        if answer.ok:
            return _record_in(answer)
        failure = _failure_in(answer)
        if failure.code in DONE_ALREADY:
            return self.find(charge)
        return classified(answer.status, failure.code, failure.message)

    def _cancelled(self, charge: Charge, answer: Response) -> ProviderAnswer:
        if answer.ok:
            return _record_in(answer)
        failure = _failure_in(answer)
        if failure.code in DONE_ALREADY:
            return self.find(charge)
        if answer.status < 500 and NOT_CANCELABLE.fullmatch(failure.code):
            return Declined(failure.code, failure.message)
        return classified(answer.status, failure.code, failure.message)

    def _authorization(self) -> Mapping[str, str]:
        return authorization(self._secret_key)


def authorization(secret_key: SecretStr) -> Mapping[str, str]:
    """What every call carries: the secret key as a user without a password."""
    credentials = base64.b64encode(f"{secret_key.get_secret_value()}:".encode()).decode()
    return {"Authorization": f"Basic {credentials}"}


def classified(status: int, code: str, message: str) -> ProviderAnswer:
    """What a refusal of confirming means; a code that is not listed is an unknown outcome, never a no."""
    if status >= 500 or status == 409:
        return UnknownOutcome(code)
    if status == 429 or code in SURELY_NOT_DONE:
        return NotDone(code)
    if code in OURS_TO_MEND:
        return NotDone(code, alarm=True)
    if DECLINED.fullmatch(code):
        return Declined(code, message)
    return UnknownOutcome(code)


def _record_in(answer: Response) -> ProviderAnswer:
    try:
        record = _PaymentRecord.model_validate(answer.json())
    except (UnreadableAnswerError, ValidationError):
        return UnknownOutcome("unreadable answer")
    status = _STATUSES.get(record.status)
    if status is None or record.currency != "KRW":
        return UnknownOutcome(f"{record.status} in {record.currency}"[:100])
    return Answered(
        Payment(
            payment_key=record.payment_key,
            provider_order_id=record.order_id,
            amount_krw=record.total_krw,
            status=status,
            means=record.method or "",
            approved_at=_utc(record.approved_at),
            receipt_url=record.receipt.url if record.receipt else None,
            account=_account_in(record),
            cancelled_krw=0 if record.left_krw is None else record.total_krw - record.left_krw,
        )
    )


def _account_in(record: _PaymentRecord) -> DepositAccount | None:
    if record.account is None or record.secret is None:
        return None
    due_at = record.account.due_at.astimezone(UTC)
    return DepositAccount(record.account.bank_code, record.account.account_number, due_at, record.secret)


def _failure_in(answer: Response) -> _Failure:
    try:
        return _Failure.model_validate(answer.json())
    except (UnreadableAnswerError, ValidationError):
        return _Failure(code=f"HTTP {answer.status}")


def _utc(at: datetime | None) -> datetime | None:
    return None if at is None else at.astimezone(UTC)
