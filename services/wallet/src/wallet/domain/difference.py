"""Where the payment provider's record and ours differ: found by asking or by the daily reconciliation (WAL-03)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from wallet.domain.errors import WalletError


class DifferenceKind(StrEnum):
    """What differs."""

    AMOUNT = "amount_differs"
    """The provider collected another amount than was asked for: nothing was credited."""
    ORDER = "order_id_differs"
    """The provider's record is of another charge."""
    PARTLY_CANCELLED = "partially_canceled"
    """The provider sent a part back that we know nothing of."""
    GIVEN_UP = "given_up"
    """Asking did not settle a charge, and is done no more by itself."""
    TAKEN_BACK = "taken_back"
    """The bank took a credited deposit back; `our_krw` is what the company could not give back and owes."""
    UNKNOWN_CHARGE = "unknown_charge"
    """The provider collected money for an order that is no charge of ours."""
    NOT_CREDITED = "not_credited"
    """The provider collected money that asking did not bring onto the balance."""
    NOT_COLLECTED = "not_collected"
    """We credited a charge that the provider's list does not have."""
    NOT_SENT_BACK = "not_sent_back"
    """We hold a charge for cancelled, and the provider's list does not have that."""
    SENT_BACK = "sent_back"
    """The provider sent money back that we did not ask it to."""


@dataclass(frozen=True)
class PaymentDifference:
    """One difference, found once however often it is seen; amounts are in KRW."""

    id: UUID
    key: str
    kind: DifferenceKind
    found_at: datetime
    provider_order_id: str
    charge_id: UUID | None = None
    company_id: UUID | None = None
    our_krw: int | None = None
    provider_krw: int | None = None
    resolved_at: datetime | None = None
    resolved_by: UUID | None = None
    reason: str | None = None


class UnknownDifferenceError(WalletError):
    """There is no difference of this id."""

    def __init__(self, difference_id: UUID) -> None:
        super().__init__(f"no difference {difference_id}")
        self.difference_id = difference_id


class DifferenceResolvedError(WalletError):
    """An operator has resolved the difference already."""

    def __init__(self, difference_id: UUID) -> None:
        super().__init__(f"difference {difference_id} is resolved")
        self.difference_id = difference_id
