"""What the provider's word does to a charge: credit it once, wait, end it, or tell an operator (WAL-02, WAL-03)."""

import logging

from contracts.wallet import ChargeCredited
from wallet.application.ports import UnitOfWork
from wallet.domain.charge import Charge, ChargeState
from wallet.domain.difference import DifferenceKind, PaymentDifference
from wallet.domain.errors import ChargeStateError
from wallet.domain.lots import Lot, spread
from wallet.domain.movements import crediting, returning_take_back, settling_claim, taking_back
from wallet.domain.payment import (
    Credit,
    Escalate,
    Expire,
    Fail,
    Payment,
)
from wallet.domain.take_back import TakeBack

logger = logging.getLogger(__name__)


def settle_charge(charge: Charge, settled: Credit | Fail | Expire, uow: UnitOfWork) -> None:
    """Give a charge its end; one that another asker has settled in the meantime stays as it is."""
    try:
        match settled:
            case Credit(payment):
                _credit(charge, payment, uow)
            case Fail(code, message):
                uow.charges.save(charge.failed(code, message))
            case Expire():
                uow.charges.save(charge.expired())
    except ChargeStateError:
        return
    uow.charges.settle_attempt(charge.id, type(settled).__name__.lower())


def report_difference(charge: Charge, escalated: Escalate, uow: UnitOfWork) -> None:
    """Tell operators of a record that contradicts ours; told again, it is the same difference."""
    difference = PaymentDifference(
        id=uow.new_id(),
        key=f"charge:{charge.id}:{escalated.reason}:{escalated.provider_krw}",
        kind=DifferenceKind(escalated.reason),
        found_at=uow.at,
        provider_order_id=charge.provider_order_id,
        charge_id=charge.id,
        company_id=charge.company_id,
        our_krw=charge.amount_krw,
        provider_krw=escalated.provider_krw,
    )
    if uow.differences.report(difference):
        logger.error("a charge needs an operator", extra={"charge": str(charge.id), "reason": escalated.reason})


def take_back_deposit(charge: Charge, uow: UnitOfWork) -> None:
    """The bank took a credited deposit back: off the balance, and what was spent of it is owed (WAL-02).

    Told again it changes nothing. The charge's own money goes first, then the company's oldest.
    """
    if charge.state is not ChargeState.CREDITED:
        return
    # Nothing of the company moves from here on, so what is free stays so.
    uow.ledger.stand_still(charge.company_id)
    rooms = sorted(uow.lots.free(charge.company_id), key=lambda room: room.charge_id != charge.id)
    recovered_krw = min(charge.amount_krw, sum(room.room_krw for room in rooms))
    shares = spread(recovered_krw, rooms)
    last = uow.take_backs.last_of(charge.id)
    take_back = TakeBack(
        id=uow.new_id(),
        charge_id=charge.id,
        company_id=charge.company_id,
        no=1 if last is None else last.no + 1,
        amount_krw=charge.amount_krw,
        recovered_krw=recovered_krw,
        taken_back_at=uow.at,
    )
    uow.ledger.post(taking_back(take_back, uow.new_id(), uow.at))
    uow.lots.take_out(shares)
    uow.take_backs.add(take_back, shares)
    uow.charges.save(charge.taken_back())
    difference = PaymentDifference(
        id=uow.new_id(),
        key=take_back.key,
        kind=DifferenceKind.TAKEN_BACK,
        found_at=uow.at,
        provider_order_id=charge.provider_order_id,
        charge_id=charge.id,
        company_id=charge.company_id,
        our_krw=take_back.claim_krw,
        provider_krw=take_back.amount_krw,
    )
    uow.differences.report(difference)
    logger.error("a bank took a deposit back", extra={"charge": str(charge.id), "owed_krw": take_back.claim_krw})


def _credit(charge: Charge, payment: Payment, uow: UnitOfWork) -> None:
    if charge.state is ChargeState.TAKEN_BACK:
        _restore(charge, payment, uow)
        return
    uow.charges.save(charge.credited(payment, uow.at))
    if not uow.ledger.post(crediting(charge, uow.new_id(), uow.at)):
        return
    lot = Lot(charge.id, charge.company_id, uow.at, charge.amount_krw, free_krw=charge.amount_krw)
    uow.lots.add(lot)
    said = ChargeCredited(
        charge_id=charge.id, company_id=charge.company_id, amount_krw=charge.amount_krw, credited_at=uow.at
    )
    uow.outbox.add(said)
    _settle_claims(charge, uow)


def _restore(charge: Charge, payment: Payment, uow: UnitOfWork) -> None:
    """A deposit that was taken back is there again: as if it had never been away."""
    uow.ledger.stand_still(charge.company_id)
    take_back = uow.take_backs.last_of(charge.id)
    if take_back is None:
        raise ChargeStateError(charge.id, charge.state.value)
    uow.charges.save(charge.restored(payment))
    uow.ledger.post(returning_take_back(take_back, uow.new_id(), uow.at))
    uow.lots.put_back(uow.take_backs.shares(take_back.id))
    uow.take_backs.save(take_back.returned(uow.at))


def _settle_claims(charge: Charge, uow: UnitOfWork) -> None:
    """Take what the company owes off what it has now, the oldest claim first."""
    for take_back in uow.take_backs.owed_by(charge.company_id):
        rooms = uow.lots.free(charge.company_id)
        amount_krw = min(take_back.claim_krw, sum(room.room_krw for room in rooms))
        if amount_krw == 0:
            return
        uow.ledger.post(settling_claim(take_back, charge, amount_krw, uow.new_id(), uow.at))
        shares = spread(amount_krw, rooms)
        uow.lots.take_out(shares)
        uow.take_backs.recover(take_back.recovered(amount_krw), shares)
