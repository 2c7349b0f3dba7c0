"""OpenTelemetry traces of requests, statements and messages; off unless an endpoint is set.

`propagation` carries the trace through messages. Spans hold route templates and statements with placeholders, no
address, no parameter, no error message: those may quote personal values.
"""

from __future__ import annotations

from collections.abc import Sequence

import flask
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.flask import FlaskInstrumentor
from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Span, Status

from chassis.metrics import UNMATCHED_ROUTE

TRACES_PATH = "/v1/traces"
TRACE_HEADERS = ("HTTP_TRACEPARENT", "HTTP_TRACESTATE", "HTTP_BAGGAGE")

_ADDRESS_ATTRIBUTES = ("http.target", "http.url", "url.path", "url.full", "url.query")


def configure(*, service: str, endpoint: str | None) -> None:
    """Send the traces of this process to an OTLP collector (`http://host:4318`); once, after any fork."""
    if endpoint is None:
        return
    exporter = OTLPSpanExporter(endpoint=endpoint.rstrip("/") + TRACES_PATH)
    provider = provider_for(service)
    provider.add_span_processor(BatchSpanProcessor(WithoutMessages(exporter)))
    trace.set_tracer_provider(provider)
    PsycopgInstrumentor().instrument(tracer_provider=provider)


def provider_for(service: str) -> TracerProvider:
    """The source of a service's spans."""
    return TracerProvider(resource=Resource.create({"service.name": service}))


def instrument_app(app: flask.Flask, provider: trace.TracerProvider | None = None) -> None:
    """Make a span of each of the application's requests."""
    FlaskInstrumentor().instrument_app(  # type: ignore[no-untyped-call]
        app, tracer_provider=provider, response_hook=_name_route_only, enable_commenter=False
    )


class WithoutMessages(SpanExporter):
    """Takes events and status texts, where error messages stand, out of spans on their way out."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Hand the spans on."""
        return self._exporter.export([_without_messages(span) for span in spans])

    def shutdown(self) -> None:
        """Stop the exporter behind."""
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Let the exporter behind send what it has."""
        return self._exporter.force_flush(timeout_millis)


def _without_messages(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=span.attributes,
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _name_route_only(span: Span | None, _status: str, _headers: object) -> None:
    if span is None or not span.is_recording():
        return
    rule = flask.request.url_rule
    route = rule.rule if rule else UNMATCHED_ROUTE
    # Set last, they stand in place of the address that the instrumentation wrote.
    for name in _ADDRESS_ATTRIBUTES:
        span.set_attribute(name, route)
    span.update_name(f"{flask.request.method} {route}")
