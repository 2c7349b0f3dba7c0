"""What an answer of several parts is composed of: whom to ask for which piece."""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.domain.parts import Part


@dataclass(frozen=True, slots=True)
class Question:
    """A piece of an answer: its name there, and who answers for it where. With a body (JSON) it is posted."""

    name: str
    part: Part
    target: str
    body: bytes | None = field(default=None, repr=False)

    @property
    def method(self) -> str:
        """How it is asked."""
        return "GET" if self.body is None else "POST"
