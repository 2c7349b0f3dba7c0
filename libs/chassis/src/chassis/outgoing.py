"""What every call to another system carries and leaves behind: correlation, trace, and figures."""

from __future__ import annotations

from collections.abc import Mapping

from opentelemetry import propagate
from prometheus_client import Histogram

from chassis.answers import Answer, outcome_of
from chassis.context import CORRELATION_HEADER, Context

_seconds = Histogram(
    "outgoing_call_seconds",
    "Time of calls to other systems, each try by itself",
    ("client", "method", "outcome"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


def headers_for(context: Context, headers: Mapping[str, str] | None) -> dict[str, str]:
    """The caller's headers, and those by which the request is followed into the other system."""
    carried: dict[str, str] = {CORRELATION_HEADER: str(context.correlation_id)}
    propagate.inject(carried)
    carried.update(headers or {})
    return carried


def observe(client: str, method: str, answer: Answer, seconds: float) -> None:
    """Count one try."""
    _seconds.labels(client, method, outcome_of(answer)).observe(seconds)
