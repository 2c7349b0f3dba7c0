"""Prometheus metrics: of requests here, and of whatever else a module declares.

Several processes of one service are counted together when `PROMETHEUS_MULTIPROC_DIR` is set before this module is
imported; `entrypoint` does that for API processes.
"""

from __future__ import annotations

import os
from http import HTTPStatus

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

MULTIPROCESS_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
UNMATCHED_ROUTE = "(none)"

_LABELS = ("service", "app", "method", "route", "status")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_requests = Counter("http_requests", "Requests answered, by route template.", _LABELS)
_seconds = Histogram(
    "http_request_seconds",
    "Time from a request's arrival to its answer.",
    ("service", "app", "method", "route"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
_refusals = Counter(
    "http_refusals", "Requests refused for want of a caller or of a right.", ("service", "app", "status")
)


def observe_request(*, service: str, app: str, method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request. `route` is the template: an address may hold a secret, and has no end of values."""
    known_method = method if method in _METHODS else "OTHER"
    _requests.labels(service, app, known_method, route, str(status)).inc()
    _seconds.labels(service, app, known_method, route).observe(seconds)
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        _refusals.labels(service, app, str(status)).inc()


def exposition() -> tuple[bytes, str]:
    """The metrics of all processes of this service, and their media type."""
    if MULTIPROCESS_VARIABLE not in os.environ:
        return generate_latest(REGISTRY), CONTENT_TYPE_LATEST
    # A registry a scrape: the collector reads the files of all processes anew each time.
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry), CONTENT_TYPE_LATEST
