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
from ordering.domain.coupon import CouponState
from ordering.domain.errors import LinkUnknownError
from ordering.domain.line import masked_phone
from ordering.domain.link import token_hash
from ordering.domain.message import filled, values_of

PROOF_BYTES = 32
TOKEN_CHARACTERS_MAX = 200
"""No token of ours is longer; a longer one is not even looked up."""


class PageState(StrEnum):
    """What the recipient's page can show."""

    READY = "ready"
    REVOKED = "revoked"


@dataclass(frozen=True)
class LinkedLine:
    """The line that a link leads to, with what its page needs; the phone is shown by no repr."""

    line_id: UUID
    phone: str = field(repr=False)
    name: str = field(repr=False)
    company: str
    order_type: str
    send_title: str
    template_body: str
    template_variables: tuple[str, ...]
    typed_values: dict[str, str]


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


@dataclass(frozen=True)
class CouponPage:
    """What a proof opens."""

    state: PageState
    send_title: str
    order_type: str
    message: str = field(repr=False)
    coupons: tuple[LinkedCoupon, ...]


class Recipients(Protocol):
    """Lines as their links find them."""

    def line_of(self, link_hash: bytes) -> LinkedLine | None:
        """The line of a link."""

    def coupons_of(self, line_id: UUID) -> Sequence[LinkedCoupon]:
        """The line's coupons, in order."""

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
        state=_state(coupons),
        phone_masked=masked_phone(line.phone),
        send_title=line.send_title,
        order_type=line.order_type,
        coupons=len(_shown(coupons)),
        is_proven=_is_proven(line, proof, unit),
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
    line = _line(link, unit)
    if not _is_proven(line, proof, unit):
        raise LinkUnknownError
    coupons = unit.recipients.coupons_of(line.line_id)
    values = values_of(line.template_variables, line.typed_values, line.name, line.company)
    return CouponPage(
        state=_state(coupons),
        send_title=line.send_title,
        order_type=line.order_type,
        message=filled(line.template_body, values),
        coupons=_shown(coupons),
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
    hidden = {CouponState.WAITING, CouponState.ISSUE_FAILED}
    return tuple(coupon for coupon in coupons if coupon.state not in hidden)


def _state(coupons: Sequence[LinkedCoupon]) -> PageState:
    shown = _shown(coupons)
    all_revoked = bool(shown) and all(coupon.state is CouponState.REVOKED for coupon in shown)
    return PageState.REVOKED if all_revoked else PageState.READY
