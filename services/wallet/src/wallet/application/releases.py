"""Giving money back from a hold: to the balance and its lots or the credit line, and to the limits of its month."""

from wallet.application.ports import UnitOfWork
from wallet.application.settling import settle
from wallet.domain.holds import HeldFunds
from wallet.domain.movements import Release, releasing, uses


def release_funds(held: HeldFunds, release: Release, uow: UnitOfWork) -> bool:
    """Move the release's amount back; False when its cause was posted before.

    Raises `AccountShortError`, `HoldExceededError`.
    """
    hold = held.hold
    if not uow.ledger.post(releasing(hold, release, uow.new_id(), uow.at)):
        return False
    settle(held, lambda fresh: fresh.released(release.amount_krw, release.cash_like_krw), uow)
    for scope, used_krw in uses(hold, release.amount_krw, release.cash_like_krw):
        uow.uses.give_back(hold, scope, used_krw)
    return True
