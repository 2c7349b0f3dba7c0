"""The whole service in one process, for tests: the API as clients see it, and what it says."""

import base64
import json
import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient
from identity_builders import PASSWORD
from identity_people import Applicant, Invitee, MemberAtWork, OperatorAtWork
from tax_office_wire import TaxOfficeWire

from chassis.clock import FixedClock
from chassis.database import Database
from chassis.testing.events import deliver, published
from contracts.audit import OperatorActed
from contracts.event import Event
from contracts.identity import OpenAffairsAsked
from contracts.messaging import SendCode
from contracts.ordering.orders import OpenOrdersCounted
from contracts.wallet import OpenMoneyCounted
from identity import main
from identity.adapters.second_factor import TotpSecondFactor
from identity.application.operators import CreateOperator, create_operator
from identity.domain.operator import parse_roles
from identity.settings import Settings

__all__ = ["Applicant", "Identity", "Invitee", "MemberAtWork", "OperatorAtWork", "settings_for"]

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

    def log_acts(self) -> None:
        """Deliver what operators did so far to the audit log, as the broker would."""
        self.hear("audit", *self.said(OperatorActed))

    def hear(self, lane: str, *events: Event, times: int = 1) -> None:
        """Deliver events to a lane, as the broker would."""
        consumer = next(each for each in main.consumers_of(self.parts, self.settings) if each.queue.lane == lane)
        for event in events:
            deliver(consumer, event, times=times)

    def asked(self) -> OpenAffairsAsked:
        """The last question of what is open."""
        return self.said(OpenAffairsAsked)[-1]

    def count_orders(
        self, asked: OpenAffairsAsked, *, scheduled: int = 0, sending: int = 0, awaiting_choice: int = 0
    ) -> None:
        """Ordering's answer, delivered twice."""
        counted = OpenOrdersCounted(
            request_id=asked.request_id,
            company_id=asked.company_id,
            member_id=asked.member_id,
            scheduled=scheduled,
            sending=sending,
            awaiting_choice=awaiting_choice,
            counted_at=self.clock.now(),
        )
        self.hear("answers", counted, times=2)

    def count_money(self, asked: OpenAffairsAsked, *, unpaid_invoices: int = 0, open_refunds: int = 0) -> None:
        """Wallet's answer, delivered twice."""
        counted = OpenMoneyCounted(
            request_id=asked.request_id,
            company_id=asked.company_id,
            unpaid_invoices=unpaid_invoices,
            open_refunds=open_refunds,
            counted_at=self.clock.now(),
        )
        self.hear("answers", counted, times=2)

    def advance(self, **by: float) -> None:
        """Let time pass."""
        self.clock.advance(timedelta(**by))
