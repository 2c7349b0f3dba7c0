"""An order's life (ORD-17) and what wallet's answers do to it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from ordering.domain.state_table import StateTable


class OrderType(StrEnum):
    """일반형: every product to everybody; 선택형: each recipient picks one (ORD-01, ORD-02)."""

    FIXED = "fixed"
    CHOICE = "choice"


class OrderState(StrEnum):
    """접수 중, 접수 거절, 예약, 전송중, 발송완료, 예약취소 (ORD-17)."""

    PENDING = "pending"
    REJECTED = "rejected"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"


class OrderStep(StrEnum):
    """What moves an order on."""

    RESERVED_FOR_NOW = "reserved_for_now"
    RESERVED_FOR_LATER = "reserved_for_later"
    REFUSED = "refused"
    START = "start"
    CANCEL = "cancel"
    ALL_ENDED = "all_ended"


ORDER_STATES: StateTable[OrderState, OrderStep] = StateTable(
    subject="order",
    initial=OrderState.PENDING,
    moves={
        (OrderState.PENDING, OrderStep.RESERVED_FOR_NOW): OrderState.SENDING,
        (OrderState.PENDING, OrderStep.RESERVED_FOR_LATER): OrderState.SCHEDULED,
        (OrderState.PENDING, OrderStep.REFUSED): OrderState.REJECTED,
        (OrderState.SCHEDULED, OrderStep.START): OrderState.SENDING,
        (OrderState.SCHEDULED, OrderStep.CANCEL): OrderState.CANCELLED,
        (OrderState.SENDING, OrderStep.ALL_ENDED): OrderState.SENT,
    },
)


_FUNDED = frozenset({OrderState.SCHEDULED, OrderState.SENDING, OrderState.SENT, OrderState.CANCELLED})


@dataclass(frozen=True)
class Shortfall:
    """Why wallet holds nothing: the figure that was short, in KRW (ORD-15)."""

    reason: str
    required_krw: int
    available_krw: int


@dataclass(frozen=True)
class Tally:
    """How many recipients stand in which dispatch state (ORD-25); what is left is in progress."""

    recipients: int
    success: int = 0
    failed: int = 0
    error: int = 0

    @property
    def in_progress(self) -> int:
        """Recipients whose message has not ended."""
        return self.recipients - self.success - self.failed - self.error

    @property
    def all_ended(self) -> bool:
        """Whether every recipient ended in success, failure or error."""
        return self.in_progress == 0


@dataclass(frozen=True)
class Funding:
    """The part of an order that wallet's answers decide.

    Ordering may give up waiting (`withdrawn_at`), and yet the order stays pending: only wallet's one answer ends it.
    """

    state: OrderState
    withdrawn_at: datetime | None = None
    shortfall: Shortfall | None = None

    def reserved(self, *, for_later: bool = False) -> "Funding":
        """The money is held: the order is sent now, or waits for its time.

        After a withdrawal this only says that a release is on its way, and said again it is no news: nothing moves.
        """
        if self.withdrawn_at is not None or self.state in _FUNDED:
            return self
        step = OrderStep.RESERVED_FOR_LATER if for_later else OrderStep.RESERVED_FOR_NOW
        return replace(self, state=ORDER_STATES.next(self.state, step))

    def refused(self, shortfall: Shortfall) -> "Funding":
        """Nothing is held, or all of it went back: the order is rejected. Said again it is no news."""
        if self.state is OrderState.REJECTED:
            return self
        return replace(self, state=ORDER_STATES.next(self.state, OrderStep.REFUSED), shortfall=shortfall)

    def given_up(self, at: datetime) -> "Funding":
        """Ordering stops waiting; of no effect when wallet has already answered or was already told."""
        if self.state is not OrderState.PENDING or self.withdrawn_at is not None:
            return self
        return replace(self, withdrawn_at=at)
