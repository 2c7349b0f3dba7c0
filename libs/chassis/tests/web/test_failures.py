"""What is not the client's fault: the database away, a bug of ours; and what the answer and the log tell of it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import psycopg
import pytest
import structlog
from chassis_sample.service import Untold
from pydantic import BaseModel, ValidationError
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from chassis import logs
from chassis.clock import ClockUnavailableError
from chassis.database import Database
from chassis.problems import BadRequest, Unavailable
from chassis.settings import ServiceSettings
from chassis.tokens import Authenticator
from chassis.web import create_app

BODY = {"label": "홍길동-in-the-body", "weight_grams": 777_777}


@pytest.fixture
def lines() -> Iterator[Any]:
    """What was logged since the last asking, line by line."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = StringIO()
    logs.configure(service="sample", process="api", stream=stream)

    def read() -> list[dict[str, Any]]:
        text_of = stream.getvalue()
        stream.truncate(0)
        stream.seek(0)
        return [json.loads(line) for line in text_of.splitlines()]

    yield read
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def fail_with(service: Any, error: Exception) -> Any:
    service.failing.error = error
    return service.api.post("/v1/failures/a-secret-of-the-address", json=BODY)


def database_error(service: Any, statement: str, **values: Any) -> DBAPIError:
    with pytest.raises(DBAPIError) as raised, service.database.transaction() as session:
        session.execute(text(statement), values)
    return raised.value


def test_a_bug_is_a_500_with_its_correlation_id_and_is_logged_without_the_body(service: Any, lines: Any) -> None:
    lines()
    response = fail_with(service, RuntimeError("boom"))
    document = response.get_json()
    assert (response.status_code, document["code"]) == (500, "internal")
    assert "boom" not in response.get_data(as_text=True)
    failure, access = lines()
    assert failure["correlation_id"] == access["correlation_id"] == document["correlation_id"]
    assert "RuntimeError: boom" in failure["exception"]
    assert "in fail" in failure["exception"]
    assert "홍길동" not in json.dumps([failure, access], ensure_ascii=False)


def test_a_request_is_one_line_with_the_route_and_never_the_address(service: Any, lines: Any) -> None:
    lines()
    service.api.post("/v1/failures/a-secret-of-the-address?token=abc", json=BODY)
    service.api.get("/v1/a-secret-of-the-address")
    answered, unknown = lines()
    assert (answered["method"], answered["route"], answered["status"]) == ("POST", "/v1/failures/<secret>", 200)
    assert isinstance(answered["ms"], float)
    assert (unknown["route"], unknown["status"]) == ("(none)", 404)
    assert "a-secret" not in json.dumps([answered, unknown])


def test_a_domain_error_becomes_its_problem(make: Any) -> None:
    response = make(weight_grams=900_001)
    document = response.get_json()
    assert (response.status_code, document["code"]) == (409, "too_heavy")
    assert document["message"] == {"ko": "900,000g까지만 가능합니다.", "en": "At most 900,000 g."}
    assert (document["weight_grams"], document["allowed_grams"]) == (900_001, 900_000)


@pytest.mark.parametrize(
    "error", [ClockUnavailableError("away"), Unavailable("away"), pytest.param("refused", id="database")]
)
def test_what_is_away_is_a_503_with_a_time_to_come_again(service: Any, error: Any) -> None:
    if error == "refused":
        with pytest.raises(DBAPIError) as raised:
            create_engine("postgresql+psycopg://nobody@127.0.0.1:9/none").connect()
        error = raised.value
    response = fail_with(service, error)
    assert (response.status_code, response.get_json()["code"]) == (503, "unavailable")
    assert int(response.headers["Retry-After"]) > 0


def test_a_connection_that_the_server_ends_is_a_503(service: Any) -> None:
    error = database_error(service, "SELECT pg_terminate_backend(pg_backend_pid())")
    assert fail_with(service, error).status_code == 503


def test_a_statement_that_takes_too_long_is_a_503(service: Any) -> None:
    hurried = Database(service.database.engine.url, application_name="test", statement_timeout_seconds=0.05)
    with pytest.raises(DBAPIError) as raised, hurried.transaction() as session:
        session.execute(text("SELECT pg_sleep(10)"))
    hurried.dispose()
    assert fail_with(service, raised.value).status_code == 503


def test_a_value_that_only_the_database_refuses_is_still_the_client_s(service: Any) -> None:
    for values in ({"value": 2**70}, {"value": "\x00"}):
        with pytest.raises(DBAPIError) as raised, service.database.transaction() as session:
            session.execute(text("SELECT cast(:value AS bigint)"), values)
        assert fail_with(service, raised.value).status_code == 422


def test_the_log_of_a_database_error_does_not_quote_the_row(service: Any, lines: Any) -> None:
    lines()
    statement = "INSERT INTO things VALUES (gen_random_uuid(), :label, 1, clock_timestamp()), (NULL, :label, 1, NULL)"
    error = database_error(service, statement, label="홍길동")
    assert "홍길동" in str(error.orig)
    assert fail_with(service, error).status_code == 500
    logged = lines()[0]["exception"]
    assert "홍길동" not in logged
    assert "23502" in logged
    assert "things" in logged


def test_an_answer_that_breaks_its_own_model_is_our_fault(service: Any, lines: Any) -> None:
    class Strict(BaseModel):
        number: int

    with pytest.raises(ValidationError) as raised:
        Strict.model_validate({"number": BODY["label"]})
    lines()
    assert fail_with(service, raised.value).status_code == 500
    logged = lines()[0]["exception"]
    assert "number: int_parsing" in logged
    assert "홍길동" not in logged


def test_causes_are_logged_first_cause_first(service: Any, lines: Any) -> None:
    try:
        try:
            raise psycopg.OperationalError("inner")
        except psycopg.Error as inner:
            raise LookupError("outer") from inner
    except LookupError as outer:
        lines()
        fail_with(service, outer)
    logged = lines()[0]["exception"]
    assert logged.index("OperationalError") < logged.index("outer")


def test_a_problem_s_text_that_asks_for_too_much_is_our_fault_too(service: Any, lines: Any) -> None:
    lines()
    response = fail_with(service, Untold())
    assert (response.status_code, response.get_json()["code"]) == (500, "internal")
    failure, access = lines()
    assert "no attribute 'missing'" in failure["exception"]
    assert "a-secret" not in json.dumps([failure, access])


def test_what_http_itself_forbids_is_a_400(service: Any) -> None:
    assert fail_with(service, BadRequest()).status_code == 400
    assert service.api.get("/v1/nothing", headers={"Host": "a b"}).status_code in {400, 404}


class TestHealth:
    def test_the_process_lives_and_is_ready_while_the_database_answers(self, service: Any) -> None:
        assert service.admin.get("/healthz/live").get_json()["status"] == "live"
        assert service.admin.get("/healthz/ready").get_json() == {"status": "ready", "checks": ["database"]}

    def test_without_its_database_it_lives_and_is_not_ready(self, issuer: Any, settings: ServiceSettings) -> None:
        away = Database("postgresql://nobody@127.0.0.1:9/none", application_name="test")
        app = create_app(
            service="sample",
            database=away,
            clock=issuer.clock,
            api_blueprints=[],
            problems={},
            authenticator=Authenticator(issuer.url, away, clock=issuer.clock),
            settings=settings,
        )
        admin = app.admin.test_client()
        assert admin.get("/healthz/live").status_code == 200
        response = admin.get("/healthz/ready")
        assert (response.status_code, response.get_json()["code"]) == (503, "not_ready")
        assert response.get_json()["failed"] == ["database"]
        headers = issuer.headers(kind="operator", roles=["admin"])
        guarded = admin.get("/admin/settings", headers=headers)
        assert (guarded.status_code, guarded.get_json()["code"]) == (503, "unavailable")

    def test_the_metrics_name_routes_and_never_addresses(self, service: Any) -> None:
        service.api.post("/v1/failures/a-secret-of-the-address", json=BODY)
        text_of = service.admin.get("/metrics").get_data(as_text=True)
        assert 'http_requests_total{app="api",method="POST",route="/v1/failures/<secret>"' in text_of
        assert "a-secret" not in text_of


class TestCorrelation:
    GIVEN = "01890000-0000-7000-8000-000000000001"

    def answered(self, service: Any, peer: str, given: str) -> str:
        response = service.api.get(
            "/v1/nothing", headers={"X-Correlation-Id": given}, environ_overrides={"REMOTE_ADDR": peer}
        )
        assert response.get_json()["correlation_id"] == response.headers["X-Correlation-Id"]
        return str(response.headers["X-Correlation-Id"])

    def test_the_gateway_s_correlation_id_is_kept(self, service: Any) -> None:
        assert self.answered(service, "10.1.2.3", self.GIVEN) == self.GIVEN

    @pytest.mark.parametrize(("peer", "given"), [("203.0.113.9", GIVEN), ("10.1.2.3", "x"), ("10.1.2.3", "가")])
    def test_a_stranger_s_and_what_is_no_uuid_is_replaced(self, service: Any, peer: str, given: str) -> None:
        assert self.answered(service, peer, given.encode().decode("latin-1")) != given
