"""Cancelling a charge (충전취소): whole, once, in time, and while none of its money is used (WAL-06)."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from wallet.domain.charge import Charge, ChargeMethod, ChargeState
from wallet.domain.day import within_days
from wallet.domain.lots import Lot
from wallet.domain.payback_errors import CancellationRefusedError, CancellationStateError
from wallet.domain.payment import Answered, Declined, Missing, NotDone, Payment, PaymentStatus, ProviderAnswer, Unknown
from wallet.domain.refund_figures import FeeRules


class CancellationState(StrEnum):
    """Whether the money is back with the payer."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"
    """The provider refused, and the credit is on the balance again."""


class CancellationRefusal(StrEnum):
    """Why a charge cannot be cancelled."""

    NOT_CREDITED = "not_credited"
    METHOD = "method"
    TOO_LATE = "too_late"
    USED = "used"
    NOTHING_LEFT = "nothing_left"
    """The fee would keep all of it."""


@dataclass(frozen=True)
class CancellationRules:
    """Until when, and for what fee."""

    fees: FeeRules
    days: int
    methods: frozenset[ChargeMethod] = frozenset({ChargeMethod.CARD, ChargeMethod.TRANSFER})

    def fee_krw(self, charge: Charge, lot: Lot | None, at: datetime) -> int:
        """What is kept of the charge when it is cancelled now. Raises `CancellationRefusedError`."""
        refusal = self._refusal(charge, lot, at)
        if refusal is not None or charge.credited_at is None:
            raise CancellationRefusedError(charge.id, (refusal or CancellationRefusal.NOT_CREDITED).value)
        if self.fees.is_free(charge.credited_at, at):
            return 0
        payout_krw = self.fees.payout_krw(charge.amount_krw)
        if payout_krw == 0:
            raise CancellationRefusedError(charge.id, CancellationRefusal.NOTHING_LEFT.value)
        return charge.amount_krw - payout_krw

    def _refusal(self, charge: Charge, lot: Lot | None, at: datetime) -> CancellationRefusal | None:
        if charge.state is not ChargeState.CREDITED or charge.credited_at is None or lot is None:
            return CancellationRefusal.NOT_CREDITED
        if charge.method not in self.methods:
            return CancellationRefusal.METHOD
        if not within_days(charge.credited_at, self.days, at):
            return CancellationRefusal.TOO_LATE
        return CancellationRefusal.USED if lot.free_krw < lot.amount_krw else None


@dataclass(frozen=True)
class Cancellation:
    """One try at cancelling a charge; `no` counts them, for each has a key of its own at the provider."""

    id: UUID
    charge_id: UUID
    company_id: UUID
    no: int
    amount_krw: int
    fee_krw: int
    state: CancellationState
    requested_at: datetime
    ended_at: datetime | None = None
    refusal_code: str | None = None

    @property
    def payout_krw(self) -> int:
        """What the payer gets back by the same means."""
        return self.amount_krw - self.fee_krw

    @property
    def key(self) -> str:
        """The provider's idempotency key: one a try, for the provider repeats a refusal under the same key."""
        return f"charge:{self.charge_id}:cancel:{self.no}"

    def done(self, at: datetime) -> "Cancellation":
        """The try once the money went back. Raises `CancellationStateError`."""
        return replace(self._ended(CancellationState.DONE), ended_at=at)

    def refused(self, code: str, at: datetime) -> "Cancellation":
        """The try once the provider refused it for good. Raises `CancellationStateError`."""
        return replace(self._ended(CancellationState.REFUSED), ended_at=at, refusal_code=code)

    def _ended(self, state: CancellationState) -> "Cancellation":
        if self.state is not CancellationState.OPEN:
            raise CancellationStateError(self.id, self.state.value)
        return replace(self, state=state)


@dataclass(frozen=True)
class PaidBack:
    """The provider has sent the money back."""


@dataclass(frozen=True)
class Refused:
    """The provider will not send it back."""

    code: str


@dataclass(frozen=True)
class AskAgain:
    """Not settled. `call` says that cancelling again under the same key is right."""

    reason: str
    call: bool = False


@dataclass(frozen=True)
class Contradiction:
    """The provider's record is none that this try can lead to: an operator has to look."""

    reason: str


CancelVerdict = PaidBack | Refused | AskAgain | Contradiction


def cancel_verdict(answer: ProviderAnswer, payout_krw: int) -> CancelVerdict:
    """What an answer means for a try to send so many KRW back."""
    match answer:
        case Answered(payment):
            return _of_record(payment, payout_krw)
        case Declined(code):
            return Refused(code)
        case NotDone(code):
            return AskAgain(code, call=True)
        case Missing():
            return AskAgain("not_found")
        case Unknown(reason):
            return AskAgain(reason)


def _of_record(payment: Payment, payout_krw: int) -> CancelVerdict:
    if payment.cancelled_krw == payout_krw:
        return PaidBack()
    if payment.cancelled_krw == 0 and payment.status is PaymentStatus.DONE:
        return AskAgain("not_cancelled", call=True)
    return Contradiction(f"{payment.status.value}: {payment.cancelled_krw} KRW cancelled of {payout_krw} KRW")
