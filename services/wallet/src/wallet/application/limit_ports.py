"""What the limits of sub-members need of the world outside the use cases."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from wallet.domain.limits import SpendingLimit, SubMemberLimit


class SpendingLimits(Protocol):
    """월 구매한도 of sub-members."""

    def set(self, company_id: UUID, member_id: UUID, limit_krw: int | None, at: datetime) -> SpendingLimit:
        """Keep a new limit, under the next version."""

    def committed(self, company_id: UUID) -> tuple[int, int]:
        """The sum of the limits of a company's sub-members, and how many of them have no limit."""

    def page(self, company_id: UUID, month: str, *, after_id: UUID | None, rows_max: int) -> Sequence[SubMemberLimit]:
        """A company's sub-members with limit and use of a Seoul month, in order of id, from after one on."""
