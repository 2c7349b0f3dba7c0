"""What the payment provider says, in our words, and what it means for a charge (WAL-03).

The provider can lose an answer after doing the work, so an answer is one of: done, refused, surely not done, or
unknown. Only asking settles what is unknown.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

AMOUNT_DIFFERS = "amount_differs"
ORDER_DIFFERS = "order_id_differs"
PARTIALLY_CANCELED = "partially_canceled"


class PaymentStatus(StrEnum):
    """Where a payment stands in the provider's own record."""

    READY = "ready"
    IN_PROGRESS = "in_progress"
    WAITING_FOR_DEPOSIT = "waiting_for_deposit"
    DONE = "done"
    CANCELED = "canceled"
    PARTIALLY_CANCELED = "partially_canceled"
    ABORTED = "aborted"
    EXPIRED = "expired"


@dataclass(frozen=True)
class DepositAccount:
    """A virtual account (가상계좌) that the provider issued for one payment."""

    bank_code: str
    account_number: str
    due_at: datetime
    secret: str = field(repr=False)
    """What the provider's notices of its deposit carry."""


@dataclass(frozen=True)
class Payment:
    """The provider's own record of a payment."""

    payment_key: str
    provider_order_id: str
    amount_krw: int
    status: PaymentStatus
    means: str
    approved_at: datetime | None
    receipt_url: str | None
    cancelled_krw: int = 0
    account: DepositAccount | None = None


@dataclass(frozen=True)
class Answered:
    """The provider's record, from a call that did its work or from asking."""

    payment: Payment


@dataclass(frozen=True)
class Declined:
    """Refused for good: the person has to pay anew."""

    code: str
    message: str


@dataclass(frozen=True)
class NotDone:
    """Surely not done, and may be called again. `alarm`: it will not pass before an operator mends something."""

    code: str
    alarm: bool = False


@dataclass(frozen=True)
class Missing:
    """The provider knows no such payment, at least not yet."""


@dataclass(frozen=True)
class Unknown:
    """Whether it was done is not known."""

    reason: str


ProviderAnswer = Answered | Declined | NotDone | Missing | Unknown


@dataclass(frozen=True)
class Credit:
    """The money was collected: credit it."""

    payment: Payment


@dataclass(frozen=True)
class Fail:
    """Nothing was collected, and nothing will be."""

    code: str
    message: str


@dataclass(frozen=True)
class Expire:
    """The payment's time ran out before it was confirmed."""


@dataclass(frozen=True)
class Wait:
    """Not settled: ask again later. `call` says that confirming again under the same key is right."""

    reason: str
    call: bool = False
    alarm: bool = False


@dataclass(frozen=True)
class Escalate:
    """The provider's record contradicts ours: an operator has to look, and nothing is credited."""

    reason: str
    provider_krw: int | None = None
    """The amount that the provider's record shows."""


@dataclass(frozen=True)
class Await:
    """The virtual account is there, and nothing was deposited yet."""

    payment: Payment


@dataclass(frozen=True)
class TakeBack:
    """A deposit that was credited is no longer there: the bank took it back."""

    payment: Payment


Verdict = Credit | Fail | Expire | Wait | Escalate | Await
LateVerdict = Credit | TakeBack | Wait | Escalate


def verdict(answer: ProviderAnswer, *, provider_order_id: str, amount_krw: int) -> Verdict:
    """What an answer means for the charge of this order id and amount (KRW)."""
    match answer:
        case Answered(payment):
            return _verdict_of_record(payment, provider_order_id, amount_krw)
        case Declined(code, message):
            return Fail(code, message)
        case NotDone(code, alarm):
            return Wait(code, call=True, alarm=alarm)
        case Missing():
            return Wait("not_found", call=True)
        case Unknown(reason):
            return Wait(reason)


def _verdict_of_record(payment: Payment, provider_order_id: str, amount_krw: int) -> Verdict:
    if payment.provider_order_id != provider_order_id:
        return Escalate(ORDER_DIFFERS)
    if payment.status is PaymentStatus.DONE:
        return Credit(payment) if payment.amount_krw == amount_krw else Escalate(AMOUNT_DIFFERS, payment.amount_krw)
    if payment.status is PaymentStatus.WAITING_FOR_DEPOSIT and payment.account is not None:
        return Await(payment) if payment.amount_krw == amount_krw else Escalate(AMOUNT_DIFFERS, payment.amount_krw)
    return _VERDICTS[payment.status]


_VERDICTS: dict[PaymentStatus, Verdict] = {
    PaymentStatus.READY: Wait("ready", call=True),
    PaymentStatus.IN_PROGRESS: Wait("in_progress", call=True),
    PaymentStatus.WAITING_FOR_DEPOSIT: Wait("waiting_for_deposit"),
    PaymentStatus.ABORTED: Fail("ABORTED", "The provider broke the payment off."),
    PaymentStatus.CANCELED: Fail("CANCELED", "The payment was cancelled at the provider."),
    PaymentStatus.PARTIALLY_CANCELED: Escalate(PARTIALLY_CANCELED),
    PaymentStatus.EXPIRED: Expire(),
}


def late_verdict(answer: ProviderAnswer, *, provider_order_id: str, amount_krw: int) -> LateVerdict:
    """What an answer means for a virtual account whose deposit was credited once.

    The provider's older versions say CANCELED of a deposit that was taken back; we never cancel one ourselves.
    """
    if not isinstance(answer, Answered):
        return Wait("the provider does not say")
    settled = verdict(answer, provider_order_id=provider_order_id, amount_krw=amount_krw)
    if isinstance(settled, Credit | Escalate):
        return settled
    if answer.payment.status in _TAKEN_BACK:
        return TakeBack(answer.payment)
    return Wait(answer.payment.status.value)


_TAKEN_BACK = frozenset({PaymentStatus.WAITING_FOR_DEPOSIT, PaymentStatus.EXPIRED, PaymentStatus.CANCELED})
