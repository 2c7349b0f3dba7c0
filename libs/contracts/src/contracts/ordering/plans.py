"""What ordering says of anniversary plans."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from contracts.event import Event, EventKind
from contracts.values import CompanyId, Count, Krw, MemberId, MemberRole, UtcTime, Version


class PlanStopReason(StrEnum):
    """Why an anniversary plan turned itself off."""

    PRICE_CHANGED = "price_changed"
    DISCONTINUED = "discontinued"


class PlanStopped(Event):
    """An anniversary plan turned itself off; its owner is told why (ANN-05)."""

    type: ClassVar[str] = "ordering.plan_stopped.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "An anniversary plan stopped by itself, because a product changed its price or is gone."

    plan_id: UUID
    version: Version
    company_id: CompanyId
    member_id: MemberId
    order_name: str
    reason: PlanStopReason
    product_name: str
    stopped_at: UtcTime

    @property
    def subject(self) -> str:
        return f"{self.plan_id}/{self.version}"


class PlanDayNear(Event):
    """In three days a plan makes an order of this size; wallet judges whether the money is there (ANN-08)."""

    type: ClassVar[str] = "ordering.plan_day_near.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "An anniversary order of this amount is near."

    plan_id: UUID
    company_id: CompanyId
    member_id: MemberId
    member_role: MemberRole
    order_name: str
    day: date
    recipients: Count
    amount_krw: Krw
    cash_like_krw: Krw
    said_at: UtcTime

    @property
    def subject(self) -> str:
        return f"{self.plan_id}/{self.day.isoformat()}"
