"""A supplier at the port: it keeps one coupon a key, whatever is heard of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ordering.application.sending_ports import SupplierCall
from ordering.domain.answers import (
    Answer,
    Cancelled,
    CancelRefused,
    Issued,
    NeverCame,
    NotDone,
    NotFound,
    Refused,
    Stands,
    Stopped,
    Unsure,
)
from ordering.domain.attempt import Action
from ordering.domain.coupon import CouponState

Mood = Callable[[SupplierCall], str]


@dataclass
class SoldCoupon:
    """What the supplier keeps under a key; no number is a deduction without a coupon."""

    goods_code: str
    phone: str = field(repr=False)
    number: str
    is_cancelled: bool = False
    stands: CouponState = CouponState.ISSUED


class ScriptedSupplier:
    """`mood` says for each call how it goes: `well`, `lost` (done, unheard), `away` (not done), `dark` (neither heard
    nor done), `stopped`, `goods` (refused), `no_pin` (deducted without a coupon)."""

    def __init__(self, mood: Mood = lambda _: "well") -> None:
        self.mood = mood
        self.sold: dict[str, SoldCoupon] = {}
        self.calls: list[SupplierCall] = []

    def call_all(self, calls: Sequence[SupplierCall]) -> Sequence[Answer]:
        return [self._call(call) for call in calls]

    def living(self) -> list[str]:
        """Numbers of coupons that can be used."""
        return [coupon.number for coupon in self.sold.values() if coupon.number and not coupon.is_cancelled]

    def _call(self, call: SupplierCall) -> Answer:
        self.calls.append(call)
        mood = self.mood(call)
        if mood == "away":
            return NotDone("away")
        if mood == "dark":
            return Unsure("dark")
        if mood == "stopped":
            return Stopped("E0010")
        answer = self._done(call, mood)
        return Unsure("lost") if mood == "lost" else answer

    def _done(self, call: SupplierCall, mood: str) -> Answer:  # noqa: PLR0911 - a table of cases
        known = self.sold.get(call.tr_id)
        match call.action:
            case Action.ISSUE if known is not None:
                return Unsure("COUPON.0015")
            case Action.ISSUE if mood == "goods":
                return Refused("COUPON.0011")
            case Action.ISSUE:
                number = "" if mood == "no_pin" else f"{len(self.sold) + 1:012d}"
                self.sold[call.tr_id] = SoldCoupon(call.goods_code, call.phone, number)
                return Issued(number) if number else Unsure("E9999")
            case Action.ASK | Action.LOOK if known is None or not known.number:
                return NotFound()
            case Action.LOOK:
                return Stands(CouponState.REVOKED if known.is_cancelled else known.stands)
            case Action.ASK:
                return Refused("pin_07") if known.is_cancelled else Issued(known.number)
            case _ if known is None:
                return NeverCame("ERR0208")
            case Action.VOID if known.number:
                return Unsure("COUPON.0006")
            case Action.CANCEL if not known.number:
                return CancelRefused("COUPON.0006")
            case _:
                known.is_cancelled = True
                return Refused("voided") if call.action is Action.VOID else Cancelled()
