"""Who talks to the service in tests: applicants, operators, members, invitees."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pyotp
from identity_builders import PASSWORD, PNG
from werkzeug.test import TestResponse

from contracts.identity import MemberInvited

if TYPE_CHECKING:
    from identity_service import Identity


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

    def create(self, path: str, **body: Any) -> TestResponse:
        headers = self.headers | {"Idempotency-Key": uuid4().hex}
        return self.service.admin.post(path, json=body, headers=headers)


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

    def create(self, path: str, *, key: str | None = None, **body: Any) -> TestResponse:
        headers = self.headers | {"Idempotency-Key": key or uuid4().hex}
        return self.service.api.post(path, json=body, headers=headers)

    def upload(self, path: str, content: bytes, name: str) -> TestResponse:
        return self.service.api.post(
            path, data={"file": (BytesIO(content), name)}, headers=self.headers, content_type="multipart/form-data"
        )

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
