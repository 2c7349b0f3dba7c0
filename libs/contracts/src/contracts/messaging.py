"""What messaging says and is asked: templates, results, one-time codes to deliver."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from contracts.event import Event, EventKind, StateEvent
from contracts.values import Count, LineId, OrderId, Sealed, UtcTime, Version


class TemplatePublished(StateEvent):
    """The whole present state of a message template (MSG-04)."""

    type: ClassVar[str] = "messaging.template_published.v1"
    summary: ClassVar[str] = "A message template came, changed or was withdrawn; carries all of it."

    template_id: UUID
    version: Version
    theme: str
    name: str
    body: str
    variables: tuple[str, ...]
    usable: bool

    @property
    def subject(self) -> str:
        return str(self.template_id)


class DeliveryOutcome(StrEnum):
    """How a recipient's message ended."""

    SUCCESS = "success"
    FAILED = "failed"


class DeliveryChannel(StrEnum):
    """What the recipient really got."""

    ALIMTALK = "alimtalk"
    MMS = "mms"


class DeliveryReport(BaseModel):
    """One recipient's result: which channel, when, the provider's code (MSG-01)."""

    model_config = ConfigDict(frozen=True)

    line_id: LineId
    outcome: DeliveryOutcome
    channel: DeliveryChannel | None
    code: str
    at: UtcTime


class MessagesReported(Event):
    """Results of recipients of one chunk; a chunk's results may come in several of these."""

    type: ClassVar[str] = "messaging.messages_reported.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "Some recipients of a chunk were reached, or not."

    report_id: UUID
    order_id: OrderId
    chunk_no: Count
    wave: Count
    reports: tuple[DeliveryReport, ...]

    @property
    def subject(self) -> str:
        return f"{self.order_id}/{self.chunk_no}/{self.wave}"


class CodeChannel(StrEnum):
    """The way a one-time code goes."""

    SMS = "sms"
    MAIL = "mail"


class CodePurpose(StrEnum):
    """What a one-time code is for; decides the text around it."""

    SIGN_UP = "sign_up"
    LOGIN = "login"
    SETTINGS = "settings"
    RECIPIENT = "recipient"


class SendCode(Event):
    """Deliver a one-time code at once; dropped when it comes later than `expires_at`."""

    type: ClassVar[str] = "messaging.send_code.v1"
    kind: ClassVar[EventKind] = EventKind.COMMAND
    summary: ClassVar[str] = "Deliver a one-time code; dropped when late."

    code_id: UUID
    purpose: CodePurpose
    channel: CodeChannel
    to: Sealed[str]
    code: Sealed[str]
    expires_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.code_id)
