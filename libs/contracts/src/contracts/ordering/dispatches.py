"""What ordering wants sent, and by which sender profiles."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from contracts.event import Event, EventKind, StateEvent
from contracts.values import CompanyId, Count, LineId, OrderId, PhoneNumber, Sealed, UtcTime


class DispatchRecipient(BaseModel):
    """What a message needs of its recipient; travels sealed only."""

    model_config = ConfigDict(frozen=True)

    phone: PhoneNumber
    values: dict[str, str]
    link: str


class DispatchRow(BaseModel):
    """One recipient of a chunk."""

    model_config = ConfigDict(frozen=True)

    line_id: LineId
    recipient: Sealed[DispatchRecipient]


class DispatchPurpose(StrEnum):
    """Why recipients get a message."""

    COUPONS = "coupons"
    DEFAULT_ITEM = "default_item"
    RESEND = "resend"


class DispatchRequested(Event):
    """Ordering asks messaging to hand a chunk of messages to the provider, at most once a cause and phone."""

    type: ClassVar[str] = "ordering.dispatch_requested.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "A chunk of recipients is to be told, by alimtalk and else by MMS."

    order_id: OrderId
    company_id: CompanyId
    chunk_no: Count
    wave: Count
    purpose: DispatchPurpose
    template_id: UUID
    template_version: int
    sender_profile_id: UUID | None = None
    send_title: str
    rows: tuple[DispatchRow, ...]
    requested_at: UtcTime

    @property
    def subject(self) -> str:
        return f"{self.order_id}/{self.chunk_no}/{self.wave}"


class SenderProfileUsed(StateEvent):
    """How many scheduled orders and active anniversaries will go out by a sender profile: such a one stays (MSG-03)."""

    type: ClassVar[str] = "ordering.sender_profile_used.v1"
    summary: ClassVar[str] = "A sender profile is used by so many scheduled orders and active anniversaries."

    company_id: CompanyId
    sender_profile_id: UUID
    uses: Count

    @property
    def subject(self) -> str:
        return str(self.sender_profile_id)
