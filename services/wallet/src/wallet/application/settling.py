"""Settling part of a hold under the posting that moved its money, with as few statements as it takes."""

from collections.abc import Callable

from wallet.application.ports import UnitOfWork
from wallet.domain.errors import ContendedFundsError
from wallet.domain.holds import HeldFunds, Settlement


def settle(held: HeldFunds, settlement: Callable[[HeldFunds], Settlement], uow: UnitOfWork) -> None:
    """Write a settlement of a hold that was read before its posting; called after the posting.

    Between reading and posting another chunk of the order may have been settled: then the hold is read again, and under
    the posting no other changes it. Raises what the settlement raises.
    """
    if uow.holds.settle(settlement(held)):
        return
    if not uow.holds.settle(settlement(uow.holds.held(held.hold.order_id))):
        raise ContendedFundsError(held.hold.order_id)
