"""What a supplier's answer means: done, refused, surely not done, or not known."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from ordering.domain.coupon import CouponState


@dataclass(frozen=True)
class Issued:
    """The coupon exists; its number is shown by no repr."""

    number: str = field(repr=False)
    supplier_order_no: str | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True)
class NumberLost:
    """The coupon exists, but the supplier does not tell its number again: nobody can be shown it."""

    code: str


@dataclass(frozen=True)
class Refused:
    """Surely not issued, and never will be under this key."""

    code: str


@dataclass(frozen=True)
class NotDone:
    """Surely not done: the same call may be made again later."""

    code: str


@dataclass(frozen=True)
class Stopped:
    """Surely not done, and nothing else will be for now: our balance or credentials at the supplier."""

    code: str


@dataclass(frozen=True)
class Unsure:
    """Perhaps done: only asking settles it."""

    code: str


@dataclass(frozen=True)
class NotFound:
    """Asked by our key, the supplier shows no coupon; means little before its settling time."""


@dataclass(frozen=True)
class NeverCame:
    """The supplier has nothing at all under our key, not even a deduction."""

    code: str


@dataclass(frozen=True)
class Cancelled:
    """A coupon that we gave up is cancelled at the supplier."""


@dataclass(frozen=True)
class CancelRefused:
    """The supplier does not take the coupon back."""

    code: str


@dataclass(frozen=True)
class Stands:
    """How a coupon that was issued stands at its supplier: issued still, used, expired, or revoked there."""

    state: CouponState


Answer: TypeAlias = (
    Issued
    | NumberLost
    | Refused
    | NotDone
    | Stopped
    | Unsure
    | NotFound
    | NeverCame
    | Cancelled
    | CancelRefused
    | Stands
)
