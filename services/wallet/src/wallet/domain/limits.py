"""Monthly limits of sub-members (월 구매한도): given by the master, and taking nothing from it (WAL-16)."""

from dataclasses import dataclass
from uuid import UUID

from wallet.domain.errors import LimitAboveCapError
from wallet.domain.funds import Funds, MonthlyLimit
from wallet.domain.holds import PaymentMethod


@dataclass(frozen=True)
class SpendingLimit:
    """What a sub-member may spend in a Seoul month; without `limit_krw` it is unlimited (한도제한 없음)."""

    member_id: UUID
    company_id: UUID
    version: int
    limit_krw: int | None


@dataclass(frozen=True)
class SubMemberLimit:
    """A row of the master's list: `limit` is None for who was never given one, and so cannot order."""

    member_id: UUID
    name: str
    state: str
    limit: MonthlyLimit | None


@dataclass(frozen=True)
class Commitment:
    """What the limits add up to, beside what the master has."""

    cap_krw: int
    committed_krw: int
    unlimited_members: int

    @property
    def over_committed_krw(self) -> int:
        """By how much the limits together pass what the master has."""
        return max(0, self.committed_krw - self.cap_krw)


def cap_of(funds: Funds) -> int:
    """The highest limit that can be given now: the master's balance, or its contract's monthly limit."""
    if funds.method is PaymentMethod.PREPAID:
        return funds.balance_krw
    limit_krw = None if funds.credit is None else funds.credit.limit_krw
    return limit_krw or 0


def check_limit(limit_krw: int | None, cap_krw: int) -> None:
    """Raises `LimitAboveCapError` for a limit beyond what the master has at the time of setting."""
    if limit_krw is not None and not 0 <= limit_krw <= cap_krw:
        raise LimitAboveCapError(limit_krw, cap_krw)
