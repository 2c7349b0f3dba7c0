"""결제수단 변경: by an operator only, and only while nothing is open (IDN-28)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from identity.domain.company import Company, PaymentMethod
from identity.domain.errors import ContractMissingError, ContractNotNeededError, InvalidValueError
from identity.domain.open_affairs import Hindrances
from identity.domain.sign_up import Contract


class PaymentChangeState(StrEnum):
    """Where a change stands."""

    CHECKING = "checking"
    DONE = "done"
    REFUSED = "refused"


class PaymentChangeStep(StrEnum):
    """What the answers of ordering and wallet say together."""

    FOUND_NOTHING_OPEN = "found_nothing_open"
    FOUND_SOMETHING_OPEN = "found_something_open"


PAYMENT_CHANGE_STEPS: Mapping[tuple[PaymentChangeState, PaymentChangeStep], PaymentChangeState] = {
    (PaymentChangeState.CHECKING, PaymentChangeStep.FOUND_NOTHING_OPEN): PaymentChangeState.DONE,
    (PaymentChangeState.CHECKING, PaymentChangeStep.FOUND_SOMETHING_OPEN): PaymentChangeState.REFUSED,
}
"""Whatever stands in no row cannot happen."""


@dataclass(frozen=True)
class PaymentChange:
    """One change of a company's payment method."""

    id: UUID
    company_id: UUID
    to: PaymentMethod
    contract: Contract | None
    requested_by: UUID
    requested_at: datetime
    reason: str
    inquiry_id: UUID
    state: PaymentChangeState = PaymentChangeState.CHECKING
    hindrances: Hindrances = ()
    closed_at: datetime | None = None

    def require_sense(self, company: Company) -> None:
        """Another method than now, with a contract if and only if it is postpaid (IDN-08).

        Raises `InvalidValueError`, `ContractMissingError`, `ContractNotNeededError`.
        """
        if self.to is company.payment_method:
            raise InvalidValueError("payment_method", "현재와 같은 결제수단입니다.", "This is the present method.")
        if self.to is PaymentMethod.POSTPAID and self.contract is None:
            raise ContractMissingError
        if self.to is PaymentMethod.PREPAID and self.contract is not None:
            raise ContractNotNeededError

    def hear(self, hindrances: Hindrances, at: datetime) -> "PaymentChange":
        """What ordering and wallet answered together."""
        step = PaymentChangeStep.FOUND_SOMETHING_OPEN if hindrances else PaymentChangeStep.FOUND_NOTHING_OPEN
        return replace(self, state=PAYMENT_CHANGE_STEPS[self.state, step], hindrances=hindrances, closed_at=at)
