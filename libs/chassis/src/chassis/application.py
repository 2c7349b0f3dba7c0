"""The flask application of one port: strict requests, pydantic answers, an OpenAPI document that tells the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NoReturn, get_type_hints

import orjson
from flask import Response, current_app, request
from flask.json.provider import JSONProvider
from flask_openapi3 import Info, OpenAPI
from pydantic import BaseModel, ValidationError

from chassis import context
from chassis.access import Access, access_of
from chassis.bodies import StrictRequest
from chassis.field_errors import field_errors, is_malformed_json
from chassis.openapi import ProblemDocument, Route, complete
from chassis.origin import TrustedProxies
from chassis.problems import InvalidRequest, MalformedJson, NotFound
from chassis.tracing import TRACE_HEADERS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

BODY_BYTES_MAX = 12 * 1024 * 1024
FORM_FIELD_BYTES_MAX = 1024 * 1024
FORM_PARTS_MAX = 100


class OrjsonProvider(JSONProvider):
    """Flask's JSON by orjson: UTF-8 as it is, UUIDs and times included."""

    def dumps(self, obj: Any, **_: Any) -> str:
        """The JSON text of a value; pydantic models may stand anywhere in it."""
        return orjson.dumps(obj, default=_plain).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        """The value of a JSON text."""
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        """A JSON answer."""
        return Response(self.dumps(self._prepare_response_obj(args, kwargs)), content_type="application/json")


class Application(OpenAPI):
    """One port of a service. Views may return a pydantic model, alone or with status and headers."""

    request_class = StrictRequest
    json_provider_class = OrjsonProvider

    def __init__(
        self, *, service: str, label: str, proxies: TrustedProxies, body_bytes_max: int = BODY_BYTES_MAX
    ) -> None:
        super().__init__(
            f"{service}.{label}",
            info=Info(title=f"{service} ({label})", version="1"),
            security_schemes={"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            validation_error_model=ProblemDocument,
            validation_error_callback=_refuse_invalid,
            doc_ui=False,
            static_folder=None,
        )
        self.service = service
        self.label = label
        self.proxies = proxies
        self.url_map.merge_slashes = False
        self.config.update(
            MAX_CONTENT_LENGTH=body_bytes_max,
            MAX_FORM_MEMORY_SIZE=FORM_FIELD_BYTES_MAX,
            MAX_FORM_PARTS=FORM_PARTS_MAX,
            PROVIDE_AUTOMATIC_OPTIONS=False,
        )

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request under its context."""
        if not self.proxies.trusts(environ.get("REMOTE_ADDR")):
            for header in TRACE_HEADERS:
                environ.pop(header, None)
        with context.use(self.proxies.context_of(environ)):
            return super().__call__(environ, start_response)

    def make_response(self, rv: Any) -> Response:
        """The answer of what a view returned."""
        if isinstance(rv, BaseModel):
            return _model_response(rv)
        if isinstance(rv, tuple) and rv and isinstance(rv[0], BaseModel):
            rv = (_model_response(rv[0]), *rv[1:])
        response: Response = super().make_response(rv)
        return response

    def log_exception(self, *_: Any) -> None:
        """Leave it to `refusals`: flask's own line would quote the address."""

    def generate_spec_json(self) -> None:
        """Fill in the OpenAPI document, and complete what flask-openapi3 cannot know."""
        super().generate_spec_json()  # type: ignore[no-untyped-call]
        complete(self.spec_json, tuple(self.routes()))

    def routes(self) -> Iterable[Route]:
        """Every route, with what its view declares."""
        for rule in self.url_map.iter_rules():
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield Route(rule.rule, method, self.view_functions[rule.endpoint])

    def require_declarations(self, *, refuse: Callable[[Access], bool]) -> None:
        """Refuse to start with a route that does not say who may call it, or says what `refuse` does not allow here.

        Neither may a route have parameters that its view would never get: flask-openapi3 hands them over as `path`.
        """
        for route in self.routes():
            if route.parameters and _takes_models(route.view) and "path" not in get_type_hints(route.view):
                raise RuntimeError(f"{route.method} {route.rule} has parameters and its view takes no `path`")
            access = access_of(route.view)
            if access is None:
                raise RuntimeError(f"{route.method} {route.rule} does not declare who may call it")
            if refuse(access):
                raise RuntimeError(f"{route.method} {route.rule} may not be offered on the {self.label} port")


def _takes_models(view: Callable[..., Any]) -> bool:
    """Whether flask-openapi3 calls the view with models; one added by `add_url_rule` gets flask's own parameters."""
    wrapped = getattr(view, "__wrapped__", None)
    return getattr(wrapped, "view", None) is view


def _model_response(model: BaseModel) -> Response:
    return Response(model.model_dump_json(by_alias=True), content_type="application/json")


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _refuse_invalid(error: ValidationError) -> NoReturn:
    """What flask-openapi3 calls when a part of the request does not fit its model."""
    if is_malformed_json(error):
        raise MalformedJson from None
    if error.title == _path_model_title():
        # An id that is none is the id of nothing.
        raise NotFound from None
    raise InvalidRequest(field_errors(error)) from None


def _path_model_title() -> str | None:
    view = current_app.view_functions[request.endpoint or ""]
    model = get_type_hints(view).get("path")
    return (model.model_config.get("title") or model.__name__) if model is not None else None
