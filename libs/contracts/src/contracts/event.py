"""The base of every event and command, and the register of all of them by wire name."""

from abc import abstractmethod
from enum import StrEnum
from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class EventKind(StrEnum):
    """How a consumer has to treat a message of a class."""

    STATE = "state"
    """Carries the whole present state of its subject and a version; an older version is ignored."""
    FACT = "fact"
    """Something that happened: applied once by its own key, never ignored for its age, in any order."""
    COMMAND = "command"
    """A request to one receiving service: applied once by its own key."""


class Event(BaseModel):
    """One message body. Wire names are `publisher.fact.vN`; within a version a model only ever grows.

    Consumers ignore fields they do not know, so that a publisher may be newer than its consumers.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: ClassVar[str]
    kind: ClassVar[EventKind]
    summary: ClassVar[str]

    @property
    @abstractmethod
    def subject(self) -> str:
        """The id of what the message is about, for logs and for reading a queue."""

    @property
    def routing_key(self) -> str:
        """The key that the message is published under."""
        return self.type

    @classmethod
    def exchange(cls) -> str:
        """The topic exchange: the publisher's events, or the receiver's commands."""
        owner = cls.type.split(".", 1)[0]
        return f"{owner}.commands" if cls.kind is EventKind.COMMAND else f"{owner}.events"

    @classmethod
    def binding_key(cls, service: str) -> str:  # noqa: ARG003 - what is addressed to one service overrides it
        """The key by which a queue of `service` is bound to the exchange."""
        return cls.type

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: object) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        wire_name = cls.__dict__.get("type")
        if wire_name is None:
            return
        if wire_name in _BY_TYPE:
            raise TypeError(f"two classes claim the wire name {wire_name}")
        _BY_TYPE[wire_name] = cls


class StateEvent(Event):
    """The whole present state of a subject; consumers keep the highest version that they have seen."""

    kind: ClassVar[EventKind] = EventKind.STATE

    version: int


_BY_TYPE: dict[str, type[Event]] = {}


class UnknownEventError(LookupError):
    """No class of this release has the wire name."""


def event_class(wire_name: str) -> type[Event]:
    """The class of a wire name. Raises `UnknownEventError`."""
    try:
        return _BY_TYPE[wire_name]
    except KeyError:
        raise UnknownEventError(wire_name) from None


def event_classes() -> tuple[type[Event], ...]:
    """Every class that has been defined, ordered by wire name."""
    return tuple(_BY_TYPE[name] for name in sorted(_BY_TYPE))
