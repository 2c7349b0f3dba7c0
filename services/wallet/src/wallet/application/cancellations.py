"""Cancelling a charge: the credit is taken first, and returned when the provider refuses (WAL-06).

The provider is called between transactions only, as for confirming: the attempt is written first, the answer after.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from wallet.application.cancellation_ports import CancelAttempt
from wallet.application.ports import PaymentProvider, Transactions, UnitOfWork
from wallet.domain.cancellation import (
    AskAgain,
    Cancellation,
    CancellationRules,
    CancellationState,
    CancelVerdict,
    Contradiction,
    PaidBack,
    Refused,
    cancel_verdict,
)
from wallet.domain.charge import Charge, ChargeState, next_delay
from wallet.domain.lots import Share
from wallet.domain.movements import cancelling_charge, keeping_charge, paying_back_charge
from wallet.domain.payback_errors import CancellationFiguresChangedError, CancellationStateError

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class CancellationQuote:
    """What would go back now, and what would be kept."""

    amount_krw: int
    fee_krw: int


def quote_cancellation(
    company_id: UUID, charge_id: UUID, rules: CancellationRules, uow: UnitOfWork
) -> CancellationQuote:
    """The figures to be shown before confirming.

    Raises `PrepaidOnlyError`, `UnknownChargeError`, `CancellationRefusedError`.
    """
    uow.companies.get(company_id).must_be_prepaid()
    charge = uow.charges.of_company(company_id, charge_id)
    fee_krw = rules.fee_krw(charge, uow.lots.of_charge(charge_id), uow.at)
    return CancellationQuote(charge.amount_krw, fee_krw)


@dataclass(frozen=True)
class CancelCharge:
    """A master wants a charge back by its own means; `shown_payout_krw` is what was shown beforehand."""

    company_id: UUID
    charge_id: UUID
    shown_payout_krw: int


class CancelCharges:
    """Has charges cancelled at the provider, and settles tries whose outcome is not known.

    `delays` are the waits after fruitless tries; when they are used up, an operator has to look. `checkpoint` is passed
    right after the provider was called and before its answer is kept.
    """

    def __init__(
        self,
        transactions: Transactions,
        provider: PaymentProvider,
        rules: CancellationRules,
        *,
        delays: Sequence[timedelta],
        lease: timedelta,
        checkpoint: Callable[[], None] = lambda: None,
    ) -> None:
        self._transactions = transactions
        self._provider = provider
        self._rules = rules
        self._delays = tuple(delays)
        self._lease = lease
        self._checkpoint = checkpoint

    def cancel(self, command: CancelCharge) -> None:
        """Cancel at once; the charge's state afterwards tells how it went. Repeated: whatever goes on, goes on.

        Raises `UnknownChargeError`, `UnknownCompanyError`, `SuspendedCompanyError`, `PrepaidOnlyError`,
        `CancellationRefusedError`, `CancellationFiguresChangedError`.
        """
        with self._transactions() as uow:
            uow.companies.get(command.company_id).must_charge_in_advance()
            uow.charges.of_company(command.company_id, command.charge_id)
            charge = uow.charges.get(command.charge_id)
            if charge.state in {ChargeState.CANCELLING, ChargeState.CANCELLED}:
                return
            # Nothing of the company moves from here on, so what is judged as unused stays so.
            uow.ledger.stand_still(command.company_id)
            cancellation = self._judged(command, charge, uow)
            owner = uow.new_id()
            charge = _take_credit(charge, cancellation, uow)
            uow.cancellations.open_attempt(cancellation, owner, self._lease)
        answer = self._provider.cancel(charge, cancellation)
        self._checkpoint()
        attempt = CancelAttempt(cancellation.id, owner, tries=0)
        self._record(attempt, cancel_verdict(answer, cancellation.payout_krw))

    def step(self) -> bool:
        """Take up one try that is due: ask, and call again where asking says that nothing happened yet."""
        with self._transactions() as uow:
            attempt = uow.cancellations.claim_due(uow.new_id(), self._lease)
            if attempt is None:
                return False
            cancellation = uow.cancellations.get(attempt.cancellation_id)
            charge = uow.charges.get(cancellation.charge_id)
        settled = cancel_verdict(self._provider.find(charge), cancellation.payout_krw)
        if isinstance(settled, AskAgain) and settled.call:
            settled = cancel_verdict(self._provider.cancel(charge, cancellation), cancellation.payout_krw)
        self._checkpoint()
        self._record(attempt, settled)
        return True

    def _judged(self, command: CancelCharge, charge: Charge, uow: UnitOfWork) -> Cancellation:
        fee_krw = self._rules.fee_krw(charge, uow.lots.of_charge(charge.id), uow.at)
        payout_krw = charge.amount_krw - fee_krw
        if payout_krw != command.shown_payout_krw:
            raise CancellationFiguresChangedError(command.shown_payout_krw, payout_krw)
        last = uow.cancellations.last_of(charge.id)
        return Cancellation(
            id=uow.new_id(),
            charge_id=charge.id,
            company_id=charge.company_id,
            no=1 if last is None else last.no + 1,
            amount_krw=charge.amount_krw,
            fee_krw=fee_krw,
            state=CancellationState.OPEN,
            requested_at=uow.at,
        )

    def _record(self, attempt: CancelAttempt, settled: CancelVerdict) -> None:
        with self._transactions() as uow:
            match settled:
                case Contradiction(reason):
                    logger.error(
                        "a cancellation needs an operator",
                        extra={"cancellation": str(attempt.cancellation_id), "reason": reason},
                    )
                    uow.cancellations.postpone(attempt, None, note=reason)
                case AskAgain(reason):
                    uow.cancellations.postpone(attempt, next_delay(attempt.tries, self._delays), note=reason)
                case PaidBack() | Refused():
                    _settle(attempt.cancellation_id, settled, uow)


def _take_credit(charge: Charge, cancellation: Cancellation, uow: UnitOfWork) -> Charge:
    uow.ledger.post(cancelling_charge(cancellation, uow.new_id(), uow.at))
    uow.lots.take_out([Share(charge.id, charge.amount_krw)])
    cancelling = charge.cancelling()
    uow.charges.save(cancelling)
    uow.cancellations.add(cancellation)
    return cancelling


def _settle(cancellation_id: UUID, settled: PaidBack | Refused, uow: UnitOfWork) -> None:
    cancellation = uow.cancellations.get(cancellation_id)
    charge = uow.charges.get(cancellation.charge_id)
    try:
        match settled:
            case PaidBack():
                uow.cancellations.save(cancellation.done(uow.at))
                uow.charges.save(charge.cancelled())
                uow.ledger.post(paying_back_charge(cancellation, uow.new_id(), uow.at))
            case Refused(code):
                uow.cancellations.save(cancellation.refused(code, uow.at))
                uow.charges.save(charge.kept())
                uow.ledger.post(keeping_charge(cancellation, uow.new_id(), uow.at))
                uow.lots.put_back([Share(charge.id, charge.amount_krw)])
    except CancellationStateError:
        # Another asker settled it in the meantime; what is settled stays so.
        return
    uow.cancellations.settle_attempt(cancellation_id, type(settled).__name__.lower())
