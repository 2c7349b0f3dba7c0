"""The web side of a service: one application for clients, one for operators, each on a port of its own.

app = create_app(service="wallet", database=database, clock=clock, api_blueprints=[…], admin_blueprints=[…],
                 problems={InsufficientFunds: ProblemType(…)}, authenticator=authenticator, settings=settings)
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, get_type_hints

import structlog
from flask import Response, g, jsonify, request
from flask_openapi3 import APIBlueprint

from chassis import context, health, metrics, tracing
from chassis.access import MEMBER, Access, access_of, public
from chassis.application import BODY_BYTES_MAX, Application
from chassis.bodies import MULTIPART, is_sound, refuse_unsound_form, refuse_unsound_text
from chassis.clock import Clock
from chassis.context import CORRELATION_HEADER
from chassis.database import Database
from chassis.health import ReadinessCheck, health_blueprint
from chassis.idempotency import idempotency_key, is_keyed
from chassis.origin import EXTENSION, TrustedProxies
from chassis.problems import (
    BadRequest,
    BodyTooLarge,
    NotFound,
    ProblemType,
    Unauthenticated,
    UnsupportedMediaType,
)
from chassis.refusals import Refusals
from chassis.settings import ServiceSettings
from chassis.settings_in_force import settings_blueprint
from chassis.tokens import Authenticator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

BEARER = "bearer "
PROBE_ROUTES = frozenset({"/healthz/live", "/healthz/ready", "/metrics"})

access_log = structlog.get_logger("access")


@dataclass(frozen=True, slots=True)
class WsgiApp:
    """Both applications behind one WSGI callable; the port that a request came in by decides which answers."""

    api: Application
    admin: Application
    settings: ServiceSettings

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        is_admin = environ.get("SERVER_PORT") == str(self.settings.admin_port)
        return (self.admin if is_admin else self.api)(environ, start_response)


def create_app(
    *,
    service: str,
    database: Database | None,
    clock: Clock,
    api_blueprints: Sequence[APIBlueprint],
    admin_blueprints: Sequence[APIBlueprint] = (),
    problems: Mapping[type[Exception], ProblemType],
    authenticator: Authenticator | None,
    settings: ServiceSettings,
    readiness: Sequence[ReadinessCheck] = (),
    body_bytes_max: int = BODY_BYTES_MAX,
) -> WsgiApp:
    """Both applications of a service.

    `readiness` are checks beside the database's own. Raises RuntimeError when a view does not declare its access,
    when the admin port would serve members, or when somebody has to be authenticated and nobody can do it.
    """
    proxies = TrustedProxies(settings.trusted_proxies)
    refusals = Refusals({**health.PROBLEMS, **problems})

    def build(label: str, blueprints: Sequence[APIBlueprint], refuse: Callable[[Access], bool]) -> Application:
        app = Application(service=service, label=label, proxies=proxies, body_bytes_max=body_bytes_max)
        app.extensions[EXTENSION] = proxies
        for blueprint in blueprints:
            app.register_api(blueprint)
        _serve_document(app)
        app.require_declarations(
            refuse=lambda access: refuse(access) or (authenticator is None and not access.is_public)
        )
        if settings.otlp_endpoint is not None:
            # First, so that a request that is refused before its view has a span too.
            tracing.instrument_app(app)
        _Flow(app, clock, authenticator).install()
        app.register_error_handler(Exception, refusals.respond)
        return app

    own_admin = [health_blueprint(database, readiness)]
    if authenticator is not None:
        own_admin.append(settings_blueprint(settings))
    return WsgiApp(
        api=build("api", api_blueprints, lambda _: False),
        admin=build("admin", (*own_admin, *admin_blueprints), lambda access: access.kind == MEMBER),
        settings=settings,
    )


class _Flow:
    """What happens to each request before and after its view."""

    def __init__(self, app: Application, clock: Clock, authenticator: Authenticator | None) -> None:
        self._app = app
        self._clock = clock
        self._authenticator = authenticator
        self._reads_form = {endpoint: "form" in get_type_hints(view) for endpoint, view in app.view_functions.items()}

    def install(self) -> None:
        self._app.before_request(self._before)
        self._app.after_request(self._after)

    def _before(self) -> None:
        g.started = time.perf_counter()
        _refuse_large_body(self._app.config["MAX_CONTENT_LENGTH"])
        if request.endpoint is None:
            return
        self._clock.refresh()
        view = self._app.view_functions[request.endpoint]
        self._admit(view)
        _refuse_unsound_address()
        if is_keyed(view):
            idempotency_key()
        if self._reads_form[request.endpoint]:
            if request.mimetype != MULTIPART:
                raise UnsupportedMediaType(MULTIPART)
            refuse_unsound_form(request)

    def _admit(self, view: Callable[..., Any]) -> None:
        access = access_of(view)
        if access is None or access.is_public:
            return
        if self._authenticator is None:
            raise Unauthenticated("nobody to ask")
        found = self._authenticator.authenticate(_bearer_token())
        g.caller = found
        access.admit(found)

    def _after(self, response: Response) -> Response:
        seconds = time.perf_counter() - g.get("started", time.perf_counter())
        # The template, never the address: tokens may stand in it.
        route = request.url_rule.rule if request.url_rule else metrics.UNMATCHED_ROUTE
        response.headers[CORRELATION_HEADER] = str(context.current().correlation_id)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        metrics.observe_request(
            service=self._app.service,
            app=self._app.label,
            method=request.method,
            route=route,
            status=response.status_code,
            seconds=seconds,
        )
        found = g.get("caller")
        # Probes and scrapes come every few seconds and say nothing while all is well.
        log = access_log.debug if route in PROBE_ROUTES and response.status_code == HTTPStatus.OK else access_log.info
        log(
            "request",
            app=self._app.label,
            method=request.method,
            route=route,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
            **({"caller_id": str(found.subject_id)} if found else {}),
        )
        return response


def _serve_document(app: Application) -> None:
    @app.route("/openapi.json", methods=["GET"])
    @public
    def openapi_document() -> Response:
        return jsonify(app.api_doc)


def _refuse_large_body(bytes_max: int) -> None:
    if request.content_length is not None and request.content_length > bytes_max:
        raise BodyTooLarge(bytes_max)


def _refuse_unsound_address() -> None:
    if not all(is_sound(value) for value in (request.view_args or {}).values() if isinstance(value, str)):
        raise NotFound
    refuse_unsound_text(request.args.to_dict(flat=False))
    if not all(is_sound(value) for value in request.headers.values()):
        raise BadRequest


def _bearer_token() -> str:
    header = request.headers.get("Authorization", "")
    if header[: len(BEARER)].lower() != BEARER:
        raise Unauthenticated("no token")
    return header[len(BEARER) :].strip()
