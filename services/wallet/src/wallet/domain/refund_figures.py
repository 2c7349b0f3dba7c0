"""What a refund costs: fee-free money is taken first, and the fee is judged on the rest (WAL-07, WAL-09)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from wallet.domain.day import within_days
from wallet.domain.lots import DatedRoom, Room, Share, spread
from wallet.domain.payback_errors import RefundExceedsBalanceError, RefundTooSmallError


@dataclass(frozen=True)
class FeeRules:
    """The fee of giving charged money back, for refunds and for late cancellations of charges (WAL-06, WAL-09)."""

    flat_up_to_krw: int
    flat_fee_krw: int
    percent: int
    free_days: int

    def payout_krw(self, amount_krw: int) -> int:
        """What of money that bears a fee is paid out: 90 % of it rounded half up, or 1,000 less when it is little."""
        if amount_krw <= self.flat_up_to_krw:
            return max(0, amount_krw - self.flat_fee_krw)
        return (amount_krw * (100 - self.percent) + 50) // 100

    def is_free(self, credited_at: datetime, at: datetime) -> bool:
        """Whether money charged then bears no fee yet (SCH-04)."""
        return within_days(credited_at, self.free_days, at)


@dataclass(frozen=True)
class RefundRules:
    """What may be refunded (WAL-07)."""

    fees: FeeRules
    more_than_krw: int

    def check(self, amount_krw: int, balance_krw: int) -> None:
        """Raises `RefundTooSmallError` or `RefundExceedsBalanceError`."""
        if amount_krw <= self.more_than_krw:
            raise RefundTooSmallError(amount_krw, self.more_than_krw)
        if amount_krw > balance_krw:
            raise RefundExceedsBalanceError(amount_krw, balance_krw)


@dataclass(frozen=True)
class RefundFigures:
    """환불 예상 금액 and what it is made of, fixed at the request."""

    amount_krw: int
    fee_free_krw: int
    fee_krw: int

    @property
    def payout_krw(self) -> int:
        """What is paid to the bank account."""
        return self.amount_krw - self.fee_krw


def figures_of(
    amount_krw: int, rooms: Iterable[DatedRoom], at: datetime, rules: FeeRules
) -> tuple[RefundFigures, tuple[Share, ...]]:
    """The figures of a refund asked for now, and what it takes from which charge. Raises `LotsShortError`."""
    dated = sorted(rooms, key=lambda room: not rules.is_free(room.credited_at, at))
    shares = spread(amount_krw, [Room(room.charge_id, room.room_krw) for room in dated])
    free = {room.charge_id for room in dated if rules.is_free(room.credited_at, at)}
    fee_free_krw = sum(share.amount_krw for share in shares if share.charge_id in free)
    bearing_krw = amount_krw - fee_free_krw
    return RefundFigures(amount_krw, fee_free_krw, bearing_krw - rules.payout_krw(bearing_krw)), shares
