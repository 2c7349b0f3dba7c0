"""The home page in one call: every part side by side, and without what is away (GWY-02, GWY-03)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from gateway_services import Service
from werkzeug.wrappers import Request, Response

from chassis.web import WsgiApp

PIECES = ["profile", "wallet", "banners", "popular_products", "orders"]


def says(status: int = 200, **body: Any) -> Callable[[Request], Response]:
    return lambda _: Response(json.dumps(body), status=status, content_type="application/json")


@pytest.mark.rule("GWY-02")
def test_every_part_is_asked_once_as_the_member_and_comes_back_as_it_is(
    client: FlaskClient, services: dict[str, Service], token: Callable[..., str]
) -> None:
    services["wallet"].answer = says(payment_method="prepaid", usable_krw=12_000)
    bearer = token()
    page = client.get("/v1/home", headers={"Authorization": bearer})
    assert page.status_code == 200
    assert page.json["wallet"] == {"payment_method": "prepaid", "usable_krw": 12_000}
    assert page.json["profile"]["path"] == "/v1/me"
    assert page.json["banners"]["path"] == "/v1/banners"
    assert page.json["popular_products"]["path"] == "/v1/popular-products"
    assert page.json["orders"]["path"] == "/v1/orders/home"
    assert page.json["missing"] == []
    asked = [request for name in ("identity", "wallet", "catalog", "ordering") for request in services[name].requests]
    assert len(asked) == 5
    assert all(dict(request["headers"])["Authorization"] == bearer for request in asked)
    assert len({dict(request["headers"])["X-Correlation-Id"] for request in asked}) == 1


@pytest.mark.rule("GWY-02")
@pytest.mark.parametrize(
    ("method", "roles", "shown"),
    [
        ("prepaid", ["master"], ["anniversary", "order", "charge", "address_book"]),
        ("postpaid", ["master"], ["anniversary", "order", "postpaid_payments", "address_book"]),
        ("prepaid", ["sub"], ["anniversary", "order", "address_book"]),
        ("postpaid", ["sub"], ["anniversary", "order", "address_book"]),
    ],
)
def test_the_shortcut_to_the_money_is_the_masters_own(
    client: FlaskClient,
    services: dict[str, Service],
    token: Callable[..., str],
    method: str,
    roles: list[str],
    shown: list[str],
) -> None:
    services["wallet"].answer = says(payment_method=method)
    page = client.get("/v1/home", headers={"Authorization": token(roles=roles)})
    assert page.json["shortcuts"] == shown


@pytest.mark.rule("GWY-03")
@pytest.mark.parametrize(
    ("door", "lost"),
    [
        ("identity", ["profile"]),
        ("wallet", ["wallet"]),
        ("catalog", ["banners", "popular_products"]),
        ("ordering", ["orders"]),
    ],
)
def test_without_a_service_the_page_comes_without_its_part_and_says_so(
    gateway: Callable[..., WsgiApp],
    services: dict[str, Service],
    token: Callable[..., str],
    door: str,
    lost: list[str],
) -> None:
    services["wallet"].answer = says(payment_method="prepaid")
    client = gateway(**{f"{door}_url": "http://127.0.0.1:9"}).api.test_client()
    page = client.get("/v1/home", headers={"Authorization": token()})
    assert page.status_code == 200
    assert page.json["missing"] == lost
    assert [name for name in PIECES if page.json[name] is None] == lost
    assert ("charge" in page.json["shortcuts"]) is (door != "wallet")


@pytest.mark.rule("GWY-03")
@pytest.mark.parametrize("broken", [says(503), lambda _: Response("<html>"), lambda _: Response("[1]")])
def test_an_answer_that_is_none_is_missing(
    client: FlaskClient,
    services: dict[str, Service],
    token: Callable[..., str],
    broken: Callable[[Request], Response],
) -> None:
    services["ordering"].answer = broken
    assert client.get("/v1/home", headers={"Authorization": token()}).json["missing"] == ["orders"]


@pytest.mark.rule("IDN-13")
def test_a_session_that_a_service_knows_to_be_over_sees_no_page(
    client: FlaskClient, services: dict[str, Service], token: Callable[..., str]
) -> None:
    services["wallet"].answer = says(401, code="session_revoked")
    page = client.get("/v1/home", headers={"Authorization": token()})
    assert (page.status_code, page.json["code"]) == (401, "session_revoked")
    assert client.get("/v1/home").status_code == 401
    assert client.get("/v1/home", headers={"Authorization": token("operator")}).status_code == 403
