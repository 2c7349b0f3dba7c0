"""Charges (충전): requested → confirming → credited | failed | expired; credited → cancelled (WAL-02, WAL-06).

By virtual account: requested → issuing → waiting → credited | expired; a deposit that the bank takes back afterwards
makes it `taken_back`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from wallet.domain.errors import (
    ChargeAmountDiffersError,
    ChargeAmountRangeError,
    ChargeMethodOffError,
    ChargeStateError,
    DepositBankError,
    PaymentKeyDiffersError,
)
from wallet.domain.payment import Payment


class ChargeMethod(StrEnum):
    """신용카드, 실시간 계좌이체, 가상계좌."""

    CARD = "card"
    TRANSFER = "transfer"
    VIRTUAL_ACCOUNT = "virtual_account"


class ChargeState(StrEnum):
    """Where a charge stands."""

    REQUESTED = "requested"
    CONFIRMING = "confirming"
    ISSUING = "issuing"
    """The provider is asked for a virtual account."""
    WAITING = "waiting"
    """The virtual account is there, and waits for its deposit."""
    CREDITED = "credited"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLING = "cancelling"
    """The credit is off the balance, and the provider is asked to send the money back."""
    CANCELLED = "cancelled"
    TAKEN_BACK = "taken_back"
    """The bank took the deposit back after it was credited."""


STEPS: dict[ChargeState, frozenset[ChargeState]] = {
    ChargeState.REQUESTED: frozenset(
        {ChargeState.CONFIRMING, ChargeState.ISSUING, ChargeState.CREDITED, ChargeState.EXPIRED}
    ),
    ChargeState.CONFIRMING: frozenset({ChargeState.CREDITED, ChargeState.FAILED, ChargeState.EXPIRED}),
    ChargeState.ISSUING: frozenset(
        {ChargeState.WAITING, ChargeState.CREDITED, ChargeState.FAILED, ChargeState.EXPIRED}
    ),
    ChargeState.WAITING: frozenset({ChargeState.CREDITED, ChargeState.FAILED, ChargeState.EXPIRED}),
    ChargeState.CREDITED: frozenset({ChargeState.CANCELLING, ChargeState.TAKEN_BACK}),
    ChargeState.CANCELLING: frozenset({ChargeState.CANCELLED, ChargeState.CREDITED}),
    ChargeState.CANCELLED: frozenset(),
    ChargeState.FAILED: frozenset({ChargeState.CREDITED}),
    ChargeState.EXPIRED: frozenset({ChargeState.CREDITED}),
    ChargeState.TAKEN_BACK: frozenset({ChargeState.CREDITED}),
}
"""Every step that exists. Money that turns out to have been collected is credited however late the truth comes."""


@dataclass(frozen=True)
class ChargeRules:
    """What may be charged, and how long a request waits for its payment (WAL-02)."""

    amount_min_krw: int
    amount_max_krw: int
    methods: frozenset[ChargeMethod]
    window: timedelta
    deposit_window: timedelta = timedelta(days=3)
    """How long a virtual account can be paid into."""
    deposit_banks: Mapping[str, str] = field(default_factory=dict)
    """The banks that virtual accounts are issued at, by code."""

    def window_of(self, method: ChargeMethod) -> timedelta:
        """How long a request by this means waits for its payment."""
        return self.deposit_window if method is ChargeMethod.VIRTUAL_ACCOUNT else self.window

    def check(self, amount_krw: int, method: ChargeMethod, bank_code: str | None = None) -> None:
        """Raises `ChargeMethodOffError`, `ChargeAmountRangeError` or `DepositBankError`."""
        if method not in self.methods:
            raise ChargeMethodOffError(method.value)
        if not self.amount_min_krw <= amount_krw <= self.amount_max_krw:
            raise ChargeAmountRangeError(amount_krw, self.amount_min_krw, self.amount_max_krw)
        if method is ChargeMethod.VIRTUAL_ACCOUNT and bank_code not in self.deposit_banks:
            raise DepositBankError(bank_code)


@dataclass(frozen=True)
class Charge:
    """One wish to put money on the balance."""

    id: UUID
    company_id: UUID
    member_id: UUID
    method: ChargeMethod
    amount_krw: int
    state: ChargeState
    requested_at: datetime
    expires_at: datetime
    payment_key: str | None = None
    credited_at: datetime | None = None
    means: str | None = None
    receipt_url: str | None = None
    failure_code: str | None = None
    failure_message: str | None = None
    approved_at: datetime | None = None
    """When the provider says that it collected the money."""
    bank_code: str | None = None
    """Of the virtual account: the bank that was asked for, and then the one that it is at."""
    account_holder: str | None = None
    account_number: str | None = None
    deposit_secret: str | None = field(default=None, repr=False)
    """What the provider's deposit notices of this charge have to carry."""

    @property
    def provider_order_id(self) -> str:
        """What the provider knows the charge by."""
        return str(self.id)

    @property
    def confirm_key(self) -> str:
        """The provider's idempotency key of confirming: one for ever, so that a repeat is the same call."""
        return f"charge:{self.id}:confirm"

    @property
    def issue_key(self) -> str:
        """The provider's idempotency key of issuing the virtual account: one for ever."""
        return f"charge:{self.id}:issue"

    @property
    def call_key(self) -> str:
        """The idempotency key of the one call that begins the payment at the provider."""
        return self.issue_key if self.method is ChargeMethod.VIRTUAL_ACCOUNT else self.confirm_key

    def issuing(self) -> "Charge":
        """The charge while the provider is asked for a virtual account. Raises `ChargeStateError`."""
        return self._step(ChargeState.ISSUING)

    def waiting(self, payment: Payment) -> "Charge":
        """The charge once its virtual account is there; told again, the charge as it is.

        Raises `ChargeStateError`, also when the payment has no account.
        """
        if self.state is ChargeState.WAITING:
            return self
        if payment.account is None:
            raise ChargeStateError(self.id, self.state.value)
        return replace(
            self._step(ChargeState.WAITING),
            payment_key=payment.payment_key,
            bank_code=payment.account.bank_code,
            account_number=payment.account.account_number,
            deposit_secret=payment.account.secret,
            expires_at=payment.account.due_at,
        )

    @property
    def credit_may_end(self) -> bool:
        """Whether asking can still bring news after the credit: only a deposit can be taken back, and come again."""
        return self.method is ChargeMethod.VIRTUAL_ACCOUNT and self.was_credited

    def confirming(self, payment_key: str, amount_krw: int, at: datetime) -> "Charge":
        """The charge once its payer came back from the payment window.

        Raises `ChargeAmountDiffersError`, `PaymentKeyDiffersError`, or `ChargeStateError` when its time is over.
        """
        if self.method is ChargeMethod.VIRTUAL_ACCOUNT:
            raise ChargeStateError(self.id, self.state.value)
        if self.payment_key not in {None, payment_key}:
            raise PaymentKeyDiffersError(self.id)
        if amount_krw != self.amount_krw:
            raise ChargeAmountDiffersError(self.id, self.amount_krw, amount_krw)
        if self.state is ChargeState.REQUESTED and at >= self.expires_at:
            raise ChargeStateError(self.id, ChargeState.EXPIRED.value)
        return replace(self._step(ChargeState.CONFIRMING), payment_key=payment_key)

    @property
    def was_credited(self) -> bool:
        """Whether its money was collected, and its credit is final or being taken back."""
        return self.credited_at is not None

    def credited(self, payment: Payment, at: datetime) -> "Charge":
        """The charge once its money is known to be collected. Raises `ChargeStateError` when it is credited already."""
        if self.was_credited:
            raise ChargeStateError(self.id, self.state.value)
        return replace(
            self._step(ChargeState.CREDITED),
            payment_key=payment.payment_key,
            means=payment.means,
            receipt_url=payment.receipt_url,
            approved_at=payment.approved_at,
            credited_at=at,
            failure_code=None,
            failure_message=None,
        )

    def failed(self, code: str, message: str) -> "Charge":
        """The charge once it is sure that nothing was collected. Raises `ChargeStateError`."""
        return replace(self._step(ChargeState.FAILED), failure_code=code, failure_message=message)

    def expired(self) -> "Charge":
        """The charge once its time ran out without a payment. Raises `ChargeStateError`."""
        return self._step(ChargeState.EXPIRED)

    def taken_back(self) -> "Charge":
        """The charge once the bank took its deposit back. Raises `ChargeStateError`."""
        return self._step(ChargeState.TAKEN_BACK)

    def restored(self, payment: Payment) -> "Charge":
        """The charge once a deposit that was taken back came again. Raises `ChargeStateError`."""
        if self.state is not ChargeState.TAKEN_BACK:
            raise ChargeStateError(self.id, self.state.value)
        return replace(self._step(ChargeState.CREDITED), approved_at=payment.approved_at)

    def cancelling(self) -> "Charge":
        """The charge while the provider is asked to send its money back. Raises `ChargeStateError`."""
        return self._step(ChargeState.CANCELLING)

    def cancelled(self) -> "Charge":
        """The charge once its money went back. Raises `ChargeStateError`."""
        return self._step(ChargeState.CANCELLED)

    def kept(self) -> "Charge":
        """The charge once the provider refused to send its money back. Raises `ChargeStateError`."""
        return self._step(ChargeState.CREDITED)

    def _step(self, state: ChargeState) -> "Charge":
        if state not in STEPS[self.state]:
            raise ChargeStateError(self.id, self.state.value)
        return replace(self, state=state)


def next_delay(asked: int, delays: Sequence[timedelta]) -> timedelta | None:
    """How long to wait after the `asked`-th fruitless try; None when it is time for an operator."""
    return delays[asked] if asked < len(delays) else None
