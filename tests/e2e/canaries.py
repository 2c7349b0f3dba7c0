"""Values that nobody else has, driven through the main job, and where each of them may stand in plain."""

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from watching import Written

from launcher.audit import Journal
from launcher.demo import Places
from launcher.journey.outside import Outside
from launcher.journey.people import Applicant, Master, Operator, SignUp
from launcher.journey.recipient import Recipient
from launcher.journey.rest import Refused, Rest
from launcher.showcase.templates import template_id

RECIPIENT_NAME = "까마귀밥나무"
_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


@dataclass(frozen=True)
class Canary:
    """A value to look for; `plain_in` are the columns that may hold it as it is."""

    what: str
    value: str = field(repr=False)
    plain_in: frozenset[str] = frozenset()

    def sings_in(self, text: str) -> bool:
        """Whether the text holds the value, as it is or as hexadecimal bytes (so are byte columns read)."""
        if self.value.isdecimal():  # Longer numbers and ids may hold these digits by chance.
            return re.search(rf"(?<![0-9A-Za-z.]){self.value}(?![0-9A-Za-z])", text) is not None
        return self.value in text or self.value.encode().hex() in text


@dataclass(frozen=True)
class Sung:
    """The canaries of a main job, and everything that was written down while it ran."""

    master: Master
    canaries: Sequence[Canary]
    written: Sequence[Written] = field(repr=False)


def leaks(canaries: Iterable[Canary], written: Iterable[Written]) -> list[str]:
    """What stands where it may not, without the value itself."""
    found = {
        f"{canary.what} in {each.place}"
        for canary in canaries
        for each in written
        if each.place not in canary.plain_in and canary.sings_in(each.value)
    }
    return sorted(found)


def main_job_with_canaries(places: Places, operator: Operator, outside: Outside) -> tuple[Master, list[Canary]]:
    """The main job with its failures and refusals, of a company of its own, and the values that went through it."""
    applicant = replace(Applicant.new(outside), email=f"kanarie.{uuid.uuid4().hex}@vogel.example")
    sign_up = SignUp(places.gateway_url, outside)
    sign_up.fill_in(applicant)
    operator.approve(sign_up.id)
    master = Master(places.gateway_url, applicant, outside)
    charge = master.charge(100_000)
    phones = _order(master)
    links = {phone: outside.link_of(phone) for phone in phones[:2]}
    recipient = Recipient(phones[0], outside)
    recipient.open_link(links[phones[0]])
    recipient.prove()
    _go_wrong(places, applicant, master, phones[0], links[phones[0]])
    coupons = [row for row in Journal(Rest(places.sandbox_url)).all("coupons") if row["phone"] in phones and row["pin"]]
    return master, [
        Canary("a recipient's name", RECIPIENT_NAME, frozenset({"ordering/order_lines.name"})),
        Canary(
            "the account's email", applicant.email, frozenset({"identity/sign_ups.email", "identity/members.email"})
        ),
        Canary("a password", applicant.password),
        Canary("a sign-up token", sign_up.token),
        Canary("an access token", master.access_token),
        Canary("a refresh token", master.refresh_token),
        *(Canary("a phone", phone) for phone in (applicant.phone, *phones)),
        *(Canary("a coupon's number", str(row["pin"])) for row in coupons),
        *(Canary("a link's token", link.rsplit("/", 1)[1]) for link in links.values()),
        *(Canary("a code", code) for code in _codes(outside, applicant, phones)),
        *_secrets_of_payment(charge),
    ]


def _order(master: Master) -> Sequence[str]:
    """An alimtalk, a fallback to MMS, and a coupon that cannot be issued; the phones."""
    ending = f"{uuid.uuid4().int % 10_000:04d}"
    phones = [f"0100000{ending}", f"0109001{ending}", f"0109011{ending}"]
    offer = master.products("아메리카노 T")[0]["offers"][0]
    template = next(each for each in master.templates() if each["template_id"] == template_id("THANKS_1"))
    recipients = [{"phone": phone, "name": RECIPIENT_NAME, "company": "한빛"} for phone in phones]
    order = master.order(master.order_body([offer], recipients, template))
    master.follow(order["order_id"], lambda seen: seen["state"] == "sent", "the end of the sending")
    return phones


def _go_wrong(places: Places, applicant: Applicant, master: Master, phone: str, link: str) -> None:
    """What is refused must not be written down either."""
    anonymous = Rest(places.gateway_url)
    login = anonymous.post("/v1/sessions", {"email": applicant.email, "password": applicant.password})
    unsound: dict[str, Any] = {"order_type": phone, "recipients": [{"phone": phone, "name": RECIPIENT_NAME * 50}]}
    for rest, path, body in (
        (anonymous, "/v1/sessions", {"email": applicant.email, "password": applicant.password + "!"}),
        (anonymous, "/v1/sessions", {"email": applicant.email, "password": [applicant.password]}),
        (anonymous, f"/v1/sessions/{login['challenge_id']}/verify", {"code": {"code": applicant.phone}}),
        (anonymous, f"/v1/sign-ups/{applicant.email}/submit", {}),
        (master.rest, "/v1/orders", unsound),
        (master.rest, f"/v1/charges/{phone}/confirm", {"payment_key": phone, "amount_krw": phone}),
    ):
        with pytest.raises(Refused):
            rest.post(path, body, key=uuid.uuid4().hex)
    keyed = {"Idempotency-Key": uuid.uuid4().hex}
    for content in (f'{{"phone": "{phone}"'.encode(), f'"{RECIPIENT_NAME}\\u0000{phone}"'.encode()):
        assert master.rest.raw("POST", "/v1/orders", content, keyed).is_client_error
    for address in (f"{link}x", f"{link}/{RECIPIENT_NAME}", f"/v1/orders?cursor={phone}", f"/{applicant.email}"):
        assert master.rest.raw("GET", address, None, {}).is_client_error


def _codes(outside: Outside, applicant: Applicant, phones: Sequence[str]) -> set[str]:
    """Every one-time code that anybody was sent."""
    texts = [message["text"] for phone in (applicant.phone, *phones) for message in outside.messages(phone)]
    texts += [letter["text"] for letter in outside.letters(applicant.email)]
    return {code for text in texts for code in _CODE.findall(text)}


def _secrets_of_payment(charge: dict[str, Any]) -> list[Canary]:
    """The key of a payment opens nothing without ours, but it has no business in logs and events."""
    key = charge.get("payment_key")
    return [Canary("a payment's key", str(key), frozenset({"wallet/charges.payment_key"}))] if key else []
