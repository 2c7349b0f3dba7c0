"""What the desk of messages keeps of each, and how a provider says its reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.message_fate import Outcome
from sandbox.records import Json


@dataclass(frozen=True, slots=True)
class Message:
    """An accepted message. `arrives_at` None: the phone never gets it."""

    messagekey: str
    refkey: str
    kind: str
    phone: str
    sender: str
    template: str
    text: str
    buttons: list[Json]
    files: list[str]
    accepted_at: float
    arrives_at: float | None
    arrives_by: str
    results: list[Json] = field(default_factory=list)
    provider: str = "bizppurio"
    """Whose door it came through, and who reports it."""


@dataclass(frozen=True, slots=True)
class Polled:
    """A report that waits to be fetched."""

    row: Json
    since: float


@dataclass(frozen=True, slots=True)
class Spoken:
    """A report as its provider pushes it."""

    url: str
    body: str
    headers: dict[str, str]


Speech = Callable[[Message, Outcome, float], Spoken]
