"""Asking several parts side by side on behalf of one client, for an answer that is composed of theirs (GWY-03)."""

from __future__ import annotations

import contextvars
import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

from flask import request

from chassis.origin import client_address
from gateway.api.forwarding import Door
from gateway.domain import headers
from gateway.domain.errors import PartFailure
from gateway.domain.exchange import Headers, Incoming, Outgoing, UnsendableRequest
from gateway.domain.parts import Side
from gateway.domain.questions import Question

SECONDS_MAX = 5.0
"""Nobody waits longer for an answer that would come without the slow part."""
_OF_THE_WHOLE = frozenset(
    {
        "accept-encoding",
        "content-encoding",
        "content-type",
        "idempotency-key",
        "if-modified-since",
        "if-none-match",
        "range",
    }
)
"""What a client says of its own request and of the whole answer: it holds for no piece."""


def ask_all(door: Door, questions: Sequence[Question]) -> Mapping[str, Incoming | None]:
    """The answers by the names of the pieces; None of a part that is away or slow."""
    passed = _passed_on()
    with ThreadPoolExecutor(len(questions)) as pool:
        asked = {
            question.name: pool.submit(contextvars.copy_context().run, _ask, door, question, passed)
            for question in questions
        }
        return {name: answer.result() for name, answer in asked.items()}


def ask(door: Door, question: Question, *, timeout_seconds: float) -> Incoming:
    """The answer of a part that nothing goes without. Raises `PartFailure`, `UnsendableRequest`."""
    return _send(door, question, _passed_on(), timeout_seconds)


def refused_session(answers: Iterable[Incoming | None]) -> Incoming | None:
    """Whether the session still holds each service checks for itself: one that says no speaks for all."""
    return next((one for one in answers if one and one.status == HTTPStatus.UNAUTHORIZED), None)


def piece_of(answer: Incoming | None) -> dict[str, Any] | None:
    """What a part said, or None when it said nothing that can be shown."""
    if answer is None or answer.status != HTTPStatus.OK:
        return None
    try:
        read = json.loads(answer.body)
    except ValueError:
        return None
    return read if isinstance(read, dict) else None


def _passed_on() -> Headers:
    given = headers.for_service(request.headers.items(), client_address=client_address())
    return [(name, value) for name, value in given if name.lower() not in _OF_THE_WHOLE]


def _ask(door: Door, question: Question, passed: Headers) -> Incoming | None:
    try:
        return _send(door, question, passed, SECONDS_MAX)
    except (PartFailure, UnsendableRequest):
        return None


def _send(door: Door, question: Question, passed: Headers, timeout_seconds: float) -> Incoming:
    said = passed if question.body is None else [*passed, ("Content-Type", "application/json")]
    outgoing = Outgoing(method=question.method, target=question.target, headers=said, body=question.body or b"")
    return door.upstreams[question.part, Side.API].send(outgoing, timeout_seconds=timeout_seconds)
