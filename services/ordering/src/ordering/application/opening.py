"""The recipient's side: a link, a code sent to the very number, a proof, the coupons (ORD-26, ORD-27)."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from contracts.messaging import CodeChannel, CodePurpose, SendCode
from ordering.application.ports import Outbox, Sealing
from ordering.application.standing_ports import LookedAt
from ordering.domain.coupon import CouponState
from ordering.domain.errors import LinkUnknownError
from ordering.domain.line import masked_phone
from ordering.domain.link import token_hash
from ordering.domain.message import VARIABLE, filled, values_of
from ordering.domain.order import OrderType

PROOF_BYTES = 32
TOKEN_CHARACTERS_MAX = 200
"""No token of ours is longer; a longer one is not even looked up."""


class PageState(StrEnum):
    """What the recipient's page can show."""

    READY = "ready"
    REVOKED = "revoked"
    CHOOSING = "choosing"
    """A choice is awaited, and there is something to pick."""
    PREPARING = "preparing"
    """What was picked is being issued."""
    STOPPED = "stopped"
    """Nothing can be picked for now (ORD-27)."""
    CLOSED = "closed"
    """Nothing was issued, and nothing will be."""


@dataclass(frozen=True)
class LinkedLine:
    """The line that a link leads to, with what its page needs; the phone is shown by no repr."""

    line_id: UUID
    line_no: int
    order_id: UUID
    company_id: UUID
    phone: str = field(repr=False)
    name: str = field(repr=False)
    company: str
    order_type: str
    send_title: str
    card: str
    message: str = field(repr=False)
    """What was written for everybody, with its variables (ORD-14)."""
    typed_values: dict[str, str]

    @property
    def is_choice(self) -> bool:
        """Whether the recipient picks one product."""
        return self.order_type == OrderType.CHOICE


@dataclass(frozen=True)
class LinkedChoice:
    """A product of a choice order on the recipient's page."""

    item_no: int
    offer_id: UUID
    brand_name: str
    product_name: str
    validity_days: int
    notice: str
    image_path: str
    can_be_picked: bool
    """Not once it was stopped, or could not be issued to this recipient before (ORD-27, ORD-28)."""


@dataclass(frozen=True)
class LinkedCoupon:
    """A coupon on the recipient's page; its number is shown by no repr."""

    item_no: int
    state: CouponState
    number: str | None = field(repr=False)
    expires_at: datetime | None
    brand_name: str
    product_name: str
    validity_days: int
    notice: str
    image_path: str
    choice_ends_at: datetime | None = None


@dataclass(frozen=True)
class NewCode:
    """A one-time code that was made; its text goes out sealed, and nowhere else."""

    code_id: UUID
    code: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True)
class Proof:
    """What a device keeps for having shown the right code."""

    token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True)
class LinePage:
    """What a link shows without a proof: nothing of the coupons but how many there are."""

    state: PageState
    phone_masked: str
    send_title: str
    order_type: str
    coupons: int
    is_proven: bool
    card: str


@dataclass(frozen=True)
class CouponPage:
    """What a proof opens."""

    state: PageState
    send_title: str
    order_type: str
    card: str
    message: str = field(repr=False)
    coupons: tuple[LinkedCoupon, ...]
    choices: tuple[LinkedChoice, ...] = ()
    choice_ends_at: datetime | None = None


class Recipients(Protocol):
    """Lines as their links find them."""

    def line_of(self, link_hash: bytes) -> LinkedLine | None:
        """The line of a link."""

    def coupons_of(self, line_id: UUID) -> Sequence[LinkedCoupon]:
        """The line's coupons, in order."""

    def choices_of(self, line: LinkedLine) -> Sequence[LinkedChoice]:
        """The products that a choice order offers the line, in order."""

    def add_proof(self, proof_hash: bytes, line_id: UUID, expires_at: datetime, at: datetime) -> None:
        """Store a proof, and forget the line's expired ones."""

    def holds(self, proof_hash: bytes, line_id: UUID, at: datetime) -> bool:
        """Whether the proof is the line's and not expired."""


class Codes(Protocol):
    """One-time codes within their limits; each of the calls raises the limits' own errors."""

    def issue(self, *, target: str, source: str) -> NewCode:
        """Make a code for the target, asked for by the source (an address)."""

    def check(self, code_id: UUID, code: str, *, target: str) -> None:
        """Use the code up when it is right."""


class OpeningUnit(Protocol):
    """One transaction of the recipient's side."""

    @property
    def recipients(self) -> Recipients: ...
    @property
    def looked_at(self) -> LookedAt: ...
    @property
    def codes(self) -> Codes: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def sealing(self) -> Sealing: ...

    def now(self) -> datetime:
        """The business clock, aware and UTC."""


def open_line(link: str, proof: str | None, unit: OpeningUnit) -> LinePage:
    """What stands behind a link; changes nothing, because messengers fetch links. Raises `LinkUnknownError`."""
    line = _line(link, unit)
    coupons = unit.recipients.coupons_of(line.line_id)
    return LinePage(
        state=_state(line, coupons, _choices(line, coupons, unit)),
        phone_masked=masked_phone(line.phone),
        send_title=line.send_title,
        order_type=line.order_type,
        coupons=1 if line.is_choice else len(_shown(coupons)),
        is_proven=_is_proven(line, proof, unit),
        card=line.card,
    )


def send_code(link: str, source: str, unit: OpeningUnit) -> NewCode:
    """Send a code to the number that the coupon was sent to. Raises `LinkUnknownError` and the codes' limits."""
    line = _line(link, unit)
    code = unit.codes.issue(target=_target(line), source=source)
    unit.outbox.add(
        SendCode(
            code_id=code.code_id,
            purpose=CodePurpose.RECIPIENT,
            channel=CodeChannel.SMS,
            to=unit.sealing.seal_text(line.phone),
            code=unit.sealing.seal_text(code.code),
            expires_at=code.expires_at,
        )
    )
    return code


def prove(link: str, code_id: UUID, code: str, unit: OpeningUnit, proof_seconds: float) -> Proof:
    """A proof for the right code, bound to this line. Raises `LinkUnknownError` and the codes' errors."""
    line = _line(link, unit)
    unit.codes.check(code_id, code, target=_target(line))
    at = unit.now()
    proof = Proof(secrets.token_urlsafe(PROOF_BYTES), at + timedelta(seconds=proof_seconds))
    unit.recipients.add_proof(token_hash(proof.token), line.line_id, proof.expires_at, at)
    return proof


def open_coupons(link: str, proof: str | None, unit: OpeningUnit) -> CouponPage:
    """The coupons, for who holds the proof. Raises `LinkUnknownError`, also for a foreign or expired proof."""
    return coupon_page(proven_line(link, proof, unit), unit)


def proven_line(link: str, proof: str | None, unit: OpeningUnit) -> LinkedLine:
    """The link's line, for who holds its proof. Raises `LinkUnknownError`."""
    line = _line(link, unit)
    if not _is_proven(line, proof, unit):
        raise LinkUnknownError
    return line


def coupon_page(line: LinkedLine, unit: OpeningUnit) -> CouponPage:
    """What a proven line shows."""
    coupons = unit.recipients.coupons_of(line.line_id)
    choices = _choices(line, coupons, unit)
    values = values_of(VARIABLE.findall(line.message), line.typed_values, line.name, line.company)
    return CouponPage(
        state=_state(line, coupons, choices),
        send_title=line.send_title,
        order_type=line.order_type,
        card=line.card,
        message=filled(line.message, values),
        coupons=_shown(coupons),
        choices=tuple(choices),
        choice_ends_at=coupons[0].choice_ends_at if choices else None,
    )


def _line(link: str, unit: OpeningUnit) -> LinkedLine:
    line = unit.recipients.line_of(token_hash(link)) if 0 < len(link) <= TOKEN_CHARACTERS_MAX else None
    if line is None:
        raise LinkUnknownError
    return line


def _is_proven(line: LinkedLine, proof: str | None, unit: OpeningUnit) -> bool:
    if not proof or len(proof) > TOKEN_CHARACTERS_MAX:
        return False
    return unit.recipients.holds(token_hash(proof), line.line_id, unit.now())


def _target(line: LinkedLine) -> str:
    return f"{line.line_id}:{line.phone}"


def _shown(coupons: Sequence[LinkedCoupon]) -> tuple[LinkedCoupon, ...]:
    """Coupons that were ever issued; of a revoked one the page shows that it is revoked, and no number."""
    hidden = {CouponState.WAITING, CouponState.AWAITING_CHOICE, CouponState.ISSUE_FAILED}
    return tuple(coupon for coupon in coupons if coupon.state not in hidden)


def _choices(line: LinkedLine, coupons: Sequence[LinkedCoupon], unit: OpeningUnit) -> Sequence[LinkedChoice]:
    """What there is to pick from while a choice is awaited."""
    is_awaited = line.is_choice and coupons[0].state is CouponState.AWAITING_CHOICE
    return unit.recipients.choices_of(line) if is_awaited else ()


_CHOICE_PAGES = {CouponState.WAITING: PageState.PREPARING, CouponState.ISSUE_FAILED: PageState.CLOSED}


def _state(line: LinkedLine, coupons: Sequence[LinkedCoupon], choices: Sequence[LinkedChoice]) -> PageState:
    shown = _shown(coupons)
    if shown and all(coupon.state is CouponState.REVOKED for coupon in shown):
        return PageState.REVOKED
    if not line.is_choice:
        return PageState.READY
    if choices:
        return PageState.CHOOSING if any(choice.can_be_picked for choice in choices) else PageState.STOPPED
    return _CHOICE_PAGES.get(coupons[0].state, PageState.READY)
