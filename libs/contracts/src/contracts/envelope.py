"""The envelope of every message: CloudEvents 1.0 in structured JSON mode, with our tracing extensions."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from contracts.event import Event, event_class

CONTENT_TYPE = "application/cloudevents+json"


class Envelope(BaseModel):
    """One message as it stands on the wire. Extension names are lower case, as CloudEvents asks."""

    model_config = ConfigDict(frozen=True)

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    source: str = Field(description="the publishing service")
    type: str
    subject: str
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: str
    correlationid: UUID = Field(description="the request that started it all")
    causationid: UUID | None = Field(default=None, description="the message that caused this one")
    traceparent: str | None = Field(default=None, description="W3C trace context")
    data: dict[str, Any]

    @classmethod
    def wrap(
        cls,
        event: Event,
        *,
        message_id: UUID,
        source: str,
        at: datetime,
        correlation_id: UUID,
        causation_id: UUID | None = None,
        traceparent: str | None = None,
    ) -> "Envelope":
        """Put an event into its envelope; `at` is aware and UTC."""
        return cls(
            id=message_id,
            source=source,
            type=event.type,
            subject=event.subject,
            time=at,
            dataschema=f"{event.type}.json",
            correlationid=correlation_id,
            causationid=causation_id,
            traceparent=traceparent,
            data=event.model_dump(mode="json"),
        )

    def open(self) -> Event:
        """The event inside. Raises `UnknownEventError` or pydantic's `ValidationError`."""
        return event_class(self.type).model_validate(self.data)
