"""The whole service in one process, for tests: the API as clients see it, and what it says."""

import base64
import json
import os
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pyotp
from flask.testing import FlaskClient
from identity_builders import PASSWORD, PNG
from tax_office_wire import TaxOfficeWire
from werkzeug.test import TestResponse

from chassis.clock import FixedClock
from chassis.database import Database
from chassis.testing.events import published
from contracts.event import Event
from contracts.identity import MemberInvited
from contracts.messaging import SendCode
from identity import main
from identity.adapters.second_factor import TotpSecondFactor
from identity.application.operators import CreateOperator, create_operator
from identity.domain.operator import parse_roles
from identity.settings import Settings

OPERATOR_EMAIL = "operator@example.co.kr"


def a_keyring() -> str:
    """A keyring made now, as the setting holds it."""
    return json.dumps({"current": "k1", "keys": {"k1": base64.b64encode(os.urandom(32)).decode()}})


def settings_for(tax_office_url: str, folder: Path, **changes: Any) -> Settings:
    """The settings of a test; the rules' numbers are those of production."""
    values: dict[str, Any] = {
        "environment": "test",
        "api_port": 18001,
        "admin_port": 18002,
        "token_keys_url": "http://127.0.0.1:18001/.well-known/jwks.json",
        "database_url": "postgresql://nobody@127.0.0.1/none",
        "migrations_database_url": "postgresql://nobody@127.0.0.1/none",
        "broker_url": "amqp://nobody@127.0.0.1/none",
        "sealing_keys": a_keyring(),
        "column_keys": a_keyring(),
        "hash_keys": a_keyring(),
        "file_store_url": f"file://{folder}",
        "tax_office_url": tax_office_url,
        "tax_office_service_key": "키+/==",
        "tax_office_timeout_seconds": 0.5,
        "trusted_proxies": "127.0.0.1/32",
        "member_pages_url": "https://pages.example.co.kr",
    }
    return Settings(**(values | changes))


@dataclass
class Identity:
    """The service, and how tests talk to it."""

    parts: main.Parts
    settings: Settings
    clock: FixedClock
    database: Database
    tax_office: TaxOfficeWire

    def __post_init__(self) -> None:
        self.app = main.api_of(self.parts, self.settings)

    @property
    def api(self) -> FlaskClient:
        return self.app.api.test_client()

    @property
    def admin(self) -> FlaskClient:
        return self.app.admin.test_client()

    def said(self, kind: type[Event] = Event) -> list[Any]:
        """What it said so far, of a kind."""
        with self.database.transaction() as session:
            return [event for event in published(session) if isinstance(event, kind)]

    def last_code(self, to: str) -> str:
        """The code that went to an address or phone last."""
        opened = self.parts.sealer.open_text
        return next(opened(sent.code) for sent in reversed(self.said(SendCode)) if opened(sent.to) == to)

    def start(self) -> "Applicant":
        """Begin an application."""
        answer = self.api.post("/v1/sign-ups")
        assert answer.status_code == 201, answer.json
        return Applicant(self, answer.json["sign_up_id"], answer.json["sign_up_token"])

    def submitted(self, **details: Any) -> "Applicant":
        """An application that waits for an operator."""
        applicant = self.start()
        applicant.fill(**details)
        assert applicant.post("submit").status_code == 200
        return applicant

    def operator(self, *roles: str, email: str = OPERATOR_EMAIL) -> "OperatorAtWork":
        """An operator who logged in."""
        with self.parts.begin() as uow:
            command = CreateOperator(email, "박운영", parse_roles(list(roles or ("admin",))), PASSWORD)
            uri = create_operator(
                command, uow, self.parts.passwords, TotpSecondFactor(), self.settings.password_rules()
            )
        secret = parse_qs(urlsplit(uri).query)["secret"][0]
        operator = OperatorAtWork(self, email, secret)
        operator.log_in()
        return operator

    def member(self, **details: Any) -> "MemberAtWork":
        """A master of an approved company who has not logged in yet."""
        applicant = self.submitted(**details)
        operator = self.operator("admin", email=f"op-{applicant.sign_up_id}@example.co.kr")
        answer = operator.post(f"/admin/sign-ups/{applicant.sign_up_id}/approve")
        assert answer.status_code == 200, answer.json
        email = details.get("email", "master@example.co.kr")
        return MemberAtWork(self, email, details.get("phone", "01012345678"))

    def invite(
        self, master: "MemberAtWork", email: str, *, name: str = "최서브", phone: str = "01022223333"
    ) -> "Invitee":
        """Somebody whom the master invited."""
        answer = master.post("/v1/members/invitations", rows=[{"email": email, "name": name, "phone": phone}])
        assert answer.json["invited"] == 1, answer.json
        return Invitee(self, email, phone, answer.json["items"][0]["invitation_id"])

    def sub_member(
        self,
        master: "MemberAtWork",
        email: str = "sub@example.co.kr",
        *,
        name: str = "최서브",
        phone: str = "01022223333",
    ) -> "MemberAtWork":
        """A sub-member who joined and logged in."""
        invitee = self.invite(master, email, name=name, phone=phone)
        assert invitee.prove().status_code == 200
        assert invitee.join().status_code == 201
        sub = MemberAtWork(self, email, phone)
        self.advance(seconds=60)
        assert sub.log_in().status_code == 200
        return sub

    def advance(self, **by: float) -> None:
        """Let time pass."""
        self.clock.advance(timedelta(**by))


@dataclass
class Applicant:
    """Whoever holds an application's token."""

    service: Identity
    sign_up_id: str
    token: str = field(repr=False)

    @property
    def headers(self) -> dict[str, str]:
        return {"Sign-Up-Token": self.token}

    def get(self) -> dict[str, Any]:
        answer = self.service.api.get(f"/v1/sign-ups/{self.sign_up_id}", headers=self.headers)
        assert answer.status_code == 200, answer.json
        return dict(answer.json)

    def put(self, step: str, **body: Any) -> TestResponse:
        return self.service.api.put(f"/v1/sign-ups/{self.sign_up_id}/{step}", json=body, headers=self.headers)

    def post(self, step: str, **body: Any) -> TestResponse:
        return self.service.api.post(f"/v1/sign-ups/{self.sign_up_id}/{step}", json=body, headers=self.headers)

    def upload(self, *files: tuple[bytes, str]) -> TestResponse:
        return self.service.api.put(
            f"/v1/sign-ups/{self.sign_up_id}/certificate",
            data={"file": [(BytesIO(content), name) for content, name in files]},
            headers=self.headers,
            content_type="multipart/form-data",
        )

    def prove_email(self, email: str) -> TestResponse:
        assert self.post("email-codes", email=email).status_code == 200
        return self.post("email-codes/check", code=self.service.last_code(email))

    def prove_phone(self, phone: str) -> TestResponse:
        assert self.post("phone-codes", phone=phone).status_code == 200
        return self.post("phone-codes/check", code=self.service.last_code(phone))

    def fill(
        self,
        *,
        business_number: str = "220-81-02810",
        email: str = "master@example.co.kr",
        phone: str = "01012345678",
        payment_method: str = "prepaid",
    ) -> None:
        """Take every step."""
        required = ["service", "privacy", "electronic_finance"]
        for answer in (
            self.put("business-number", business_number=business_number),
            self.put("company", name="다우상사", representative_name="김대표"),
            self.upload((PNG, "사업자등록증.png")),
            self.prove_email(email),
            self.prove_phone(phone),
            self.put("terms", agreed=[{"code": code, "version": 1} for code in required]),
            self.put(
                "member",
                password=PASSWORD,
                name="이마스터",
                department="인사팀",
                title="팀장",
                payment_method=payment_method,
            ),
        ):
            assert answer.status_code == 200, answer.json


@dataclass
class OperatorAtWork:
    """An operator with an authenticator app."""

    service: Identity
    email: str
    secret: str = field(repr=False)
    tokens: dict[str, Any] = field(default_factory=dict, repr=False)

    def totp(self) -> str:
        return pyotp.TOTP(self.secret).at(self.service.clock.now())

    def challenge(self) -> str:
        answer = self.service.admin.post("/admin/sessions", json={"email": self.email, "password": PASSWORD})
        assert answer.status_code == 201, answer.json
        return str(answer.json["challenge_id"])

    def verify(self, challenge_id: str, totp: str) -> TestResponse:
        return self.service.admin.post(f"/admin/sessions/{challenge_id}/verify", json={"totp": totp})

    def log_in(self) -> None:
        answer = self.verify(self.challenge(), self.totp())
        assert answer.status_code == 200, answer.json
        self.tokens = answer.json

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens['access_token']}"}

    def get(self, path: str) -> TestResponse:
        return self.service.admin.get(path, headers=self.headers)

    def post(self, path: str, **body: Any) -> TestResponse:
        return self.service.admin.post(path, json=body, headers=self.headers)

    def put(self, path: str, **body: Any) -> TestResponse:
        return self.service.admin.put(path, json=body, headers=self.headers)


@dataclass
class MemberAtWork:
    """A member with a phone at hand."""

    service: Identity
    email: str
    phone: str
    tokens: dict[str, Any] = field(default_factory=dict, repr=False)

    def password(self, password: str = PASSWORD, *, address: str = "203.0.113.7") -> TestResponse:
        body = {"email": self.email, "password": password}
        return self.service.api.post("/v1/sessions", json=body, headers={"X-Forwarded-For": address})

    def ask_code(self, challenge_id: str) -> TestResponse:
        return self.service.api.post(f"/v1/sessions/{challenge_id}/codes")

    def verify(self, challenge_id: str, *, address: str = "203.0.113.7", **body: Any) -> TestResponse:
        return self.service.api.post(
            f"/v1/sessions/{challenge_id}/verify", json=body, headers={"X-Forwarded-For": address}
        )

    def log_in(self, *, address: str = "203.0.113.7", trust_address: bool = False) -> TestResponse:
        """Password, code, tokens."""
        challenge_id = self.password(address=address).json["challenge_id"]
        assert self.ask_code(challenge_id).status_code == 202
        code = self.service.last_code(self.phone)
        answer = self.verify(challenge_id, address=address, code=code, trust_address=trust_address)
        if answer.status_code == 200:
            self.tokens = answer.json
        return answer

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens['access_token']}"}

    def me(self) -> TestResponse:
        return self.service.api.get("/v1/me", headers=self.headers)

    def refresh(self, token: str | None = None) -> TestResponse:
        body = {"refresh_token": token or self.tokens["refresh_token"]}
        return self.service.api.post("/v1/sessions/refresh", json=body)

    def get(self, path: str) -> TestResponse:
        return self.service.api.get(path, headers=self.headers)

    def post(self, path: str, **body: Any) -> TestResponse:
        return self.service.api.post(path, json=body, headers=self.headers)

    def put(self, path: str, **body: Any) -> TestResponse:
        return self.service.api.put(path, json=body, headers=self.headers)

    def delete(self, path: str) -> TestResponse:
        return self.service.api.delete(path, headers=self.headers)

    @property
    def member_id(self) -> UUID:
        return UUID(self.me().json["member_id"])


@dataclass
class Invitee:
    """Whoever can read the invited mailbox, with a phone at hand."""

    service: Identity
    email: str
    phone: str
    invitation_id: str

    @property
    def link(self) -> str:
        """The link that was mailed last."""
        opened = self.service.parts.sealer.open_text
        said = reversed(self.service.said(MemberInvited))
        return next(opened(mail.link) for mail in said if str(mail.invitation_id) == self.invitation_id)

    @property
    def headers(self) -> dict[str, str]:
        return {"Invitation-Token": self.link.partition("#")[2]}

    def look(self) -> TestResponse:
        return self.service.api.get("/v1/invitations/current", headers=self.headers)

    def post(self, step: str, **body: Any) -> TestResponse:
        return self.service.api.post(f"/v1/invitations/current/{step}", json=body, headers=self.headers)

    def prove(self) -> TestResponse:
        assert self.post("phone-codes").status_code == 200
        return self.post("phone-codes/check", code=self.service.last_code(self.phone))

    def join(self, **changes: Any) -> TestResponse:
        required = ["service", "privacy", "electronic_finance"]
        body = {"password": PASSWORD, "agreed": [{"code": code, "version": 1} for code in required]}
        return self.post("join", **(body | changes))
