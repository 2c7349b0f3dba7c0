"""Who hears what: every queue of the suite, by service and lane, with the classes that it is bound to.

A lane keeps what must not wait (control, codes) from what comes in bulk. A service refuses to start when its
handlers and its queues here differ, so this table is also the true source of the event catalogue.
"""

from dataclasses import dataclass

from contracts import audit, catalog, identity, messaging, scheduler, wallet
from contracts.event import Event
from contracts.ordering import coupons, dispatches, orders, plans


@dataclass(frozen=True)
class Queue:
    """One lane of one consuming service; its wire name is `service.lane`."""

    service: str
    lane: str
    hears: tuple[type[Event], ...]

    @property
    def name(self) -> str:
        """The queue's name at the broker."""
        return f"{self.service}.{self.lane}"


QUEUES: tuple[Queue, ...] = (
    Queue("identity", "audit", (audit.OperatorActed,)),
    Queue(
        "identity",
        "orders",
        (
            orders.OrderPlaced,
            orders.OrderRejected,
            orders.OrderCancelled,
            coupons.CouponsIssued,
            coupons.CouponsFailed,
            coupons.CouponsRevoked,
        ),
    ),
    Queue("identity", "answers", (orders.OpenOrdersCounted, wallet.OpenMoneyCounted)),
    Queue("identity", "limits", (wallet.LimitSet,)),
    Queue("identity", "timers", (scheduler.TimerFired,)),
    Queue("catalog", "control", (identity.SessionsRevoked,)),
    Queue("catalog", "state", (identity.CompanyChanged,)),
    Queue("catalog", "orders", (orders.OrderAccepted, coupons.CouponsIssued)),
    Queue("ordering", "control", (identity.SessionsRevoked,)),
    Queue(
        "ordering",
        "state",
        (
            identity.CompanyChanged,
            identity.MemberStateChanged,
            identity.OpenAffairsAsked,
            catalog.OfferPublished,
            messaging.TemplatePublished,
        ),
    ),
    Queue(
        "ordering",
        "funds",
        (wallet.FundsReserved, wallet.FundsRefused, wallet.ReservationReleased, scheduler.TimerFired),
    ),
    Queue("ordering", "reports", (messaging.MessagesReported,)),
    Queue("ordering", "calendar", (scheduler.DayBegan, scheduler.DayOpened, scheduler.MonthTurned)),
    Queue("wallet", "control", (identity.SessionsRevoked,)),
    Queue(
        "wallet",
        "state",
        (
            identity.CompanyChanged,
            identity.MemberStateChanged,
            identity.CashLikeGranted,
            identity.CreditContracted,
            identity.OpenAffairsAsked,
        ),
    ),
    Queue(
        "wallet",
        "orders",
        (
            orders.OrderPlaced,
            orders.ReservationWithdrawn,
            orders.OrderCancelled,
            coupons.CouponsIssued,
            coupons.CouponsFailed,
            coupons.CouponsRevoked,
            coupons.IssuingMonthClosed,
            plans.PlanDayNear,
        ),
    ),
    Queue("wallet", "timers", (scheduler.TimerFired,)),
    Queue("wallet", "calendar", (scheduler.DayOpened,)),
    Queue("messaging", "control", (identity.SessionsRevoked,)),
    Queue("messaging", "codes", (messaging.SendCode,)),
    Queue("messaging", "bulk", (dispatches.DispatchRequested,)),
    Queue("messaging", "state", (dispatches.SenderProfileUsed,)),
    Queue("messaging", "members", (identity.CompanyChanged, identity.MemberStateChanged)),
    Queue(
        "messaging",
        "notices",
        (
            orders.OrderSent,
            orders.OrderRejected,
            orders.ChoicesStopped,
            plans.PlanStopped,
            wallet.BalanceLow,
            wallet.InvoiceIssued,
            wallet.ForecastShort,
        ),
    ),
    Queue(
        "messaging",
        "mail",
        (
            identity.ApplicationSubmitted,
            identity.ApplicationDecided,
            identity.MemberInvited,
            identity.PasswordResetMade,
            identity.DormancyNear,
            wallet.RefundDecided,
        ),
    ),
    Queue("scheduler", "control", (identity.SessionsRevoked,)),
    Queue("scheduler", "timers", (scheduler.SetTimer, scheduler.CancelTimer)),
)


def queues_of(service: str) -> tuple[Queue, ...]:
    """The queues that a service consumes."""
    return tuple(queue for queue in QUEUES if queue.service == service)


def hearers(event: type[Event]) -> tuple[Queue, ...]:
    """The queues that an event goes to; none means that nobody needs it yet, and losing it is no loss."""
    return tuple(queue for queue in QUEUES if event in queue.hears)
