"""What follows when everybody who was asked has answered."""

from collections.abc import Callable, Mapping

from identity.application.open_affairs import HearAnswer, hear
from identity.application.payment_changes import conclude_payment_change
from identity.application.ports import UnitOfWork
from identity.application.withdrawals import conclude_withdrawal
from identity.domain.open_affairs import Inquiry, InquiryPurpose
from identity.domain.withdrawal import WithdrawalRules


def answer_handler(rules: WithdrawalRules) -> Callable[[HearAnswer, UnitOfWork], None]:
    """Hear an answer, and conclude what waits for it; a check at [확인하기] is only looked at."""
    conclusions: Mapping[InquiryPurpose, Callable[[Inquiry, UnitOfWork], None]] = {
        InquiryPurpose.WITHDRAWAL: lambda inquiry, uow: conclude_withdrawal(inquiry, rules, uow),
        InquiryPurpose.PAYMENT_CHANGE: conclude_payment_change,
    }

    def answered(command: HearAnswer, uow: UnitOfWork) -> None:
        inquiry = hear(command, uow)
        if inquiry is not None and inquiry.purpose in conclusions:
            conclusions[inquiry.purpose](inquiry, uow)

    return answered
