"""What the gateway answers itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from gateway_services import Service
from werkzeug.wrappers import Response

from chassis.testing.wire import Exchange, WireServer
from chassis.web import WsgiApp
from gateway.domain.routes import ROUTES


def test_the_gateway_lives_whatever_the_services_do(gateway: Callable[..., WsgiApp]) -> None:
    with WireServer(Exchange.hang_up) as server:
        nobody_there = server.url
    client = gateway(identity_url=nobody_there, ordering_url=nobody_there).api.test_client()
    assert client.get("/healthz").json == {"status": "live"}


@pytest.mark.rule("GWY-01")
def test_the_document_of_the_whole_api_is_served(client: FlaskClient) -> None:
    document = client.get("/openapi.json").json
    assert document["openapi"].startswith("3.1")
    assert document["info"]["title"] == "CoupBiz"


@pytest.mark.rule("GWY-01")
def test_every_address_of_the_document_is_in_the_table_and_asks_for_the_same_access(client: FlaskClient) -> None:
    own = {"/healthz", "/openapi.json", "/v1/home", "/v1/orders/preview"}
    for path, item in client.get("/openapi.json").json["paths"].items():
        if path in own:
            continue
        rows = [route for route in ROUTES if path == route.prefix or path.startswith(f"{route.prefix}/")]
        assert rows, f"{path} is not reachable"
        route = max(rows, key=lambda row: len(row.prefix))
        for operation in item.values():
            assert operation["tags"] == [route.part], path
            kind = operation.get("x-access", {}).get("kind", "public")
            # A public row lets through what its service then asks a token for, never the other way round.
            assert route.access in {kind, "public"}, path


@pytest.mark.rule("GWY-01")
def test_every_refusal_of_the_document_is_a_problem_document(client: FlaskClient) -> None:
    for path, item in client.get("/openapi.json").json["paths"].items():
        for operation in item.values():
            assert list(operation["responses"]["default"]["content"]) == ["application/problem+json"], path


@pytest.mark.rule("GWY-04")
def test_how_the_services_are_is_reported_and_one_away_does_not_close_the_door(
    gateway: Callable[..., WsgiApp], services: dict[str, Service]
) -> None:
    services["wallet_admin"].answer = lambda _: Response(status=503)
    with WireServer(Exchange.hang) as silent:
        client = gateway(ordering_admin_url=silent.url, readiness_timeout_seconds=0.3).admin.test_client()
        report = client.get("/healthz/services")
        assert client.get("/healthz/ready").status_code == 200
    assert report.status_code == 200
    assert report.json["services"] == {
        "identity": "ready",
        "catalog": "ready",
        "ordering": "away",
        "wallet": "not_ready",
        "messaging": "ready",
        "scheduler": "ready",
        "coupon_web": "ready",
    }
