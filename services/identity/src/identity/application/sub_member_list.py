"""What the list of sub-members is asked for, and what a row of it shows (IDN-26)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from identity.domain.member_states import MemberState


class SubMemberSort(StrEnum):
    """Columns that the list can be ordered by."""

    NAME = "name"
    EMAIL = "email"
    STATE = "state"
    ORDERED_KRW = "ordered_krw"
    LIMIT_KRW = "limit_krw"
    LEFT_KRW = "left_krw"
    ENTERED_AT = "entered_at"


@dataclass(frozen=True)
class SubMemberQuery:
    """Which rows of one company's list, and in which order; `after` is (sort value, id) of the row before."""

    company_id: UUID
    month: str
    """The Seoul month whose use of limits is shown."""
    states: frozenset[MemberState] = frozenset()
    """None given: every state but withdrawn (IDN-26)."""
    text: str = ""
    """Found in addresses and names."""
    sort: SubMemberSort = SubMemberSort.ENTERED_AT
    descending: bool = False
    after: tuple[str | int, UUID] | None = None


@dataclass(frozen=True)
class MonthlyLimit:
    """월 구매한도 of a sub-member in KRW, as wallet said it; None is unlimited."""

    limit_krw: int | None
    used_krw: int

    @property
    def left_krw(self) -> int | None:
        """What is left this month; nothing when the limit was set below what is used."""
        return None if self.limit_krw is None else max(0, self.limit_krw - self.used_krw)


@dataclass(frozen=True)
class SubMemberLine:
    """One row: a sub-member, or an invitation that waits; figures are None where there are none ('-')."""

    id: UUID
    state: MemberState
    email: str
    name: str
    phone: str
    entered_at: datetime
    """When the member joined, or the invitation was mailed last."""
    ordered_krw: int | None
    """누적 주문 금액: placed since joining, less everything returned."""
    monthly_limit: MonthlyLimit | None
    """None until the master has given one."""
    sort_value: str | int
