"""The coupon page before a recipient API that a test makes up."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from recipient_api import PAGE, PROOF, RecipientApi

from chassis.testing.wire import Exchange, WireServer
from chassis.web import WsgiApp
from coupon_web.api import cookies
from coupon_web.main import create_api
from coupon_web.settings import Settings


class _Line:
    """What the API's server says at present: each test has a line of its own behind the same server."""

    api = RecipientApi()

    def answer(self, exchange: Exchange) -> None:
        self.api.answer(exchange)


@pytest.fixture(scope="session")
def line() -> _Line:
    """Where a test puts its line."""
    return _Line()


@pytest.fixture(scope="session")
def wire(line: _Line) -> Iterator[WireServer]:
    """The API's server."""
    with WireServer(line.answer) as server:
        yield server


@pytest.fixture
def recipient_api(line: _Line) -> RecipientApi:
    """A line with one issued coupon."""
    line.api = RecipientApi()
    return line.api


@pytest.fixture(scope="session")
def make_page(wire: WireServer) -> Callable[..., WsgiApp]:
    """Makes the service; names of settings change it."""
    settings = {
        "environment": "test",
        "api_port": 22_101,
        "admin_port": 22_102,
        "token_keys_url": "http://127.0.0.1:9/jwks.json",
        "trusted_proxies": "127.0.0.1/32",
        "ordering_url": wire.url,
        "public_url": "https://coupons.example",
    }
    return lambda **changed: create_api(Settings(**{**settings, **changed}))


@pytest.fixture(scope="session")
def app(make_page: Callable[..., WsgiApp]) -> WsgiApp:
    """The service as in production: cookies travel over TLS only."""
    return make_page()


@pytest.fixture
def phone(app: WsgiApp, recipient_api: RecipientApi) -> FlaskClient:
    """A browser that has proven nothing; the recipient's address is the gateway's word."""
    del recipient_api
    client = app.api.test_client()
    client.environ_base |= {"HTTP_X_FORWARDED_FOR": "203.0.113.7", "wsgi.url_scheme": "https"}
    return client


@pytest.fixture
def proven_phone(phone: FlaskClient) -> FlaskClient:
    """A browser that passed the identity check."""
    phone.set_cookie(cookies.PROOF, PROOF, path=PAGE)
    return phone
