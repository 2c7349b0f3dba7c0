"""`/v1/home`: asks every part side by side and shows what came (GWY-02, GWY-03)."""

from __future__ import annotations

import contextvars
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

from flask import Response, request
from flask_openapi3 import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field

from chassis.access import caller, members
from chassis.origin import client_address
from gateway.api.forwarding import Door, response_of
from gateway.domain import headers
from gateway.domain.errors import PartFailure
from gateway.domain.exchange import Headers, Incoming, Outgoing, UnsendableRequest
from gateway.domain.home import SOURCES, Source, shortcuts
from gateway.domain.parts import Side

SECONDS_MAX = 5.0
"""Nobody waits longer for a page that would come without the slow part."""
MASTER = "master"


class HomePage(BaseModel):
    """Each piece as its service answers it, or null; `missing` names the pieces that could not be had just now."""

    profile: dict[str, Any] | None
    wallet: dict[str, Any] | None
    banners: dict[str, Any] | None
    popular_products: dict[str, Any] | None
    orders: dict[str, Any] | None
    shortcuts: list[str] = Field(
        examples=[["anniversary", "order", "charge", "address_book"]],
        description="in their order; `charge` for prepaid masters, `postpaid_payments` for postpaid ones",
    )
    missing: list[str]


def home_blueprint(door: Door) -> APIBlueprint:
    """The route."""
    blueprint = APIBlueprint("home", __name__, abp_tags=[Tag(name="home")])

    @blueprint.get("/v1/home", responses={200: HomePage})
    @members
    def home() -> Response | HomePage:
        """The home page in one call. A service that is away takes its own piece away, never the page."""
        who = caller()
        door.rates.admit_caller(str(who.subject_id))
        answers = _ask_all(door)
        # Whether the session still holds each service checks for itself: one that says no speaks for all.
        ended = next((one for one in answers.values() if one and one.status == HTTPStatus.UNAUTHORIZED), None)
        if ended is not None:
            return response_of(ended)
        pieces = {name: _piece(answer) for name, answer in answers.items()}
        return HomePage(
            **pieces,
            shortcuts=list(shortcuts(pieces["wallet"], is_master=MASTER in who.roles)),
            missing=[name for name, piece in pieces.items() if piece is None],
        )

    return blueprint


def _ask_all(door: Door) -> Mapping[str, Incoming | None]:
    passed = [
        (name, value)
        for name, value in headers.for_service(request.headers.items(), client_address=client_address())
        if name.lower() not in {"content-type", "accept-encoding", "if-none-match", "if-modified-since", "range"}
    ]
    with ThreadPoolExecutor(len(SOURCES)) as pool:
        asked = {
            source.name: pool.submit(contextvars.copy_context().run, _ask, door, source, passed) for source in SOURCES
        }
        return {name: answer.result() for name, answer in asked.items()}


def _ask(door: Door, source: Source, passed: Headers) -> Incoming | None:
    outgoing = Outgoing(method="GET", target=source.target, headers=passed, body=b"")
    try:
        return door.upstreams[source.part, Side.API].send(outgoing, timeout_seconds=SECONDS_MAX)
    except (PartFailure, UnsendableRequest):
        return None


def _piece(answer: Incoming | None) -> dict[str, Any] | None:
    if answer is None or answer.status != HTTPStatus.OK:
        return None
    try:
        read = json.loads(answer.body)
    except ValueError:
        return None
    return read if isinstance(read, dict) else None
