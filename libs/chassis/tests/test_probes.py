"""A process without requests says that it lives, and what it counted."""

import socket

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from chassis import broker_metrics
from chassis.probes import serve_probes


def test_a_process_without_requests_can_be_asked() -> None:
    broker_metrics.dead.labels("probe.queue").inc()
    address = f"http://127.0.0.1:{serve_probes('127.0.0.1', 0)}"
    assert httpx.get(f"{address}/healthz/live").json() == {"status": "live"}
    families = text_string_to_metric_families(httpx.get(f"{address}/metrics").text)
    samples = {(sample.name, sample.labels.get("queue")): sample.value for each in families for sample in each.samples}
    assert samples["messages_dead_total", "probe.queue"] == 1
    assert httpx.get(f"{address}/admin/settings").status_code == 404


def test_it_answers_where_the_machine_s_name_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    def unresolvable(name: str = "") -> str:
        raise AssertionError(f"asked the name server for {name!r}")

    monkeypatch.setattr(socket, "getfqdn", unresolvable)
    port = serve_probes("127.0.0.1", 0)
    assert httpx.get(f"http://127.0.0.1:{port}/healthz/live").status_code == 200
