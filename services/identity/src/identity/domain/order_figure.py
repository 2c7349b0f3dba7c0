"""What one order counts in its member's 누적 주문 금액, and against the limit of its month (IDN-26)."""

from dataclasses import dataclass, replace
from uuid import UUID


@dataclass(frozen=True)
class OrderFigure:
    """Sums of one order, in KRW; they can be added in any order, also before it is known whose order it is."""

    order_id: UUID
    member_id: UUID | None = None
    month: str | None = None
    """The Seoul month of its placing, whose limit it uses."""
    placed_krw: int = 0
    returned_krw: int = 0
    is_rejected: bool = False

    def placed(self, member_id: UUID, month: str, amount_krw: int) -> "OrderFigure":
        """Somebody placed it."""
        return replace(self, member_id=member_id, month=month, placed_krw=amount_krw)

    def rejected(self) -> "OrderFigure":
        """It was refused; nothing of it was ever spent."""
        return replace(self, is_rejected=True)

    def returned(self, amount_krw: int) -> "OrderFigure":
        """Some of its money went back."""
        return replace(self, returned_krw=self.returned_krw + amount_krw)

    @property
    def counted_krw(self) -> int:
        """Placed less returned; nothing of a rejected order, and nothing before its placing is known."""
        if self.is_rejected or self.member_id is None:
            return 0
        return self.placed_krw - self.returned_krw
