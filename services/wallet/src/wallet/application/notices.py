"""The provider's notices (webhooks): stored raw, answered, then worked on by asking the provider (WAL-03)."""

from collections.abc import Sequence
from datetime import timedelta

from wallet.application.charges import ConfirmCharges
from wallet.application.ports import ClaimedNotice, PaymentProvider, Transactions
from wallet.domain.charge import next_delay
from wallet.domain.errors import UnknownChargeError


class WorkOnNotices:
    """Works on stored notices. What a notice claims is never believed: it only says which charge to ask for."""

    def __init__(
        self,
        transactions: Transactions,
        provider: PaymentProvider,
        charges: ConfirmCharges,
        *,
        delays: Sequence[timedelta],
        lease: timedelta,
    ) -> None:
        self._transactions = transactions
        self._provider = provider
        self._charges = charges
        self._delays = tuple(delays)
        self._lease = lease

    def step(self) -> bool:
        """Work on one notice that is due; False when there is none."""
        with self._transactions() as uow:
            notice = uow.notices.claim_due(self._lease)
        if notice is None:
            return False
        note, again = self._work_on(notice)
        delay = next_delay(notice.tries, self._delays) if again else None
        with self._transactions() as uow:
            if delay is None:
                uow.notices.close(notice.id, note)
            else:
                uow.notices.postpone(notice.id, delay, note)
        return True

    def _work_on(self, notice: ClaimedNotice) -> tuple[str, bool]:
        charge_id = self._provider.charge_in(notice.body)
        if charge_id is None:
            return "unreadable", False
        try:
            answered = self._charges.ask(charge_id)
        except UnknownChargeError:
            return "no such charge", False
        return ("asked", False) if answered else ("the provider does not say", True)
