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
from contracts.wallet import ChargeCredited
from wallet.application.ports import Attempt, PaymentProvider, Transactions, UnitOfWork
from wallet.domain.charge import Charge, ChargeMethod, ChargeRules, ChargeState, next_delay
from wallet.domain.errors import ChargeStateError
from wallet.domain.lots import Lot
from wallet.domain.movements import crediting
from wallet.domain.payment import (
    Credit,
    Escalate,
    Expire,
    Fail,
    Payment,
    ProviderAnswer,
    Verdict,
    Wait,
    verdict,
)

logger = logging.getLogger(__name__)

ASKER = "wallet"
"""The name that timers come back to."""

_TIMER_PREFIX = "charge-window:"


@dataclass(frozen=True)
class RequestCharge:
    """A master wants to put so many KRW on the balance."""

    company_id: UUID
    member_id: UUID
    method: ChargeMethod
    amount_krw: int


def request_charge(command: RequestCharge, rules: ChargeRules, uow: UnitOfWork) -> UUID:
    """Open a charge and have it expire by itself; its id.

    Raises `UnknownCompanyError`, `SuspendedCompanyError`, `PrepaidOnlyError`, `ChargeMethodOffError`,
    `ChargeAmountRangeError`.
    """
    uow.companies.get(command.company_id).must_charge_in_advance()
    rules.check(command.amount_krw, command.method)
    charge = Charge(
        id=uow.new_id(),
        company_id=command.company_id,
        member_id=command.member_id,
        method=command.method,
        amount_krw=command.amount_krw,
        state=ChargeState.REQUESTED,
        requested_at=uow.at,
        expires_at=uow.at + rules.window,
    )
    uow.charges.add(charge)
    timer = SetTimer(asker=ASKER, key=f"{_TIMER_PREFIX}{charge.id}", version=1, due_at=charge.expires_at)
    uow.outbox.add(timer)
    return charge.id


def charge_of_timer(key: str) -> UUID | None:
    """The charge whose window a timer of this key watches; None for another kind of timer. Raises ValueError."""
    return UUID(key.removeprefix(_TIMER_PREFIX)) if key.startswith(_TIMER_PREFIX) else None


def expire_charge(charge_id: UUID, uow: UnitOfWork) -> None:
    """End a request whose payer never came back; one that is further on is left alone."""
    charge = uow.charges.get(charge_id)
    if charge.state is ChargeState.REQUESTED:
        uow.charges.save(charge.expired())


@dataclass(frozen=True)
class ConfirmCharge:
    """The payer came back from the payment window with the provider's payment key and the amount in KRW."""

    company_id: UUID
    charge_id: UUID
    payment_key: str
    amount_krw: int


class ConfirmCharges:
    """Confirms charges at the provider and settles those whose outcome is not known.

    `delays` are the waits after fruitless tries; when they are used up, an operator has to look. `checkpoint` is passed
    right after the provider was called and before its answer is kept.
    """

    def __init__(
        self,
        transactions: Transactions,
        provider: PaymentProvider,
        *,
        delays: Sequence[timedelta],
        lease: timedelta,
        checkpoint: Callable[[], None] = lambda: None,
    ) -> None:
        self._transactions = transactions
        self._provider = provider
        self._delays = tuple(delays)
        self._lease = lease
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

    def step(self) -> bool:
        """Take up one attempt that is due: ask, and confirm again where asking says that nothing happened yet."""
        with self._transactions() as uow:
            attempt = uow.charges.claim_due(uow.new_id(), self._lease)
            if attempt is None:
                return False
            charge = uow.charges.get(attempt.charge_id)
        settled = _verdict(charge, self._provider.find(charge))
        if isinstance(settled, Wait) and settled.call and charge.state is ChargeState.CONFIRMING:
            settled = _verdict(charge, self._provider.confirm(charge))
        self._checkpoint()
        self._record(attempt, settled)
        return True

    def ask(self, charge_id: UUID) -> bool:
        """Ask for a charge that the provider hinted at, and credit it if its money was collected.

        False when the provider could not say anything, so that asking again is worth it. Raises `UnknownChargeError`.
        """
        with self._transactions() as uow:
            charge = uow.charges.get(charge_id)
        if charge.was_credited:
            self._wake_cancellation(charge)
            return True
        settled = _verdict(charge, self._provider.find(charge))
        with self._transactions() as uow:
            if isinstance(settled, Credit):
                _settle(uow.charges.get(charge_id), settled, uow)
            else:
                uow.charges.wake_attempt(charge_id)
        return not isinstance(settled, Wait)

    def _wake_cancellation(self, charge: Charge) -> None:
        if charge.state is ChargeState.CANCELLING:
            with self._transactions() as uow:
                uow.cancellations.wake(charge.id)

    def _record(self, attempt: Attempt, settled: Verdict) -> None:
        with self._transactions() as uow:
            charge = uow.charges.get(attempt.charge_id)
            match settled:
                case Escalate(reason):
                    logger.error("a charge needs an operator", extra={"charge": str(charge.id), "reason": reason})
                    uow.charges.postpone(attempt, None, note=reason)
                case Wait(reason, alarm=alarm):
                    if alarm:
                        logger.error("the payment provider refuses our calls", extra={"reason": reason})
                    uow.charges.postpone(attempt, next_delay(attempt.tries, self._delays), note=reason)
                case _:
                    _settle(charge, settled, uow)


def _verdict(charge: Charge, answer: ProviderAnswer) -> Verdict:
    return verdict(answer, provider_order_id=charge.provider_order_id, amount_krw=charge.amount_krw)


def _settle(charge: Charge, settled: Credit | Fail | Expire, uow: UnitOfWork) -> None:
    try:
        match settled:
            case Credit(payment):
                _credit(charge, payment, uow)
            case Fail(code, message):
                uow.charges.save(charge.failed(code, message))
            case Expire():
                uow.charges.save(charge.expired())
    except ChargeStateError:
        # Another asker settled it in the meantime; what is settled stays so.
        return
    uow.charges.settle_attempt(charge.id, type(settled).__name__.lower())


def _credit(charge: Charge, payment: Payment, uow: UnitOfWork) -> None:
    credited = charge.credited(payment, uow.at)
    uow.charges.save(credited)
    if not uow.ledger.post(crediting(charge, uow.new_id(), uow.at)):
        return
    lot = Lot(charge.id, charge.company_id, uow.at, charge.amount_krw, free_krw=charge.amount_krw)
    uow.lots.add(lot)
    said = ChargeCredited(
        charge_id=charge.id, company_id=charge.company_id, amount_krw=charge.amount_krw, credited_at=uow.at
    )
    uow.outbox.add(said)
