"""What became of refunds, of which members are told by mail."""

from collections.abc import Callable

from contracts.wallet import RefundDecided
from messaging.application.mails import tell_refund_decided
from messaging.application.ports import MailTexts, Opener, UnitOfWork


def refund_decided(opener: Opener, texts: MailTexts) -> Callable[[RefundDecided, UnitOfWork], None]:
    """Mail the member what became of the refund."""
    return lambda event, uow: tell_refund_decided(event, uow, opener, texts)
