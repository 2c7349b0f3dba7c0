"""Giving money back from a hold: to the balance and its lots or the credit line, and to the limits of its month."""

from wallet.application.ports import UnitOfWork
from wallet.domain.holds import Hold, PaymentMethod
from wallet.domain.lots import spread
from wallet.domain.movements import Release, releasing, uses


def release_funds(hold: Hold, release: Release, uow: UnitOfWork) -> bool:
    """Move the release's amount back; False when its cause was posted before.

    Raises `AccountShortError`, `HoldExceededError`.
    """
    if not uow.ledger.post(releasing(hold, release, uow.new_id(), uow.at)):
        return False
    # Read again: only under the posting does no other change the hold.
    uow.holds.save(uow.holds.get(hold.order_id).released(release.amount_krw, release.cash_like_krw))
    for scope, used_krw in uses(hold, release.amount_krw, release.cash_like_krw):
        uow.uses.give_back(hold, scope, used_krw)
    if hold.method is PaymentMethod.PREPAID:
        newest_first = reversed(uow.lots.held_by(hold.id))
        uow.lots.return_(hold.id, spread(release.amount_krw, newest_first))
    return True
