"""The daily reconciliation with the provider's list: what differs is asked for, then told to operators (WAL-03)."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from wallet.application.charges import ConfirmCharges
from wallet.application.check_ports import BookedCharge, ProviderList
from wallet.application.ports import Transactions, UnitOfWork
from wallet.domain.difference import PaymentDifference
from wallet.domain.errors import UnknownChargeError
from wallet.domain.month import SEOUL
from wallet.domain.reconciliation import Difference, ProviderSums, differences, sums_of

MARGIN = timedelta(days=1)
"""How much earlier the list begins: a cancellation can be ours of a day later than it is the provider's."""


class Reconciler:
    """Reconciles a Seoul day."""

    def __init__(self, transactions: Transactions, listing: ProviderList, charges: ConfirmCharges) -> None:
        self._transactions = transactions
        self._listing = listing
        self._charges = charges

    def reconcile(self, day: date) -> tuple[int, Mapping[str, Any]] | None:
        """How many differences there are and what was compared; None when the provider did not give its list.

        Done again, it finds the same, and tells operators of each difference once.
        """
        start, end = (datetime.combine(each, time(), SEOUL) for each in (day, day + timedelta(days=1)))
        with self._transactions() as uow:
            now = uow.at
        moves = self._listing.moves_between(start - MARGIN, max(now, end))
        if moves is None:
            return None
        listed = sums_of(moves)
        of_day = {move.provider_order_id for move in moves if start <= move.at < end}
        for difference in self._compare(listed, of_day, start, end)[0]:
            self._ask(difference)
        found, booked = self._compare(listed, of_day, start, end)
        with self._transactions() as uow:
            for difference in found:
                uow.differences.report(_reported(day, difference, booked.get(difference.provider_order_id), uow))
        collected_krw = sum(listed[order_id].collected_krw for order_id in of_day)
        sent_back_krw = sum(listed[order_id].sent_back_krw for order_id in of_day)
        result = {"orders": len(of_day), "collected_krw": collected_krw, "sent_back_krw": sent_back_krw}
        return len(found), result

    def _compare(
        self, listed: Mapping[str, ProviderSums], of_day: set[str], start: datetime, end: datetime
    ) -> tuple[tuple[Difference, ...], Mapping[str, BookedCharge]]:
        with self._transactions() as uow:
            paid = uow.reconciliations.paid_between(start, end)
            sent_back = uow.reconciliations.sent_back_between(start, end)
            booked = {**uow.reconciliations.of_orders(sorted(of_day)), **paid, **sent_back}
        # Ours of the day are looked for in the whole list; of the list only what is of the day is looked for in ours.
        seen = {order_id: sums for order_id, sums in listed.items() if order_id in of_day}
        both = {order_id: listed[order_id] for order_id in {*paid, *sent_back} if order_id in listed}
        found = differences(
            {**both, **seen},
            {order_id: charge.sums for order_id, charge in booked.items()},
            paid_that_day=paid,
            sent_back_that_day=sent_back,
        )
        return found, booked

    def _ask(self, difference: Difference) -> None:
        """What is only late comes right by asking; what is none of ours cannot be asked for."""
        with self._transactions() as uow:
            charge = uow.reconciliations.of_orders([difference.provider_order_id]).get(difference.provider_order_id)
        if charge is None:
            return
        try:
            self._charges.ask(charge.charge_id)
        except UnknownChargeError:
            return


def _reported(day: date, difference: Difference, charge: BookedCharge | None, uow: UnitOfWork) -> PaymentDifference:
    return PaymentDifference(
        id=uow.new_id(),
        key=f"{day}:{difference.provider_order_id}:{difference.kind.value}:{difference.provider_krw}",
        kind=difference.kind,
        found_at=uow.at,
        provider_order_id=difference.provider_order_id[:100],
        charge_id=None if charge is None else charge.charge_id,
        company_id=None if charge is None else charge.company_id,
        our_krw=difference.our_krw,
        provider_krw=difference.provider_krw,
    )
