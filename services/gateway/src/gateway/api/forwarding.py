"""The routes of the table: admit, hand on, hand back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from flask import Response, g, request
from flask_openapi3 import APIBlueprint

from chassis.access import Caller, members, operators, public
from chassis.origin import client_address
from chassis.problems import NotFound
from gateway.api.pages import page_of
from gateway.api.rates import Rates
from gateway.api.security import protect
from gateway.domain import headers
from gateway.domain.addresses import is_plain, target_of
from gateway.domain.exchange import Incoming, Outgoing, Upstream
from gateway.domain.long_polls import LongPolls, wait_seconds_of
from gateway.domain.parts import Part, Side
from gateway.domain.routes import Access, Route

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
READING_METHODS = frozenset({"GET", "HEAD"})

_ADMITTING: Mapping[Access, Callable[[Callable[..., Response]], Callable[..., Response]]] = {
    Access.PUBLIC: public,
    Access.MEMBER: members,
    Access.OPERATOR: operators,
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """The places of requests that wait for news, and how long they may."""

    places: LongPolls
    seconds_max: float
    margin_seconds: float


@dataclass(frozen=True, slots=True)
class Door:
    """What forwarding needs."""

    upstreams: Mapping[tuple[Part, Side], Upstream]
    rates: Rates
    waiting: Waiting
    is_secure: bool
    """Whether clients come over TLS only."""


def forwarding_blueprint(routes: Iterable[Route], door: Door) -> APIBlueprint:
    """A rule for each prefix of the table, and one for what lies below it."""
    blueprint = APIBlueprint("forwarding", __name__)
    by_endpoint: dict[str, Route] = {}
    for number, route in enumerate(routes):
        view = _ADMITTING[route.access](_view_of(route, door))
        endpoint = f"{route.part}_{number}"
        by_endpoint[f"{blueprint.name}.{endpoint}"] = route
        for rule in (route.prefix, f"{route.prefix}/<path:path>"):
            blueprint.add_url_rule(rule, endpoint, view, methods=METHODS)

    # Before the caller is authenticated: trying out tokens counts as well.
    @blueprint.before_app_request
    def count_request() -> None:
        address = client_address()
        route = by_endpoint.get(request.endpoint or "")
        if route is not None and route.is_webhook:
            door.rates.admit_webhook(address)
            return
        door.rates.admit_address(address)
        if route is not None and route.is_careful and request.method not in READING_METHODS:
            door.rates.admit_careful(address)

    @blueprint.after_app_request
    def protect_answer(response: Response) -> Response:
        route = by_endpoint.get(request.endpoint or "")
        is_page = route is not None and route.is_page
        if is_page and not g.get("is_from_service") and request.accept_mimetypes.accept_html:
            response = page_of(response)
        return protect(response, is_page=is_page, is_secure=door.is_secure)

    return blueprint


def _view_of(route: Route, door: Door) -> Callable[..., Response]:
    upstream = door.upstreams[route.part, route.side]

    def forward(path: str = "") -> Response:
        del path  # Decoded with replacements; the bytes themselves are what is judged and handed on.
        caller: Caller | None = g.get("caller")
        if caller is not None:
            door.rates.admit_caller(str(caller.subject_id))
        outgoing = _outgoing(route)
        seconds = _wait_seconds(route, door.waiting)
        waits: AbstractContextManager[None] = nullcontext()
        timeout_seconds = route.timeout_seconds
        if seconds:
            waits = door.waiting.places.place(str(caller.subject_id) if caller else client_address())
            timeout_seconds = max(timeout_seconds, seconds + door.waiting.margin_seconds)
        with waits:
            return response_of(upstream.send(outgoing, timeout_seconds=timeout_seconds))

    return forward


def _outgoing(route: Route) -> Outgoing:
    path = str(request.environ.get("PATH_INFO", ""))
    target = route.target_of(path) if is_plain(path) else None
    if target is None:
        raise NotFound
    return Outgoing(
        method=request.method,
        target=target_of(target, str(request.environ.get("QUERY_STRING", ""))),
        headers=headers.for_service(request.headers.items(), client_address=client_address()),
        body=request.get_data(cache=False),
    )


def _wait_seconds(route: Route, waiting: Waiting) -> float:
    if not route.may_wait or request.method not in READING_METHODS:
        return 0.0
    return wait_seconds_of(request.args.get("wait_seconds"), seconds_max=waiting.seconds_max)


def response_of(answer: Incoming) -> Response:
    """A service's answer as the client gets it."""
    g.is_from_service = True
    passed = headers.for_client(answer.headers, keeps_length=request.method == "HEAD")
    # A list, because the framework would write its own length over that of an answer to HEAD.
    response = Response([answer.body], status=answer.status, headers=list(passed))
    if not any(name.lower() == "content-type" for name, _ in passed):
        del response.headers["Content-Type"]  # The framework's guess is not the service's word.
    return response
