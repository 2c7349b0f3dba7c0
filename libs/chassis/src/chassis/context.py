"""Which request a piece of work belongs to: followed through HTTP, events, logs and outgoing calls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from chassis.ids import new_id

CORRELATION_HEADER = "X-Correlation-Id"
"""The header that carries the correlation id over HTTP."""


@dataclass(frozen=True, slots=True)
class Context:
    """The request that started it all, and the message that this work answers (None at the edge)."""

    correlation_id: UUID
    causation_id: UUID | None = None

    @classmethod
    def begin(cls) -> Context:
        """The context of work that nothing of ours asked for: a request from outside, a turn of a loop."""
        return cls(correlation_id=new_id())


_current: ContextVar[Context | None] = ContextVar("chassis_context", default=None)


def current() -> Context:
    """The context in use, or a new one when none is: two calls outside `use` are two pieces of work."""
    return _current.get() or Context.begin()


def in_use() -> Context | None:
    """The context in use, or None: a line of a log names no request when there is none."""
    return _current.get()


@contextmanager
def use(context: Context) -> Iterator[Context]:
    """Work under the context until the block ends; the one before comes back also after an error."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)
