"""Who takes part in the main job: an applicant who becomes a master, an operator, a recipient."""

import random
import time
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyotp

from launcher.journey.outside import Outside
from launcher.journey.rest import Refused, Rest, wait_for

CERTIFICATE = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
TOTP_SECONDS = 30


@dataclass(frozen=True)
class OperatorLogin:
    """How an operator proves who they are."""

    email: str
    password: str = field(repr=False)
    totp_secret: str = field(repr=False)


@dataclass(frozen=True)
class Applicant:
    """Who signs a company up."""

    business_number: str
    company: str
    representative: str
    email: str
    phone: str
    password: str = field(repr=False)
    name: str = "김하나"
    department: str = "총무팀"
    title: str = "팀장"

    @classmethod
    def new(cls, outside: Outside, company: str = "한빛상사") -> "Applicant":
        """An applicant that nobody has seen here before."""
        number = random.randrange(10_000_000)  # noqa: S311 - a made-up phone
        return cls(
            business_number=outside.new_business_number(),
            company=company,
            representative="김하나",
            email=f"master-{uuid.uuid4().hex[:10]}@hanbit.example",
            phone=f"0100{number:07d}",
            password=f"Hanbit-{uuid.uuid4().hex[:12]}",
        )


class SignUp:
    """An application on its way."""

    def __init__(self, gateway_url: str, outside: Outside) -> None:
        self._outside = outside
        started = Rest(gateway_url).post("/v1/sign-ups")
        self.id = str(started["sign_up_id"])
        self.token = str(started["sign_up_token"])
        self._rest = Rest(gateway_url, headers={"Sign-Up-Token": self.token})
        self._path = f"/v1/sign-ups/{self.id}"

    def fill_in(self, applicant: Applicant, *, payment_method: str = "prepaid") -> dict[str, Any]:
        """Every step up to the submission; the application as it stands then."""
        put, post = self._rest.put, self._rest.post
        put(f"{self._path}/business-number", {"business_number": applicant.business_number})
        put(f"{self._path}/company", {"name": applicant.company, "representative_name": applicant.representative})
        self._rest.upload(f"{self._path}/certificate", "사업자등록증.pdf", CERTIFICATE)
        for kind, target in (("email", applicant.email), ("phone", applicant.phone)):
            self._prove(kind, target)
        terms = self._rest.get("/v1/terms")["items"]
        agreed = [{"code": each["code"], "version": each["version"]} for each in terms]
        put(f"{self._path}/terms", {"agreed": agreed})
        member = {
            "password": applicant.password,
            "name": applicant.name,
            "department": applicant.department,
            "title": applicant.title,
            "payment_method": payment_method,
        }
        put(f"{self._path}/member", member)
        submitted: dict[str, Any] = post(f"{self._path}/submit")
        return submitted

    def look(self) -> dict[str, Any]:
        """The application as it stands."""
        found: dict[str, Any] = self._rest.get(self._path)
        return found

    def _prove(self, kind: str, target: str) -> None:
        def ask() -> object:
            return self._rest.post(f"{self._path}/{kind}-codes", {kind: target})

        code = self._outside.code_after(target, ask)
        self._rest.post(f"{self._path}/{kind}-codes/check", {"code": code})


class Operator:
    """Back-office staff, logged in."""

    def __init__(self, gateway_url: str, login: OperatorLogin, outside: Outside) -> None:
        self.access_token = _operator_token(gateway_url, login, outside)
        self.rest = Rest(gateway_url, token=self.access_token)

    def approve(self, sign_up_id: str) -> dict[str, Any]:
        """Approve an application."""
        approved: dict[str, Any] = self.rest.post(f"/admin/identity/sign-ups/{sign_up_id}/approve")
        return approved

    def import_catalogue(self, catalogue: Mapping[str, Any]) -> dict[str, Any]:
        """Fill the catalogue; the same again changes nothing."""
        imported: dict[str, Any] = self.rest.post("/admin/catalog/catalogue", catalogue)
        return imported

    def offer_template(self, template_id: str, template: Mapping[str, Any], picture: bytes) -> None:
        """Draft a message template with its card, and submit it; the same again changes nothing."""
        path = f"/admin/messaging/templates/{template_id}"
        self.rest.put(path, template)
        drafted = self.rest.upload(f"{path}/card", "card.jpg", picture)
        if drafted["state"] == "draft":
            self.rest.post(f"{path}/submit", {"version": drafted["version"]})

    def see_approved(self, template_ids: Collection[str]) -> None:
        """Wait until the provider approved these message templates."""

        def look() -> bool:
            items = self.rest.get("/admin/messaging/templates")["items"]
            return set(template_ids) <= {each["template_id"] for each in items if each["usable"]}

        wait_for("the templates' approval", look, timeout_seconds=120)

    def verify_ledger(self) -> dict[str, Any]:
        """The ledger's proof."""
        proof: dict[str, Any] = self.rest.get("/admin/wallet/ledger/verify")
        return proof


class Master:
    """The administrator of a company, logged in by password and code."""

    def __init__(self, gateway_url: str, applicant: Applicant, outside: Outside) -> None:
        anonymous = Rest(gateway_url)
        login = anonymous.post("/v1/sessions", {"email": applicant.email, "password": applicant.password})
        path = f"/v1/sessions/{login['challenge_id']}"
        code = outside.code_after(applicant.phone, lambda: anonymous.post(f"{path}/codes"))
        tokens = anonymous.post(f"{path}/verify", {"code": code})
        self.access_token = str(tokens["access_token"])
        self.refresh_token = str(tokens["refresh_token"])
        self.rest = Rest(gateway_url, token=self.access_token)
        self._outside = outside

    def charge(self, amount_krw: int) -> dict[str, Any]:
        """Charge by card, through the payment window, until it is credited."""
        charge = self.rest.post(
            "/v1/charges", {"amount_krw": amount_krw, "method": "card"}, key=f"charge-{uuid.uuid4().hex}"
        )
        payment_key = self._outside.pay(charge["provider_order_id"], amount_krw)
        path = f"/v1/charges/{charge['charge_id']}"
        self.rest.post(f"{path}/confirm", {"payment_key": payment_key, "amount_krw": amount_krw})

        def look() -> dict[str, Any] | None:
            found: dict[str, Any] = self.rest.get(path)
            return found if found["state"] == "credited" else None

        return wait_for("the charge's credit", look)

    def wallet(self) -> dict[str, Any]:
        """Balance, held and usable sums."""
        found: dict[str, Any] = self.rest.get("/v1/wallet")
        return found

    def products(self, query: str = "") -> list[dict[str, Any]]:
        """Products that a query finds."""
        found: list[dict[str, Any]] = self.rest.get("/v1/products", query=query)["items"]
        return found

    def templates(self) -> list[dict[str, Any]]:
        """Templates to choose from; they come to ordering by an event, so the first order may have to wait for it."""
        return wait_for("message templates", lambda: list(self.rest.get("/v1/templates")["items"]))

    def order(self, body: Mapping[str, Any], key: str | None = None) -> dict[str, Any]:
        """Place an order and follow it until its money is decided."""
        placed: dict[str, Any] = self.rest.post("/v1/orders", body, key=key or f"order-{uuid.uuid4().hex}")
        return self.follow(placed["order_id"], lambda order: order["state"] != "pending", "the order's money")

    def order_body(
        self,
        offers: Sequence[Mapping[str, Any]],
        recipients: Sequence[Mapping[str, str]],
        template: Mapping[str, Any],
        **more: Any,
    ) -> dict[str, Any]:
        """What the order form sends: prices as seen, every variable filled by itself from the recipient's row."""
        return {
            "send_title": "한빛상사 감사선물",
            "order_type": "fixed",
            "offer_ids": [offer["offer_id"] for offer in offers],
            "recipients": list(recipients),
            "template_id": template["template_id"],
            "values": {},
            "pay_amount_krw": sum(offer["sale_price_krw"] for offer in offers) * len(recipients),
            "agreed_terms": True,
            **more,
        }

    def follow(self, order_id: str, done: Any, what: str, timeout_seconds: float = 60.0) -> dict[str, Any]:
        """Watch an order by long polls until it is as wished."""
        deadline = time.monotonic() + timeout_seconds
        order: dict[str, Any] = self.rest.get(f"/v1/orders/{order_id}")
        while not done(order):
            if time.monotonic() > deadline:
                wait_for(what, lambda: None, timeout_seconds=0)
            order = self.rest.get(f"/v1/orders/{order_id}", wait_seconds=5, seen=order["version"])
        return order

    def lines(self, order_id: str) -> list[dict[str, Any]]:
        """Every recipient of an order, with coupons and results."""
        lines: list[dict[str, Any]] = []
        cursor = None
        while True:
            page = self.rest.get(f"/v1/orders/{order_id}/lines", cursor=cursor, limit=200)
            lines += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return lines


def _operator_token(gateway_url: str, login: OperatorLogin, outside: Outside) -> str:
    """Password, then the authenticator's code. A code works once, so a second login waits for the next one."""
    rest = Rest(gateway_url)

    def log_in() -> str | None:
        challenge = rest.post("/admin/identity/sessions", {"email": login.email, "password": login.password})
        code = pyotp.TOTP(login.totp_secret).at(outside.now())
        try:
            tokens = rest.post(f"/admin/identity/sessions/{challenge['challenge_id']}/verify", {"totp": code})
        except Refused:
            time.sleep(1)
            return None
        return str(tokens["access_token"])

    return wait_for("the operator's login", log_in, timeout_seconds=TOTP_SECONDS + 5)
