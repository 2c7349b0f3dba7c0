"""What is open for a member or a company, as ordering and wallet count it when they are asked (IDN-20, IDN-28)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID


class InquiryPurpose(StrEnum):
    """What an answer decides."""

    WITHDRAWAL_CHECK = "withdrawal_check"
    WITHDRAWAL = "withdrawal"
    PAYMENT_CHANGE = "payment_change"


class HindranceKind(StrEnum):
    """What stands in the way."""

    SCHEDULED_ORDERS = "scheduled_orders"
    SENDING_ORDERS = "sending_orders"
    AWAITING_CHOICE = "awaiting_choice"
    UNPAID_INVOICES = "unpaid_invoices"
    OPEN_REFUNDS = "open_refunds"
    COMPANY_SUSPENDED = "company_suspended"


@dataclass(frozen=True)
class Hindrance:
    """So many of a kind stand in the way."""

    kind: HindranceKind
    count: int


Hindrances = tuple[Hindrance, ...]


@dataclass(frozen=True)
class OpenOrders:
    """Ordering's count; orders awaiting money count as sending."""

    scheduled: int
    sending: int
    awaiting_choice: int


@dataclass(frozen=True)
class OpenMoney:
    """Wallet's count."""

    unpaid_invoices: int
    open_refunds: int


@dataclass(frozen=True)
class Inquiry:
    """One question, and the answers that came so far; the first answer of each service stands."""

    id: UUID
    purpose: InquiryPurpose
    company_id: UUID
    asked_at: datetime
    member_id: UUID | None = None
    concern_id: UUID | None = None
    """The withdrawal or change of payment that waits for the answer; a check at [확인하기] has none."""
    orders: OpenOrders | None = None
    money: OpenMoney | None = None
    answered_at: datetime | None = None

    @property
    def is_answered(self) -> bool:
        """Whether everybody who was asked has answered."""
        return self.answered_at is not None

    def hear_orders(self, orders: OpenOrders, at: datetime) -> "Inquiry":
        """Ordering answered."""
        return self if self.orders is not None else self._heard(orders, self.money, at)

    def hear_money(self, money: OpenMoney, at: datetime) -> "Inquiry":
        """Wallet answered."""
        return self if self.money is not None else self._heard(self.orders, money, at)

    def is_passed(self, at: datetime, lifetime: timedelta) -> bool:
        """Whether it was answered not long ago, and nothing stands in the way."""
        is_fresh = self.answered_at is not None and at - self.answered_at <= lifetime
        return is_fresh and not self.hindrances

    @property
    def hindrances(self) -> Hindrances:
        """What stands in the way of what was asked for; coupons that await a choice hinder no withdrawal (IDN-20)."""
        orders, money = self.orders or OpenOrders(0, 0, 0), self.money or OpenMoney(0, 0)
        counted = {
            HindranceKind.SCHEDULED_ORDERS: orders.scheduled,
            HindranceKind.SENDING_ORDERS: orders.sending,
        }
        if self.purpose is InquiryPurpose.PAYMENT_CHANGE:
            counted |= {
                HindranceKind.AWAITING_CHOICE: orders.awaiting_choice,
                HindranceKind.UNPAID_INVOICES: money.unpaid_invoices,
                HindranceKind.OPEN_REFUNDS: money.open_refunds,
            }
        return tuple(Hindrance(kind, count) for kind, count in counted.items() if count)

    def _heard(self, orders: OpenOrders | None, money: OpenMoney | None, at: datetime) -> "Inquiry":
        needs_money = self.purpose is InquiryPurpose.PAYMENT_CHANGE
        is_complete = orders is not None and (money is not None or not needs_money)
        return replace(self, orders=orders, money=money, answered_at=self.answered_at or (at if is_complete else None))
