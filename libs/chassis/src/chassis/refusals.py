"""From an exception to the answer: the one place where an error of any kind becomes a problem document."""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from flask import Response, current_app
from gunicorn.http.errors import ParseException
from sqlalchemy.exc import DataError, DBAPIError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, InternalServerError, RequestEntityTooLarge

from chassis import context
from chassis.bodies import write_json
from chassis.clock import ClockUnavailableError
from chassis.database import is_contention, is_outage, sqlstate
from chassis.dead_letters import PROBLEMS as DEAD_LETTER_PROBLEMS
from chassis.idempotency import PROBLEMS as IDEMPOTENCY_PROBLEMS
from chassis.problems import (
    BUILT_IN,
    BY_STATUS,
    INTERNAL,
    MEDIA_TYPE,
    BadRequest,
    BodyTooLarge,
    InvalidRequest,
    ProblemType,
    Unauthenticated,
    Unavailable,
    describe,
    problem_type_of,
)

CONTENTION_RETRY_AFTER_SECONDS = 1

_QUERY_CANCELLED = "57014"
"""SQLSTATE of a statement that took longer than its time-out."""

_OTHERS_FAILED = frozenset({502, 503, 504})
"""Somebody else is away or slow: no fault of ours that a stack trace would help to find."""

logger = structlog.get_logger(__name__)


class Refusals:
    """A service's map of errors to problems, on top of the chassis's own."""

    def __init__(self, problems: Mapping[type[Exception], ProblemType]) -> None:
        self._problems = {**BUILT_IN, **IDEMPOTENCY_PROBLEMS, **DEAD_LETTER_PROBLEMS, **problems}

    def respond(self, error: Exception) -> Response | HTTPException:
        """The answer to an error: a problem document, or the framework's own redirect."""
        known = problem_type_of(error, self._problems)
        if known is None:
            error = _translated(error)
            known = problem_type_of(error, self._problems)
        if known is not None:
            self._note(error, known)
            return _document(known, error)
        if isinstance(error, HTTPException) and not isinstance(error, InternalServerError):
            return _framework_answer(error)
        # What went wrong while another error was being answered comes wrapped.
        cause = getattr(error, "original_exception", None) or error
        logger.error("request failed", exc_info=cause)
        return _document(INTERNAL, None)

    def _note(self, error: Exception, problem_type: ProblemType) -> None:
        if isinstance(error, Unauthenticated):
            logger.info("caller refused", reason=error.reason)
        elif isinstance(error, Unavailable) or problem_type.status in _OTHERS_FAILED:
            logger.warning("unavailable", problem=problem_type.code, reason=str(error))
        elif problem_type.status >= INTERNAL.status:
            logger.error("request failed", problem=problem_type.code, exc_info=error)


def _translated(error: Exception) -> Exception:
    """What an error of the plumbing means to the caller; other errors stay as they are."""
    if isinstance(error, RequestEntityTooLarge):
        return BodyTooLarge(current_app.config["MAX_CONTENT_LENGTH"])
    if isinstance(error, ParseException):
        # The server found the body's chunks broken while the view read them.
        return BadRequest()
    if isinstance(error, ClockUnavailableError):
        return Unavailable("clock")
    return _database_refusal(error) if isinstance(error, SQLAlchemyError) else error


def _database_refusal(error: SQLAlchemyError) -> Exception:
    if isinstance(error, DataError):
        # A value that the column cannot hold came as far as the database: the caller's, and a missing check of ours.
        logger.warning("a value was refused only by the database", exc_info=error)
        return InvalidRequest()
    if is_contention(error) or _is_statement_timeout(error):
        return Unavailable("contention", retry_after_seconds=CONTENTION_RETRY_AFTER_SECONDS)
    return Unavailable("database") if is_outage(error) else error


def _is_statement_timeout(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and sqlstate(error) == _QUERY_CANCELLED


def _framework_answer(error: HTTPException) -> Response | HTTPException:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    problem_type = BY_STATUS.get(error.code) or ProblemType(
        error.name.lower().replace(" ", "_"), error.code, "요청을 처리할 수 없습니다.", error.description or error.name
    )
    response = _document(problem_type, None)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _document(problem_type: ProblemType, error: Exception | None) -> Response:
    problem = describe(problem_type, error, correlation_id=context.current().correlation_id)
    return Response(
        write_json(problem.members),
        status=problem.status,
        headers=dict(problem.headers),
        content_type=MEDIA_TYPE,
    )
