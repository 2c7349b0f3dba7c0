"""What every service says when an operator acts; identity stores it as the append-only audit log (IDN-24)."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from contracts.event import Event, EventKind
from contracts.values import CompanyId, UtcTime


@dataclass(frozen=True)
class Act:
    """What was done to what, of which company, why, and the values before and after; personal values are masked."""

    action: str
    target_kind: str
    target_id: str
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    company_id: UUID | None = None
    reason: str | None = None


class OperatorActed(Event):
    """An operator did something: who, what, before and after. Personal values are masked by the sayer."""

    type: ClassVar[str] = "audit.operator_acted.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "An operator acted in a service; said in the act's own transaction."

    act_id: UUID
    service: str
    operator_id: UUID
    action: str
    target_kind: str
    target_id: str
    company_id: CompanyId | None = None
    reason: str | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    acted_at: UtcTime

    @property
    def subject(self) -> str:
        return f"{self.target_kind}/{self.target_id}"
