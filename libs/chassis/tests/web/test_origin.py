"""Where a request comes from, and which trace it continues."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from chassis import tracing
from chassis.origin import TrustedProxies, client_address

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
OURS = TrustedProxies([ip_network("10.0.0.0/8"), ip_network("fd00::/8")])


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", None, "203.0.113.9"),
        ("203.0.113.9", "1.1.1.1", "203.0.113.9"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("10.0.0.1", "10.0.0.3,10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "1.1.1.1, rubbish", "10.0.0.1"),
        ("10.0.0.1", "rubbish, 10.0.0.2", "10.0.0.2"),
        ("fd00::1", "2001:db8::1", "2001:db8::1"),
        (None, "1.1.1.1", ""),
    ],
)
def test_the_chain_of_proxies_is_believed_as_far_as_it_is_ours(peer: str, forwarded: str, client: str) -> None:
    assert OURS.client_of(peer, forwarded) == client


def test_without_trusted_networks_nobody_is_believed() -> None:
    assert TrustedProxies().client_of("127.0.0.1", "1.1.1.1") == "127.0.0.1"


def test_a_view_asks_for_its_client_s_address(service: Any) -> None:
    environ = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "198.51.100.7"}
    with service.app.api.test_request_context("/v1/things", environ_overrides=environ):
        assert client_address() == "198.51.100.7"


class TestTraces:
    @pytest.fixture
    def spans(self, service: Any) -> InMemorySpanExporter:
        exporter = InMemorySpanExporter()
        provider = tracing.provider_for("sample")
        provider.add_span_processor(SimpleSpanProcessor(tracing.WithoutMessages(exporter)))
        tracing.instrument_app(service.app.api, provider)
        return exporter

    def ask(self, service: Any, peer: str) -> None:
        service.api.post(
            "/v1/failures/a-secret-of-the-address?token=abc",
            json={"label": "가위", "weight_grams": 1},
            headers={"traceparent": PARENT},
            environ_overrides={"REMOTE_ADDR": peer},
        )

    def test_the_gateway_s_trace_is_continued_and_a_stranger_s_is_not(self, service: Any, spans: Any) -> None:
        self.ask(service, "10.0.0.1")
        self.ask(service, "203.0.113.9")
        ours, strangers = spans.get_finished_spans()
        assert f"{ours.context.trace_id:032x}" == PARENT.split("-")[1]
        assert strangers.parent is None

    def test_a_span_names_the_route_and_never_the_address(self, service: Any, spans: Any) -> None:
        self.ask(service, "10.0.0.1")
        service.api.get("/v1/a-secret-of-the-address")
        known, unknown = spans.get_finished_spans()
        assert known.name == "POST /v1/failures/<secret>"
        assert unknown.name == "GET (none)"
        told = f"{dict(known.attributes)} {dict(unknown.attributes)}"
        assert "a-secret-of-the-address" not in told
        assert "abc" not in told

    def test_error_messages_do_not_leave_with_a_span(self) -> None:
        exporter = InMemorySpanExporter()
        provider = tracing.provider_for("sample")
        provider.add_span_processor(SimpleSpanProcessor(tracing.WithoutMessages(exporter)))
        with pytest.raises(ValueError, match="홍길동"), provider.get_tracer("x").start_as_current_span("work"):
            raise ValueError("홍길동")
        (span,) = exporter.get_finished_spans()
        assert span.status.status_code is StatusCode.ERROR
        assert "홍길동" not in span.to_json()
