"""Who may call what, and that a service with an undeclared door does not start."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel
from sqlalchemy import select

from chassis.access import caller, members, operators, public
from chassis.clock import FixedClock
from chassis.settings import ServiceSettings
from chassis.tables import session_floors
from chassis.tokens import KEPT_SECONDS, REREAD_SECONDS, RETRY_SECONDS, Authenticator, raise_floor
from chassis.web import create_app


def status_with(service: Any, headers: dict[str, str]) -> int:
    status: int = service.api.get("/v1/things", headers=headers).status_code
    return status


def status_of(service: Any, **claims: Any) -> int:
    return status_with(service, service.issuer.headers(**claims))


def build(settings: ServiceSettings, clock: FixedClock, *, authenticator: Any = None, **blueprints: Any) -> Any:
    return create_app(
        service="sample",
        database=None,
        clock=clock,
        problems={},
        authenticator=authenticator,
        settings=settings,
        **({"api_blueprints": []} | blueprints),
    )


def blueprint_with(view: Any, rule: str = "/v1/doors") -> APIBlueprint:
    blueprint = APIBlueprint("doors", __name__)
    blueprint.get(rule)(view)
    return blueprint


def door() -> dict[str, str]:
    return {"door": "open"}


class TestStarting:
    def test_a_view_without_declared_access_keeps_the_service_from_starting(
        self, settings: ServiceSettings, fixed_clock: FixedClock
    ) -> None:
        with pytest.raises(RuntimeError, match="GET /v1/doors does not declare who may call it"):
            build(settings, fixed_clock, api_blueprints=[blueprint_with(door)])

    def test_a_member_route_on_the_admin_port_keeps_the_service_from_starting(
        self, settings: ServiceSettings, fixed_clock: FixedClock, issuer: Any
    ) -> None:
        def view() -> dict[str, str]:
            return {}

        with pytest.raises(RuntimeError, match="may not be offered on the admin port"):
            build(
                settings,
                fixed_clock,
                authenticator=Authenticator(issuer.url, None, clock=fixed_clock),
                admin_blueprints=[blueprint_with(members(view), "/admin/doors")],
            )

    def test_a_guarded_route_with_nobody_to_check_tokens_keeps_the_service_from_starting(
        self, settings: ServiceSettings, fixed_clock: FixedClock
    ) -> None:
        def view() -> dict[str, str]:
            return {}

        with pytest.raises(RuntimeError, match="may not be offered"):
            build(settings, fixed_clock, api_blueprints=[blueprint_with(members(view))])

    def test_a_parameter_that_no_view_takes_keeps_the_service_from_starting(
        self, settings: ServiceSettings, fixed_clock: FixedClock
    ) -> None:
        def view() -> dict[str, str]:
            return {}

        with pytest.raises(RuntimeError, match="takes no `path`"):
            build(settings, fixed_clock, api_blueprints=[blueprint_with(public(view), "/v1/doors/<uuid:door_id>")])

    def test_access_is_declared_once(self) -> None:
        def view() -> None:
            """Nothing."""

        with pytest.raises(TypeError, match="twice"):
            operators(public(view))

    def test_the_caller_of_a_public_view_cannot_be_asked_for(
        self, settings: ServiceSettings, fixed_clock: FixedClock
    ) -> None:
        def view() -> dict[str, str]:
            return {"who": str(caller())}

        app = build(settings, fixed_clock, api_blueprints=[blueprint_with(public(view))])
        assert app.api.test_client().get("/v1/doors").status_code == 500


class TestTokens:
    def test_a_member_with_a_good_token_is_let_in(self, service: Any) -> None:
        assert status_of(service) == 200

    def test_a_role_that_is_not_asked_for_is_refused_before_the_body_is_read(self, service: Any) -> None:
        headers = service.issuer.headers(roles=["reader"])
        response = service.api.post("/v1/things", data="no json", headers=headers)
        assert (response.status_code, response.get_json()["code"]) == (403, "forbidden")

    def test_an_operator_is_no_member_and_a_member_no_operator(self, service: Any) -> None:
        operator = service.issuer.headers(kind="operator", roles=["admin"], tid=None, tgen=None)
        assert status_with(service, operator) == 403
        assert service.admin.get("/admin/things", headers=operator).status_code == 200
        assert service.admin.get("/admin/things", headers=service.issuer.headers(roles=["admin"])).status_code == 403

    def test_an_operator_needs_one_of_the_roles(self, service: Any) -> None:
        for roles, status in ((["catalog"], 200), (["admin", "x"], 200), (["support"], 403), ([], 403)):
            headers = service.issuer.headers(kind="operator", roles=roles, tid=None, tgen=None)
            assert service.admin.get("/admin/things", headers=headers).status_code == status

    @pytest.mark.parametrize(
        "header",
        ["", "Bearer", "Bearer ", "Bearer x", "Bearer a.b.c", "Basic abc", "Bearer " + "x" * 9_000, "Bearer \x7f"],
    )
    def test_what_is_no_token_is_a_401(self, service: Any, header: str) -> None:
        response = service.api.get("/v1/things", headers={"Authorization": header})
        assert (response.status_code, response.get_json()["code"]) == (401, "unauthenticated")
        assert response.headers["WWW-Authenticate"] == "Bearer"

    @pytest.mark.parametrize(
        "claims",
        [
            {"iss": "somebody"},
            {"iss": None},
            {"aud": "another"},
            {"aud": ["another"]},
            {"aud": None},
            {"exp": None},
            {"iat": None},
            {"sub": None},
            {"sub": "no id"},
            {"kind": "robot"},
            {"kind": None},
            {"gen": None},
            {"gen": -1},
            {"roles": "maker"},
            {"iat": 4_000_000_000, "exp": 4_000_000_100},
        ],
    )
    def test_a_token_with_other_claims_is_a_401(self, service: Any, claims: dict[str, Any]) -> None:
        assert status_of(service, **claims) == 401

    def test_one_of_several_audiences_is_enough(self, service: Any) -> None:
        assert status_of(service, aud=["another", "coupbiz"]) == 200

    def test_a_token_ends_with_the_second_of_its_expiry(self, service: Any) -> None:
        headers = service.issuer.headers(exp=int(service.clock.now().timestamp()) + 1)
        assert status_with(service, headers) == 200
        service.clock.set(service.clock.now().replace(second=1))
        assert status_with(service, headers) == 401

    def test_a_token_that_another_key_signed_is_a_401(self, service: Any, fixed_clock: FixedClock) -> None:
        stranger = type(service.issuer)(fixed_clock)
        assert status_with(service, stranger.headers()) == 401

    def test_an_unsigned_token_and_one_signed_with_the_public_key_are_401s(self, service: Any) -> None:
        import base64
        import hashlib
        import hmac
        import json

        def part(value: bytes) -> str:
            return base64.urlsafe_b64encode(value).decode().rstrip("=")

        claims = service.issuer.token().split(".")[1]
        unsigned = part(json.dumps({"alg": "none", "kid": "first"}).encode()) + f".{claims}."
        header = part(json.dumps({"alg": "HS256", "kid": "first"}).encode())
        public_key = json.dumps(service.issuer.document()["keys"][0]).encode()
        signature = hmac.new(public_key, f"{header}.{claims}".encode(), hashlib.sha256).digest()
        for token in (unsigned, f"{header}.{claims}.{part(signature)}"):
            assert status_with(service, {"Authorization": f"Bearer {token}"}) == 401


class TestKeys:
    def test_a_new_key_is_found_and_invented_ones_do_not_make_us_ask_each_time(
        self, service: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seconds = [1_000.0]
        monkeypatch.setattr("chassis.tokens.time.monotonic", lambda: seconds[0])
        assert status_of(service) == 200
        assert service.issuer.reads == 1
        for number in range(5):
            assert status_of(service, header={"kid": f"invented-{number}"}) == 401
        assert service.issuer.reads == 1
        service.issuer.add_key("second")
        seconds[0] += REREAD_SECONDS
        assert status_of(service) == 200
        assert service.issuer.reads == 2

    def test_a_withdrawn_key_is_not_believed_for_long(self, service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        seconds = [1_000.0]
        monkeypatch.setattr("chassis.tokens.time.monotonic", lambda: seconds[0])
        signed_by_it = service.issuer.headers()
        assert service.api.get("/v1/things", headers=signed_by_it).status_code == 200
        service.issuer.keys.clear()
        service.issuer.add_key("second")
        seconds[0] += KEPT_SECONDS
        assert service.api.get("/v1/things", headers=signed_by_it).status_code == 401

    def test_while_the_keys_cannot_be_read_the_answer_is_to_come_again(
        self, service: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seconds = [1_000.0]
        monkeypatch.setattr("chassis.tokens.time.monotonic", lambda: seconds[0])
        service.issuer.is_away = True
        for _ in range(5):
            response = service.api.get("/v1/things", headers=service.issuer.headers())
            assert (response.status_code, response.get_json()["code"]) == (503, "unavailable")
            assert int(response.headers["Retry-After"]) > 0
        assert service.issuer.reads == 1
        service.issuer.is_away = False
        seconds[0] += RETRY_SECONDS
        assert status_of(service) == 200

    def test_the_keys_read_before_outlast_an_issuer_that_is_away(self, service: Any) -> None:
        assert status_of(service) == 200
        service.issuer.is_away = True
        assert status_of(service) == 200

    def test_the_issuer_itself_gives_its_keys_without_an_address(self, issuer: Any, fixed_clock: FixedClock) -> None:
        found = Authenticator(issuer.document, None, clock=fixed_clock).authenticate(issuer.token(gen=7))
        assert found.generation == 7
        assert issuer.reads == 0


class TestRevocation:
    def test_sessions_below_the_floor_of_member_or_tenant_are_refused(self, service: Any) -> None:
        member, tenant = uuid4(), uuid4()
        claims = {"sub": str(member), "tid": str(tenant)}
        assert status_of(service, **claims, gen=3, tgen=5) == 200
        self.raise_to(service, member, 4)
        assert status_of(service, **claims, gen=3, tgen=5) == 401
        assert status_of(service, **claims, gen=4, tgen=5) == 200
        self.raise_to(service, tenant, 6)
        assert status_of(service, **claims, gen=4, tgen=5) == 401
        assert status_of(service, **claims, gen=4, tgen=6) == 200

    def test_a_floor_never_sinks(self, service: Any) -> None:
        member = uuid4()
        for generation in (5, 3, 5):
            self.raise_to(service, member, generation)
        with service.database.transaction() as session:
            assert session.scalars(select(session_floors.c.lowest_generation)).all() == [5]

    def test_without_a_database_signature_and_claims_decide(self, service: Any, fixed_clock: FixedClock) -> None:
        member = uuid4()
        self.raise_to(service, member, 9)
        gateway = Authenticator(service.issuer.url, None, clock=fixed_clock)
        assert gateway.authenticate(service.issuer.token(sub=str(member))).subject_id == member

    def raise_to(self, service: Any, subject_id: UUID, generation: int) -> None:
        with service.database.transaction() as session:
            raise_floor(session, subject_id, generation)


def test_the_settings_in_force_are_shown_to_administrators_with_secrets_masked(
    service: Any,
) -> None:
    headers = service.issuer.headers(kind="operator", roles=["admin"], tid=None)
    shown = service.admin.get("/admin/settings", headers=headers).get_json()["settings"]
    assert shown["admin_port"] == service.app.settings.admin_port
    assert service.admin.get("/admin/settings").status_code == 401


def test_passwords_inside_addresses_are_masked() -> None:
    from pydantic import SecretStr

    from chassis.settings_in_force import masked

    class Told(BaseModel):
        secret: SecretStr = SecretStr("s3cret")
        address: str = "amqp://user:s3cret@host:5672/v"
        plain: str = "http://host/path"

    assert masked(Told()) == {
        "secret": "**********",
        "address": "amqp://user:**********@host:5672/v",
        "plain": "http://host/path",
    }
