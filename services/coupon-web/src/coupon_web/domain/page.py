"""What stands behind a link, before and after the phone number was proven (ORD-26, ORD-27)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from coupon_web.domain.choice import Choice
from coupon_web.domain.coupon import Coupon, CouponState

CARDS = frozenset(
    {
        "basic",
        "thanks_sunlight",
        "thanks_garden",
        "birthday_party",
        "birthday_sky",
        "congratulation_star",
        "season_spring",
        "season_winter",
        "cheer_sunrise",
    }
)
"""The cards that the style knows (ORD-14)."""
DEFAULT_CARD = "basic"


def card_of(code: str) -> str:
    """The card, or the default one where a newer ordering service names one that this page cannot draw yet."""
    return code if code in CARDS else DEFAULT_CARD


class LineState(StrEnum):
    """How the line stands, as the ordering service says."""

    READY = "ready"
    REVOKED = "revoked"
    CHOOSING = "choosing"
    PREPARING = "preparing"
    STOPPED = "stopped"
    CLOSED = "closed"


class Stage(StrEnum):
    """What a link shows to somebody who has proven nothing."""

    PREPARING = "preparing"
    TO_PROVE = "to_prove"
    REVOKED = "revoked"


@dataclass(frozen=True)
class LinePage:
    """A line as anybody with its link may see it."""

    send_title: str
    phone_masked: str
    coupons: int
    state: LineState
    is_proven: bool
    card: str = DEFAULT_CARD

    @property
    def is_revoked(self) -> bool:
        """Whether every coupon was taken back."""
        return self.state is LineState.REVOKED

    @property
    def stage(self) -> Stage:
        """Whether there is something to prove a number for. That all is revoked is said before as well (ORD-27)."""
        if self.is_revoked:
            return Stage.REVOKED
        return Stage.TO_PROVE if self.coupons else Stage.PREPARING


@dataclass(frozen=True)
class CouponPage:
    """What a proof opens."""

    send_title: str
    message: str = field(repr=False)
    coupons: tuple[Coupon, ...]
    state: LineState
    choices: tuple[Choice, ...] = ()
    choice_ends_at: datetime | None = None
    card: str = DEFAULT_CARD

    @property
    def is_about_a_choice(self) -> bool:
        """Whether there is something to pick, or was until it was stopped."""
        return bool(self.choices)

    def choice(self, item_no: int) -> Choice | None:
        """The product of that number, if it can be picked."""
        return next((one for one in self.choices if one.item_no == item_no and one.can_be_picked), None)

    def in_order(self, at: datetime) -> Sequence[Coupon]:
        """The coupons, usable ones first."""
        return sorted(self.coupons, key=lambda coupon: not coupon.is_usable(at))

    def are_expired(self, at: datetime) -> bool:
        """Whether the time of every coupon is over."""
        return bool(self.coupons) and all(coupon.state_at(at) is CouponState.EXPIRED for coupon in self.coupons)

    def usable(self, item_no: int, at: datetime) -> Coupon | None:
        """The coupon of that number, if it can be used."""
        return next((one for one in self.coupons if one.item_no == item_no and one.is_usable(at)), None)
