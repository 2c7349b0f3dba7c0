"""The W3C trace context on its way through messages: out of the present span, into the span of a delivery."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import propagate, trace
from opentelemetry.trace import SpanKind

_tracer = trace.get_tracer("chassis")


def traceparent() -> str | None:
    """The present span as a `traceparent` header; None when nothing is traced."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get("traceparent")


@contextmanager
def continued(parent: str | None, *, name: str, kind: SpanKind) -> Iterator[None]:
    """A span that continues the trace of a message."""
    context = propagate.extract({"traceparent": parent} if parent else {})
    with _tracer.start_as_current_span(name, context=context, kind=kind):
        yield
