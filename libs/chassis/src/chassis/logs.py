"""Logs: one JSON object a line on standard output, with the correlation id, never with a personal value."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import MutableMapping
from datetime import date, datetime
from enum import Enum
from pathlib import PurePath
from typing import Any, TextIO
from uuid import UUID

import structlog
from structlog.types import EventDict, Processor

from chassis import context
from chassis.personal import DROPPED, is_personal, without_personal
from chassis.tracebacks import safe_traceback

_OWN_KEYS = frozenset({"event", "level", "logger", "timestamp", "service", "process", "correlation_id", "exception"})
_NOISY = {"httpx": logging.WARNING, "httpcore": logging.WARNING, "amqp": logging.WARNING, "botocore": logging.WARNING}


def configure(*, service: str, process: str, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send the logs of this process, structlog's and the standard library's, to a stream: standard output.

    `process` is what the process does: `api`, `worker`, `relay` …
    """

    def name_process(_: Any, __: str, event: EventDict) -> EventDict:
        event["service"] = service
        event["process"] = process
        return event

    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        name_process,
        add_correlation,
        render_error,
        drop_personal,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render_json],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name, at_least in _NOISY.items():
        logging.getLogger(name).setLevel(max(at_least, root.level))
    logging.captureWarnings(capture=True)


def add_correlation(_: Any, __: str, event: EventDict) -> EventDict:
    """Name the request that the line belongs to, when there is one."""
    used = context.in_use()
    if used is not None:
        event["correlation_id"] = str(used.correlation_id)
        if used.causation_id is not None:
            event["causation_id"] = str(used.causation_id)
    return event


def render_error(_: Any, __: str, event: EventDict) -> EventDict:
    """Turn `exc_info` into a stack trace without values."""
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else _handled(given)
    if error is not None:
        event["exception"] = safe_traceback(error)
    return event


def drop_personal(_: Any, __: str, event: EventDict) -> EventDict:
    """Replace what stands under a name of personal values or secrets, or looks like one."""
    return {
        name: DROPPED if name not in _OWN_KEYS and is_personal(name) else without_personal(value)
        for name, value in event.items()
        if not name.startswith("_")
    } | {name: value for name, value in event.items() if name.startswith("_")}


def render_json(_: Any, __: str, event: MutableMapping[str, Any]) -> str:
    """The line."""
    return json.dumps(event, ensure_ascii=False, default=_plain)


def _handled(given: Any) -> BaseException | None:
    if isinstance(given, tuple):
        return given[1] if isinstance(given[1], BaseException) else None
    return sys.exc_info()[1] if given else None


def _plain(value: Any) -> str:
    """A value's text when its kind is known to be harmless; of others, only the kind is told."""
    if isinstance(value, (UUID, datetime, date, Enum, PurePath, type)):
        return str(value)
    return f"<{type(value).__name__}>"
