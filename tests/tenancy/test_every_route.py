"""Every route of every service with each kind of caller: nobody is let in whom the view does not declare (IDN-22)."""

from collections import Counter
from collections.abc import Mapping

import pytest
from every_route import Service, call, fault_of

from launcher.services import WITH_DATABASE

PUBLIC = {
    "catalog GET /v1/images/<string:image_name>",
    "identity GET /.well-known/jwks.json",
    "identity GET /v1/invitations/current",
    "identity GET /v1/sign-ups/<sign_up_id>",
    "identity GET /v1/terms",
    "identity POST /v1/invitations/current/join",
    "identity POST /v1/invitations/current/phone-codes",
    "identity POST /v1/invitations/current/phone-codes/check",
    "identity POST /v1/password-resets",
    "identity POST /v1/sessions",
    "identity POST /v1/sessions/<challenge_id>/codes",
    "identity POST /v1/sessions/<challenge_id>/verify",
    "identity POST /v1/sessions/refresh",
    "identity POST /v1/sign-ups",
    "identity POST /v1/sign-ups/<sign_up_id>/email-codes",
    "identity POST /v1/sign-ups/<sign_up_id>/email-codes/check",
    "identity POST /v1/sign-ups/<sign_up_id>/phone-codes",
    "identity POST /v1/sign-ups/<sign_up_id>/phone-codes/check",
    "identity POST /v1/sign-ups/<sign_up_id>/submit",
    "identity PUT /v1/password-resets/current",
    "identity PUT /v1/sign-ups/<sign_up_id>/business-number",
    "identity PUT /v1/sign-ups/<sign_up_id>/certificate",
    "identity PUT /v1/sign-ups/<sign_up_id>/company",
    "identity PUT /v1/sign-ups/<sign_up_id>/member",
    "identity PUT /v1/sign-ups/<sign_up_id>/terms",
    "messaging GET /v1/cards/<string:card_name>",
    "messaging POST /v1/webhooks/messages/<string:secret>",
    "ordering GET /v1/recipient/coupons",
    "ordering GET /v1/recipient/line",
    "ordering POST /v1/recipient/choice",
    "ordering POST /v1/recipient/codes",
    "ordering POST /v1/recipient/codes/check",
    "wallet POST /v1/webhooks/payments/<secret>",
}
"""What anybody may call at the members' ports; a new public route has to be added on purpose."""


@pytest.mark.rule("IDN-22", "IDN-24")
def test_each_route_lets_in_whom_it_declares_and_nobody_else(services: Mapping[str, Service]) -> None:
    faults, calls, walked = [], 0, Counter[str]()
    for service in services.values():
        for port, route in service.routes():
            walked[service.package] += 1
            for caller in service.callers:
                calls += 1
                fault = fault_of(route, caller, call(port, route, caller))
                if fault is not None:
                    faults.append(f"{service.package}: {fault}")
    print(f"{sum(walked.values())} routes × {len(next(iter(services.values())).callers)} callers = {calls} calls")
    assert faults == []
    assert set(walked) == set(WITH_DATABASE)
    assert calls == 7 * sum(walked.values())


@pytest.mark.rule("IDN-22")
def test_no_route_of_a_members_port_is_open_by_oversight(services: Mapping[str, Service]) -> None:
    public = {
        f"{service.package} {route}"
        for service in services.values()
        for port, route in service.routes()
        if route.access.is_public and port is service.app.api and route.rule.rule != "/openapi.json"
    }
    assert sorted(public) == sorted(PUBLIC)
