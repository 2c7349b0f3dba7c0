"""The provider's notices (webhooks): stored raw, answered, then worked on by asking the provider (WAL-03)."""

import hmac
from collections.abc import Sequence
from datetime import timedelta

from wallet.application.charges import ConfirmCharges
from wallet.application.notice_ports import ClaimedNotice, Hint
from wallet.application.ports import PaymentProvider, Transactions
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
        hint = self._provider.hint_in(notice.body)
        if hint is None:
            return "unreadable", False
        try:
            refusal = self._refusal(hint)
            if refusal is not None:
                return refusal
            answered = self._charges.ask(hint.charge_id)
        except UnknownChargeError:
            return "no such charge", False
        return ("asked", False) if answered else ("the provider does not say", True)

    def _refusal(self, hint: Hint) -> tuple[str, bool] | None:
        """A deposit notice without the secret of its charge is not worth a question; one that came early waits."""
        if not hint.of_deposit:
            return None
        with self._transactions() as uow:
            charge = uow.charges.get(hint.charge_id)
        if charge.deposit_secret is None:
            return "no account is known yet", True
        is_true = hmac.compare_digest(charge.deposit_secret.encode(), (hint.secret or "").encode())
        return None if is_true else ("wrong secret", False)
