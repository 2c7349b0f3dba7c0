"""What became of a call to another system: answered, surely not done, or perhaps done."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

ANSWER_BYTES_MAX = 16 * 1024 * 1024
"""A larger answer is not read to its end, and its call counts as unknown."""


class UnreadableAnswerError(ValueError):
    """The body is not what its reader expected. Shows no content."""


@dataclass(frozen=True, slots=True)
class Response:
    """The other side answered, with whatever status. Header names are lower case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The body as JSON. Raises UnreadableAnswerError."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise UnreadableAnswerError(f"an answer of status {self.status} is not JSON") from None


@dataclass(frozen=True, slots=True)
class NotSent:
    """Surely not done: not one byte of the request left this process. May be called again under any key."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Perhaps done: the request left, and no whole answer came. Only asking under the same key settles it."""

    reason: str


Answer: TypeAlias = Response | NotSent | Unknown


def outcome_of(answer: Answer) -> str:
    """A word for metrics and logs: `2xx` … `5xx`, `not_sent` or `unknown`."""
    match answer:
        case Response(status=status):
            return f"{status // 100}xx"
        case NotSent():
            return "not_sent"
        case Unknown():
            return "unknown"
