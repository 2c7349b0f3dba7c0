"""Charging: a request, its confirmation at the provider, and the credit, once (WAL-02, WAL-03).

The provider is called between transactions only: the attempt is written first, the answer after. Whoever dies in
between leaves an attempt whose lease ends, and `ConfirmCharges.step` takes it up by asking.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from contracts.scheduler import SetTimer
from wallet.application.crediting import report_difference, settle_charge, take_back_deposit
from wallet.application.ports import Attempt, PaymentProvider, Transactions, UnitOfWork
from wallet.domain.charge import Charge, ChargeMethod, ChargeRules, ChargeState, next_delay
from wallet.domain.difference import DifferenceKind
from wallet.domain.payment import (
    Await,
    Credit,
    Escalate,
    LateVerdict,
    ProviderAnswer,
    TakeBack,
    Verdict,
    Wait,
    late_verdict,
    verdict,
)

logger = logging.getLogger(__name__)

ASKER = "wallet"
"""The name that timers come back to."""

ACCOUNT_HOLDER_LENGTH_MAX = 100

_TIMER_PREFIX = "charge-window:"


@dataclass(frozen=True)
class RequestCharge:
    """A master wants to put so many KRW on the balance."""

    company_id: UUID
    member_id: UUID
    method: ChargeMethod
    amount_krw: int
    bank_code: str | None = None
    """For a virtual account: where it is to be."""


def request_charge(command: RequestCharge, rules: ChargeRules, uow: UnitOfWork) -> UUID:
    """Open a charge and have it expire by itself; its id.

    Raises `UnknownCompanyError`, `SuspendedCompanyError`, `PrepaidOnlyError`, `ChargeMethodOffError`,
    `ChargeAmountRangeError`, `DepositBankError`.
    """
    company = uow.companies.get(command.company_id)
    company.must_charge_in_advance()
    rules.check(command.amount_krw, command.method, command.bank_code)
    by_deposit = command.method is ChargeMethod.VIRTUAL_ACCOUNT
    charge = Charge(
        id=uow.new_id(),
        company_id=command.company_id,
        member_id=command.member_id,
        method=command.method,
        amount_krw=command.amount_krw,
        state=ChargeState.REQUESTED,
        requested_at=uow.at,
        expires_at=uow.at + rules.window_of(command.method),
        bank_code=command.bank_code if by_deposit else None,
        account_holder=company.name[:ACCOUNT_HOLDER_LENGTH_MAX] if by_deposit else None,
    )
    uow.charges.add(charge)
    timer = SetTimer(asker=ASKER, key=f"{_TIMER_PREFIX}{charge.id}", version=1, due_at=charge.expires_at)
    uow.outbox.add(timer)
    return charge.id


def charge_of_timer(key: str) -> UUID | None:
    """The charge whose window a timer of this key watches; None for another kind of timer. Raises ValueError."""
    return UUID(key.removeprefix(_TIMER_PREFIX)) if key.startswith(_TIMER_PREFIX) else None


def expire_charge(charge_id: UUID, uow: UnitOfWork) -> None:
    """End a request whose payer never came back; one that is further on is left alone.

    The end of a virtual account is told to nobody: the provider is asked for it.
    """
    charge = uow.charges.get(charge_id)
    if charge.state is ChargeState.REQUESTED:
        uow.charges.save(charge.expired())
    elif charge.state is ChargeState.WAITING:
        uow.charges.wake_attempt(charge.id)


@dataclass(frozen=True)
class ConfirmCharge:
    """The payer came back from the payment window with the provider's payment key and the amount in KRW."""

    company_id: UUID
    charge_id: UUID
    payment_key: str
    amount_krw: int


class ConfirmCharges:
    """Confirms charges at the provider, has virtual accounts issued, and settles what is not known.

    `delays` are the waits after fruitless tries; when they are used up, an operator has to look. A charge that waits
    for its deposit is asked for every `sweep`, so that a lost notice delays its credit and no more. `checkpoint` is
    passed right after the provider was called and before its answer is kept.
    """

    def __init__(
        self,
        transactions: Transactions,
        provider: PaymentProvider,
        *,
        delays: Sequence[timedelta],
        lease: timedelta,
        sweep: timedelta = timedelta(hours=1),
        checkpoint: Callable[[], None] = lambda: None,
    ) -> None:
        self._transactions = transactions
        self._provider = provider
        self._delays = tuple(delays)
        self._lease = lease
        self._sweep = sweep
        self._checkpoint = checkpoint

    def confirm(self, command: ConfirmCharge) -> None:
        """Confirm at once; the charge's state afterwards tells how it went. Repeated: whatever goes on, goes on.

        Raises `UnknownChargeError`, `ChargeAmountDiffersError`, `PaymentKeyDiffersError`, `ChargeStateError`.
        """
        with self._transactions() as uow:
            uow.charges.of_company(command.company_id, command.charge_id)
            charge = uow.charges.get(command.charge_id)
            if charge.state is not ChargeState.REQUESTED and charge.payment_key == command.payment_key:
                return
            charge = charge.confirming(command.payment_key, command.amount_krw, uow.at)
            owner = uow.new_id()
            uow.charges.save(charge)
            uow.charges.open_attempt(charge, owner, self._lease)
        answer = self._provider.confirm(charge)
        self._checkpoint()
        self._record(Attempt(charge.id, owner, tries=0), _verdict(charge, answer))

    def issue(self, company_id: UUID, charge_id: UUID) -> None:
        """Have the virtual account of a charge issued at once; its state afterwards tells how it went.

        Repeated, and for a charge by other means, it does nothing. Raises `UnknownChargeError`.
        """
        with self._transactions() as uow:
            uow.charges.of_company(company_id, charge_id)
            charge = uow.charges.get(charge_id)
            if charge.method is not ChargeMethod.VIRTUAL_ACCOUNT or charge.state is not ChargeState.REQUESTED:
                return
            charge = charge.issuing()
            owner = uow.new_id()
            uow.charges.save(charge)
            uow.charges.open_attempt(charge, owner, self._lease)
        answer = self._provider.issue(charge)
        self._checkpoint()
        self._record(Attempt(charge.id, owner, tries=0), _verdict(charge, answer))

    def step(self) -> bool:
        """Take up one attempt that is due: ask, and call again where asking says that nothing happened yet."""
        with self._transactions() as uow:
            attempt = uow.charges.claim_due(uow.new_id(), self._lease)
            if attempt is None:
                return False
            charge = uow.charges.get(attempt.charge_id)
        settled = _verdict(charge, self._provider.find(charge))
        if isinstance(settled, Wait) and settled.call:
            settled = self._call_again(charge, settled)
        self._checkpoint()
        self._record(attempt, settled)
        return True

    def ask(self, charge_id: UUID) -> bool:
        """Ask for a charge that the provider hinted at: credit it if its money was collected, or take a deposit back.

        False when the provider could not say anything, so that asking again is worth it. Raises `UnknownChargeError`.
        """
        with self._transactions() as uow:
            charge = uow.charges.get(charge_id)
        if charge.credit_may_end:
            return self._ask_late(charge)
        if charge.was_credited:
            self._wake_cancellation(charge)
            return True
        settled = _verdict(charge, self._provider.find(charge))
        with self._transactions() as uow:
            match settled:
                case Credit():
                    settle_charge(uow.charges.get(charge_id), settled, uow)
                case Escalate():
                    report_difference(uow.charges.get(charge_id), settled, uow)
                case _:
                    uow.charges.wake_attempt(charge_id)
        return not isinstance(settled, Wait)

    def _ask_late(self, charge: Charge) -> bool:
        settled = _late_verdict(charge, self._provider.find(charge))
        with self._transactions() as uow:
            charge = uow.charges.get(charge.id)
            match settled:
                case TakeBack():
                    take_back_deposit(charge, uow)
                case Credit():
                    settle_charge(charge, settled, uow)
                case Escalate():
                    report_difference(charge, settled, uow)
                case Wait():
                    return False
        return True

    def _call_again(self, charge: Charge, settled: Verdict) -> Verdict:
        match charge.state:
            case ChargeState.CONFIRMING:
                return _verdict(charge, self._provider.confirm(charge))
            case ChargeState.ISSUING:
                return _verdict(charge, self._provider.issue(charge))
            case _:
                return settled

    def _wake_cancellation(self, charge: Charge) -> None:
        if charge.state is ChargeState.CANCELLING:
            with self._transactions() as uow:
                uow.cancellations.wake(charge.id)

    def _record(self, attempt: Attempt, settled: Verdict) -> None:
        with self._transactions() as uow:
            charge = uow.charges.get(attempt.charge_id)
            match settled:
                case Escalate(reason):
                    report_difference(charge, settled, uow)
                    uow.charges.postpone(attempt, None, note=reason)
                case Wait(reason, alarm=alarm):
                    if alarm:
                        logger.error("the payment provider refuses our calls", extra={"reason": reason})
                    self._wait(charge, attempt, reason, uow)
                case Await(payment):
                    if charge.state in {ChargeState.ISSUING, ChargeState.WAITING}:
                        charge = charge.waiting(payment)
                        uow.charges.save(charge)
                    self._wait(charge, attempt, "waiting_for_deposit", uow)
                case _:
                    settle_charge(charge, settled, uow)

    def _wait(self, charge: Charge, attempt: Attempt, note: str, uow: UnitOfWork) -> None:
        if charge.state is ChargeState.WAITING:
            uow.charges.postpone(attempt, self._sweep, note=note)
            return
        delay = next_delay(attempt.tries, self._delays)
        if delay is None:
            report_difference(charge, Escalate(DifferenceKind.GIVEN_UP.value), uow)
        uow.charges.postpone(attempt, delay, note=note)


def _late_verdict(charge: Charge, answer: ProviderAnswer) -> LateVerdict:
    return late_verdict(answer, provider_order_id=charge.provider_order_id, amount_krw=charge.amount_krw)


def _verdict(charge: Charge, answer: ProviderAnswer) -> Verdict:
    return verdict(answer, provider_order_id=charge.provider_order_id, amount_krw=charge.amount_krw)
