"""What operators look for: applications, companies, and acts in the audit log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from identity.domain.company import CompanyState, PaymentMethod
from identity.domain.sign_up import SignUpState
from identity.domain.withdrawal import WithdrawalState


@dataclass(frozen=True)
class SignUpQuery:
    """Applications in a state, narrowed down; `after` is the id of the one before."""

    state: SignUpState
    payment_method: PaymentMethod | None = None
    text: str = ""
    """Found in company names, business numbers and addresses."""
    after: UUID | None = None


@dataclass(frozen=True)
class CompanyQuery:
    """Companies, narrowed down; `after` is the id of the one before."""

    state: CompanyState | None = None
    payment_method: PaymentMethod | None = None
    text: str = ""
    """Found in names and business numbers."""
    after: UUID | None = None


@dataclass(frozen=True)
class AuditEntry:
    """Who did what to what, with what was before and after (IDN-24)."""

    act_id: UUID
    service: str
    operator_id: UUID
    action: str
    target_kind: str
    target_id: str
    company_id: UUID | None
    reason: str | None
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    acted_at: datetime


@dataclass(frozen=True)
class AuditQuery:
    """Which acts; what is None does not narrow down. `after` is (acted_at, act_id) of the act before."""

    operator_id: UUID | None = None
    service: str | None = None
    action: str | None = None
    target_kind: str | None = None
    target_id: str | None = None
    company_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    """The first moment that is too late."""
    after: tuple[datetime, UUID] | None = None


@dataclass(frozen=True)
class WithdrawalQuery:
    """Requests in a state, narrowed down; `after` is the id of the one before."""

    state: WithdrawalState
    company_id: UUID | None = None
    after: UUID | None = None


@dataclass(frozen=True)
class PaymentChangeQuery:
    """Changes of one company; `before` is the id of the one before."""

    company_id: UUID
    before: UUID | None = None
