"""What the routes of an application are, read from the application itself: a new route is walked by itself."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from chassis.access import Access, access_of
from chassis.web import WsgiApp

_NOT_CALLED = frozenset({"HEAD", "OPTIONS"})
_PLACE = re.compile(r"<(?P<converter>\w+:)?\w+>")


@dataclass(frozen=True)
class Caller:
    """Who calls: a kind with one role, or nobody."""

    name: str
    kind: str | None
    role: str | None
    token: str | None = field(repr=False)

    def is_admitted(self, access: Access) -> bool:
        """Whether what the view declares lets this caller in."""
        if access.is_public:
            return True
        return self.kind == access.kind and (not access.roles or self.role in access.roles)

    @property
    def headers(self) -> dict[str, str]:
        return {} if self.token is None else {"Authorization": f"Bearer {self.token}"}


@dataclass(frozen=True)
class Route:
    """One method of one rule, and what its view declares."""

    method: str
    rule: Rule
    access: Access

    @property
    def names_something(self) -> bool:
        """Whether its address holds the id of something that belongs to somebody."""
        return bool(self.rule.arguments)

    @property
    def address(self) -> str:
        """An address with ids that the caller's company does not have."""
        return _PLACE.sub(lambda found: "7" if found["converter"] == "int:" else str(uuid4()), self.rule.rule)

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"


@dataclass(frozen=True)
class Service:
    """A service's two applications, and those who call them."""

    package: str
    app: WsgiApp
    callers: Sequence[Caller]

    def routes(self) -> Iterator[tuple[Flask, Route]]:
        """Every route of both ports."""
        for port in (self.app.api, self.app.admin):
            for rule in port.url_map.iter_rules():
                access = access_of(port.view_functions[rule.endpoint])
                if access is None:
                    continue
                for method in sorted((rule.methods or set()) - _NOT_CALLED):
                    yield port, Route(method, rule, access)


EVERYBODYS = {"GET /v1/refunds/banks", "GET /v1/notifications", "GET /v1/orders/coupon-cards"}
"""Lists in which nothing is of anybody in particular: banks, what a member who chose nothing is told, and cards."""


def call(port: Flask, route: Route, caller: Caller) -> TestResponse:
    """The answer to the caller; what has a body gets an empty object."""
    body = None if route.method in {"GET", "DELETE"} else {}
    headers = caller.headers | {"Idempotency-Key": uuid4().hex}
    return port.test_client().open(route.address, method=route.method, headers=headers, json=body)


def fault_of(route: Route, caller: Caller, answer: TestResponse) -> str | None:
    """What is wrong with the answer; None when all is well."""
    said = f"{route} as {caller.name}: {answer.status_code}"
    if not caller.is_admitted(route.access):
        return None if answer.status_code == (401 if caller.kind is None else 403) else f"{said}, not refused"
    if answer.status_code >= 500 and answer.status_code != 503:
        return f"{said}, a failure of ours"
    wrong = None if route.access.is_public else _wrong_for_admitted(route, caller, answer)
    return None if wrong is None else f"{said}, {wrong}"


def _wrong_for_admitted(route: Route, caller: Caller, answer: TestResponse) -> str | None:
    if answer.status_code in {401, 403}:
        return "though the view declares this caller"
    if caller.kind == "member" and route.names_something and answer.status_code < 400:
        return "for an id that is not the caller's"
    if caller.kind == "member" and str(route) not in EVERYBODYS and answer.is_json and answer.json.get("items"):
        return "with items of somebody"
    return None
