"""A payment as the provider keeps it: its states, its cancels, and how it is shown."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any

from sandbox.clock import kst_iso
from sandbox.records import Json
from sandbox.toss_codes import CONFIRM_WITHIN_SECONDS, TossError

CARD = "카드"
TRANSFER = "계좌이체"
VIRTUAL_ACCOUNT = "가상계좌"
METHODS = (CARD, TRANSFER, VIRTUAL_ACCOUNT)
CANCEL_PAUSE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Cancel:
    """One cancel of a payment, whole or part."""

    amount_krw: int
    reason: str
    refundable_krw: int
    canceled_at: float
    transaction_key: str

    def shown(self) -> Json:
        """As in the payment's `cancels`."""
        return {
            "cancelAmount": self.amount_krw,
            "cancelReason": self.reason,
            "taxFreeAmount": 0,
            "refundableAmount": self.refundable_krw,
            "canceledAt": kst_iso(self.canceled_at),
            "transactionKey": self.transaction_key,
            "receiptKey": None,
        }


@dataclass(frozen=True, slots=True)
class Payment:
    """Times are seconds since the epoch; money is KRW."""

    payment_key: str
    order_id: str
    order_name: str
    method: str
    total_krw: int
    balance_krw: int
    status: str
    requested_at: float
    approved_at: float | None = None
    transaction_key: str = ""
    secret: str = ""
    bank: str = ""
    account_number: str = ""
    customer_name: str = ""
    due_at: float | None = None
    refund_status: str = "NONE"
    failure: str = ""
    cancels: list[Cancel] = field(default_factory=list)

    def as_of(self, now: float) -> Payment:
        """The payment with what the passing of time did to it: an unconfirmed or unpaid one expires."""
        late = self.status == "IN_PROGRESS" and now >= self.requested_at + CONFIRM_WITHIN_SECONDS
        unpaid = self.status == "WAITING_FOR_DEPOSIT" and self.due_at is not None and now >= self.due_at
        return replace(self, status="EXPIRED") if late or unpaid else self

    def confirmed(self, now: float, account: Json) -> Payment:
        """Paid, or for a virtual account waiting to be paid into."""
        done = replace(self, transaction_key=minted("tx", self.payment_key, "confirm"))
        if self.method == VIRTUAL_ACCOUNT:
            return replace(done, status="WAITING_FOR_DEPOSIT", **account)
        return replace(done, status="DONE", approved_at=now, secret=minted("ps", self.payment_key))

    def deposited(self, now: float, amount_krw: int | None = None) -> Payment:
        """The bank reported the money; another amount than was asked for becomes the payment's own."""
        if self.status != "WAITING_FOR_DEPOSIT":
            raise TossError("ALREADY_COMPLETED_PAYMENT")
        key = minted("tx", self.payment_key, f"deposit{now}")
        total_krw = self.total_krw if amount_krw is None else amount_krw
        return replace(
            self, status="DONE", approved_at=now, transaction_key=key, total_krw=total_krw, balance_krw=total_krw
        )

    def taken_back(self) -> Payment:
        """The bank reported that there was no money after all."""
        if self.method != VIRTUAL_ACCOUNT or self.status != "DONE":
            raise TossError("INVALID_REQUEST")
        return replace(self, status="WAITING_FOR_DEPOSIT", approved_at=None)

    def canceled(self, amount_krw: int | None, reason: str, *, has_account: bool, now: float) -> Payment:
        """Less by a cancel; None cancels what is left. Raises TossError with the provider's reason."""
        self._check_cancel(amount_krw, has_account=has_account, now=now)
        amount = self.balance_krw if amount_krw is None else amount_krw
        left = self.balance_krw - amount
        key = minted("tx", self.payment_key, f"cancel{len(self.cancels)}")
        cancel = Cancel(amount, reason, left, now, key)
        return replace(
            self,
            status="PARTIAL_CANCELED" if left else "CANCELED",
            balance_krw=left,
            cancels=[*self.cancels, cancel],
            transaction_key=key,
            refund_status="COMPLETED" if has_account else "NONE",
        )

    def _check_cancel(self, amount_krw: int | None, *, has_account: bool, now: float) -> None:
        if self.status == "CANCELED":
            raise TossError("ALREADY_CANCELED_PAYMENT")
        if self.status not in {"DONE", "PARTIAL_CANCELED", "WAITING_FOR_DEPOSIT"}:
            raise TossError("NOT_CANCELABLE_PAYMENT")
        if self.cancels and now - self.cancels[-1].canceled_at < CANCEL_PAUSE_SECONDS:
            raise TossError("FORBIDDEN_CONSECUTIVE_REQUEST")
        if amount_krw is not None and not 0 < amount_krw <= self.balance_krw:
            raise TossError("NOT_CANCELABLE_AMOUNT")
        if self.status == "WAITING_FOR_DEPOSIT" and amount_krw not in {None, self.balance_krw}:
            raise TossError("NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT")
        deposited = self.method == VIRTUAL_ACCOUNT and self.status != "WAITING_FOR_DEPOSIT"
        if deposited and not has_account:
            raise TossError("INVALID_REFUND_ACCOUNT_INFO")
        if has_account and not deposited:
            raise TossError("INVALID_REQUEST")

    def shown(self, public_url: str) -> Json:
        """The provider's Payment object."""
        supplied = round(self.balance_krw / 1.1)
        failure = {"code": self.failure, "message": "결제를 승인하지 못했습니다."} if self.failure else None
        return {
            "version": "2022-11-16",
            "mId": "tsbx",
            "paymentKey": self.payment_key,
            "type": "NORMAL",
            "orderId": self.order_id,
            "orderName": self.order_name,
            "currency": "KRW",
            "country": "KR",
            "method": self.method,
            "totalAmount": self.total_krw,
            "balanceAmount": self.balance_krw,
            "suppliedAmount": supplied,
            "vat": self.balance_krw - supplied,
            "taxFreeAmount": 0,
            "status": self.status,
            "requestedAt": kst_iso(self.requested_at),
            "approvedAt": None if self.approved_at is None else kst_iso(self.approved_at),
            "useEscrow": False,
            "cultureExpense": False,
            "lastTransactionKey": self.transaction_key or None,
            "isPartialCancelable": True,
            "receipt": {"url": f"{public_url}/toss/receipt/{self.payment_key}"} if self.approved_at else None,
            "checkout": {"url": f"{public_url}/toss/checkout/{self.payment_key}"},
            "card": self._card(),
            "transfer": {"bankCode": "20", "settlementStatus": "INCOMPLETED"} if self.method == TRANSFER else None,
            "virtualAccount": self._virtual_account(),
            "mobilePhone": None,
            "giftCertificate": None,
            "easyPay": None,
            "secret": self.secret or None,
            "cancels": [cancel.shown() for cancel in self.cancels] or None,
            "cashReceipt": None,
            "cashReceipts": None,
            "discount": None,
            "failure": failure,
        }

    def _card(self) -> Json | None:
        if self.method != CARD:
            return None
        return {
            "amount": self.total_krw,
            "issuerCode": "4V",
            "acquirerCode": "21",
            "number": "53275000****123*",
            "installmentPlanMonths": 0,
            "isInterestFree": False,
            "interestPayer": None,
            "approveNo": f"{int(hashlib.sha256(self.payment_key.encode()).hexdigest()[:8], 16) % 10**8:08d}",
            "useCardPoint": False,
            "cardType": "신용",
            "ownerType": "법인",
            "acquireStatus": "READY",
        }

    def _virtual_account(self) -> Json | None:
        if self.method != VIRTUAL_ACCOUNT or not self.account_number or self.due_at is None:
            return None
        return {
            "accountType": "일반",
            "accountNumber": self.account_number,
            "bankCode": self.bank,
            "customerName": self.customer_name,
            "depositorName": self.customer_name,
            "dueDate": kst_iso(self.due_at),
            "expired": self.status == "EXPIRED",
            "settlementStatus": "INCOMPLETED",
            "refundStatus": self.refund_status,
            "refundReceiveAccount": None,
        }


def revive_payment(value: Any) -> Payment:
    """A payment from its stored form."""
    return Payment(**{**value, "cancels": [Cancel(**cancel) for cancel in value["cancels"]]})


def minted(prefix: str, *parts: str) -> str:
    """A vendor's key, the same for the same parts."""
    return prefix + hashlib.sha256("|".join(parts).encode()).hexdigest()[:32].upper()
