"""A company that was approved, and the business data that others know of it (IDN-27)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from identity.domain.business_number import BusinessNumber


class CompanyState(StrEnum):
    """Whether the company may use the service."""

    APPROVED = "approved"
    SUSPENDED = "suspended"


class PaymentMethod(StrEnum):
    """선불 / 후불."""

    PREPAID = "prepaid"
    POSTPAID = "postpaid"


@dataclass(frozen=True)
class Company:
    """One company with exactly one master; `generation` is the lowest valid one of its members' tokens."""

    id: UUID
    sign_up_id: UUID
    name: str
    representative_name: str
    business_number: BusinessNumber
    payment_method: PaymentMethod
    master_id: UUID
    approved_at: datetime
    state: CompanyState = CompanyState.APPROVED
    generation: int = 1
    version: int = 1
