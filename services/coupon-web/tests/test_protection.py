"""What the pages keep to themselves, and from whom they take orders."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Iterator

import pytest
import structlog
from flask.testing import FlaskClient
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import ValidationError
from recipient_api import CODE, CODES, COUPONS, NUMBER, PAGE, PROOF, TOKEN, RecipientApi

from chassis import logs, tracing
from chassis.web import WsgiApp
from coupon_web.settings import Settings

SECRETS = (TOKEN, PROOF, CODE, NUMBER)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, at the most talkative level."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    logs.configure(service="coupon_web", process="api", level="DEBUG", stream=stream)
    yield stream
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def walk(phone: FlaskClient) -> None:
    """Everything that a recipient does, and some of what goes wrong."""
    phone.get(PAGE)
    phone.post(f"{PAGE}/code")
    phone.post(f"{PAGE}/proof", data={"code": CODE})
    phone.get(PAGE)
    phone.get(f"{PAGE}/coupons/1.png")
    phone.get(f"{PAGE}/coupons/9.png")
    phone.get(f"{PAGE}/nothing/here")
    phone.delete(PAGE)


@pytest.mark.parametrize(
    "address", [PAGE, f"{PAGE}/coupons/1.png", f"{PAGE}/coupons/7.png", f"{PAGE}/nothing", "/c/short", "/elsewhere"]
)
def test_every_answer_is_stored_nowhere_found_nowhere_and_loads_from_nowhere_else(
    proven_phone: FlaskClient, address: str
) -> None:
    headers = proven_phone.get(address).headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "frame-ancestors 'none'" in policy


def test_the_page_needs_nothing_that_its_policy_forbids(proven_phone: FlaskClient) -> None:
    page = proven_phone.get(PAGE).text

    assert not re.search(r"<script(?![^>]* src=)", page)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)
    assert not re.search(r'(src|href|action)="(https?:)?//', page)


def test_style_script_and_icon_may_be_kept_because_their_addresses_change_with_them(phone: FlaskClient) -> None:
    phone.post(f"{PAGE}/code")
    addresses = set(re.findall(r'(?:src|href)="(/c/assets/[^"]+)"', phone.get(PAGE).text))

    assert {address.rpartition(".")[2] for address in addresses} == {"css", "js", "svg"}
    for address in addresses:
        file = phone.get(address)
        assert file.status_code == 200
        assert "immutable" in file.headers["Cache-Control"]
        assert len(file.data) < 15 * 1024
    assert phone.get("/c/assets/000000000000/coupon.css").status_code == 404


def test_no_secret_is_in_any_log(phone: FlaskClient, log: io.StringIO) -> None:
    walk(phone)

    assert '"route": "/c/<token>"' in log.getvalue()
    assert not [secret for secret in SECRETS if secret in log.getvalue()]


def test_no_secret_is_in_the_metrics(app: WsgiApp, phone: FlaskClient) -> None:
    walk(phone)

    scraped = app.admin.test_client().get("/metrics").text

    assert 'route="/c/<token>"' in scraped
    assert not [secret for secret in SECRETS if secret in scraped]


def test_no_secret_is_in_any_trace(make_page: Callable[..., WsgiApp], recipient_api: RecipientApi) -> None:
    app = make_page(secure_cookies=False)
    spans = InMemorySpanExporter()
    provider = tracing.provider_for("coupon_web")
    provider.add_span_processor(SimpleSpanProcessor(tracing.WithoutMessages(spans)))
    tracing.instrument_app(app.api, provider)

    walk(app.api.test_client())

    assert recipient_api.asked(COUPONS)

    told = "\n".join(span.to_json() for span in spans.get_finished_spans())
    assert "GET /c/<token>" in told
    assert not [secret for secret in SECRETS if secret in told]


def test_errors_and_refusals_quote_no_secret(phone: FlaskClient) -> None:
    unknown = "x" * 24

    answered = phone.get(f"/c/{unknown}")

    assert answered.status_code == 404
    assert unknown not in answered.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://coupons.example"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "http://coupons.example"},
    ],
)
@pytest.mark.parametrize("address", [f"{PAGE}/code", f"{PAGE}/proof"])
def test_another_sites_page_can_change_nothing(
    phone: FlaskClient, recipient_api: RecipientApi, headers: dict[str, str], address: str
) -> None:
    answered = phone.post(address, headers=headers, data={"code": CODE})

    assert answered.status_code == 403
    assert "요청을 확인할 수 없어요" in answered.text
    assert recipient_api.calls == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Origin": "https://coupons.example"},
        {"Origin": "null"},
        {},
    ],
)
def test_the_pages_own_forms_are_taken_from_old_browsers_as_well(
    phone: FlaskClient, recipient_api: RecipientApi, headers: dict[str, str]
) -> None:
    assert phone.post(f"{PAGE}/code", headers=headers).status_code == 303
    assert len(recipient_api.asked(CODES)) == 1


def test_cookies_without_tls_are_refused_in_production(make_page: Callable[..., WsgiApp]) -> None:
    with pytest.raises(ValidationError, match="local suite only"):
        make_page(environment="production", secure_cookies=False)


def test_a_font_that_is_missing_is_told_with_where_to_get_it(make_page: Callable[..., WsgiApp]) -> None:
    with pytest.raises(ValidationError, match="fonts-nanum"):
        make_page(font_path="/nowhere/font.ttf")


def test_no_address_has_a_default() -> None:
    fields = Settings.model_fields

    assert fields["ordering_url"].is_required()
    assert fields["public_url"].is_required()
