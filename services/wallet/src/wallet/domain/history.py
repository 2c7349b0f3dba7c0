"""충전/사용내역: how movements on a company's balance are named to people (WAL-04)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from wallet.domain.holds import OrderLabel
from wallet.domain.ledger import PostingKind
from wallet.domain.month import SEOUL

LABELS: dict[PostingKind, tuple[str, str]] = {
    PostingKind.CHARGE: ("charge", "충전"),
    PostingKind.RESERVE: ("use", "사용"),
    PostingKind.WITHDRAWAL: ("use_cancelled", "사용취소"),
    PostingKind.DIFFERENCE: ("difference_refund", "차액환급"),
    PostingKind.ISSUE_FAILURE: ("issue_failure_refund", "발행실패환급"),
    PostingKind.REVOCATION: ("revocation_refund", "폐기환급"),
    PostingKind.CHARGE_CANCEL: ("charge_cancel", "충전취소"),
    PostingKind.CHARGE_CANCEL_RETURN: ("charge_cancel_return", "충전취소반려"),
    PostingKind.TAKE_BACK: ("deposit_taken_back", "입금취소"),
    PostingKind.TAKE_BACK_RETURN: ("deposit_restored", "입금취소철회"),
    PostingKind.CLAIM_SETTLEMENT: ("claim_settlement", "미수금정산"),
    PostingKind.REFUND_REQUEST: ("refund_request", "환불신청"),
    PostingKind.REFUND_REJECTION: ("refund_rejection", "환불반려"),
    PostingKind.REFUND_CANCELLATION: ("refund_cancellation", "환불취소"),
}
"""구분, on the wire and in Korean; what moves nothing on the balance, such as a capture, has no line."""


KINDS: dict[str, PostingKind] = {name: kind for kind, (name, _) in LABELS.items()}
"""The kinds by their names on the wire."""


@dataclass(frozen=True)
class HistoryFilter:
    """Which lines: of Seoul days from one to another, both included, and of these kinds; empty means all."""

    from_on: date | None = None
    until_on: date | None = None
    kinds: frozenset[PostingKind] = frozenset()

    @property
    def from_at(self) -> datetime | None:
        """The first moment."""
        return None if self.from_on is None else datetime.combine(self.from_on, time(), SEOUL)

    @property
    def before_at(self) -> datetime | None:
        """The first moment that is too late."""
        return None if self.until_on is None else datetime.combine(self.until_on + timedelta(days=1), time(), SEOUL)


ALL_LINES = HistoryFilter()


@dataclass(frozen=True)
class HistoryLine:
    """One line: its amount is signed, and `balance_krw` is what stood on the balance after it."""

    seq: int
    at: datetime
    kind: PostingKind
    amount_krw: int
    balance_krw: int
    charge_id: UUID | None
    means: str | None
    order_id: UUID | None
    order: OrderLabel | None
    refund_id: UUID | None = None

    @property
    def detail_ko(self) -> str:
        """상세 내용."""
        if self.order is not None:
            type_ko = "선택형" if self.order.order_type == "choice" else "일반형"
            order_ko = f"[{type_ko}] {self.order.order_name} (주문번호: {self.order.order_number})"
            return f"주문 확정 환급 {order_ko}" if self.kind is PostingKind.DIFFERENCE else order_ko
        if self.refund_id is not None:
            return f"환불 접수번호: {self.refund_id}"
        return f"결제번호: {self.charge_id}"
