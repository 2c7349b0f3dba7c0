"""What stands in a log line, and what never does."""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Iterator
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
import structlog

from chassis import context, logs
from chassis.personal import DROPPED, is_personal, scrubbed

CANARIES = ("01012345678", "010-1234-5678", "hong@example.com", "홍길동", "s3cr3t-value")


class Lines:
    def __init__(self, stream: StringIO) -> None:
        self._stream = stream

    def all(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._stream.getvalue().splitlines()]

    def one(self) -> dict[str, Any]:
        (line,) = self.all()
        return line


@pytest.fixture
def lines() -> Iterator[Lines]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = StringIO()
    logs.configure(service="sample", process="worker", stream=stream)
    yield Lines(stream)
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def test_a_line_is_json_that_names_service_process_and_request_and_keeps_hangul(lines: Lines) -> None:
    correlation_id = UUID("01890000-0000-7000-8000-000000000001")
    with context.use(context.Context(correlation_id)):
        structlog.get_logger("somewhere").warning("주문 접수", order_id=correlation_id, count=3)
    line = lines.one()
    assert line["event"] == "주문 접수"
    assert (line["service"], line["process"], line["level"], line["logger"]) == (
        "sample",
        "worker",
        "warning",
        "somewhere",
    )
    assert line["correlation_id"] == line["order_id"] == str(correlation_id)
    assert line["count"] == 3
    assert line["timestamp"].endswith("Z")


def test_outside_a_request_none_is_named(lines: Lines) -> None:
    structlog.get_logger().info("started")
    assert "correlation_id" not in lines.one()


def test_the_standard_library_s_lines_look_the_same(lines: Lines) -> None:
    logging.getLogger("kombu").warning("lost %s", "connection", extra={"queue_name": "q", "phone": CANARIES[0]})
    line = lines.one()
    assert (line["event"], line["queue_name"], line["phone"]) == ("lost connection", "q", DROPPED)


@pytest.mark.parametrize("canary", CANARIES)
def test_a_personal_value_does_not_get_through_wherever_it_stands(lines: Lines, canary: str) -> None:
    log = structlog.get_logger()
    log.info("sent", phone=canary, recipient_name=canary, access_token=canary, Authorization=canary, email=canary)
    log.info("sent", nested={"deep": [{"password": canary, "member_name": canary, "Set-Cookie": canary}]})
    log.info("sent", body=canary, values={"a": canary}, payload=[canary], code=canary, one_time_code=canary)
    assert canary not in json.dumps(lines.all(), ensure_ascii=False)


@pytest.mark.parametrize("canary", CANARIES[:3])
def test_what_looks_personal_is_dropped_from_any_text(lines: Lines, canary: str) -> None:
    logging.getLogger("x").error("failed for %s", canary, exc_info=ValueError(f"cannot send to {canary}"))
    structlog.get_logger().info(f"about {canary}", reason=f"because of {canary}", items=[f"<{canary}>"])
    failed, about = lines.all()
    assert canary not in failed["event"]
    assert canary not in json.dumps(about)
    assert f"ValueError: cannot send to {DROPPED}" in failed["exception"]


def test_secrets_in_addresses_and_tokens_in_texts_are_dropped() -> None:
    assert scrubbed("amqp://user:s3cret@host/v") == f"amqp://{DROPPED}@host/v"
    assert DROPPED in scrubbed("got eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJ4In0.c2ln")
    assert DROPPED in scrubbed("call +82 10-1234-5678")


@pytest.mark.parametrize(
    "text",
    [
        "01890000-0000-7000-8000-010123456789",
        "order 20260302010123456789",
        "http://127.0.0.1:5432/x",
        "9,900,000 KRW",
        "2026-03-02T00:00:00Z",
    ],
)
def test_ids_amounts_and_times_are_kept(text: str) -> None:
    assert scrubbed(text) == text


def test_names_of_machinery_are_no_personal_names() -> None:
    for name in ("queue_name", "thread_name", "order_number", "status", "count", "route", "template_id"):
        assert not is_personal(name)


def test_a_value_of_unknown_kind_is_told_by_its_kind(lines: Lines) -> None:
    class Holder:
        def __repr__(self) -> str:
            return CANARIES[3]

    structlog.get_logger().info("held", thing=Holder())
    assert lines.one()["thing"] == "<Holder>"


def test_warnings_become_lines(lines: Lines) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("old", DeprecationWarning, stacklevel=1)
    assert "old" in lines.one()["event"]
