"""What happened to orders, anniversaries and money, said to the members whom it concerns (MSG-07)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from contracts.ordering.orders import ChoicesStopped, OrderRejected, OrderSent
from contracts.ordering.plans import PlanStopped
from contracts.wallet import BalanceLow, ForecastShort, InvoiceIssued
from messaging.application.notification_ports import NotificationWork
from messaging.application.notifications import News, Notifying
from messaging.domain.notification import (
    NotificationChannel,
    NotificationKind,
    Occasion,
    order_occasion,
    ways_of_failures,
)

SEOUL = ZoneInfo("Asia/Seoul")
NAMELESS = "주문"
"""What stands for the name of an order that was said without one."""


def tell_order_sent(event: OrderSent, work: NotificationWork, notifying: Notifying) -> None:
    """Tell the orderer that everybody has been tried, and who was not reached. Raises `Early`."""
    member = work.addressees.member(event.member_id)
    not_reached = event.failed + event.error
    chosen = work.choices.of(member.id)
    occasions = {
        channel: occasion
        for channel in NotificationChannel
        if (occasion := order_occasion(chosen, channel, not_reached=not_reached)) is not None
    }
    values = {
        "order": event.order_name or NAMELESS,
        "number": event.order_number or "-",
        "recipients": f"{event.success + not_reached:,}",
        "success": f"{event.success:,}",
        "not_reached": f"{not_reached:,}",
        "amount": f"{event.confirmed_amount_krw:,}",
        "at": _minute(event.sent_at),
    }
    notifying.tell(News(member, f"order_sent/{event.order_id}", values), occasions, work)


def tell_order_rejected(event: OrderRejected, work: NotificationWork, notifying: Notifying) -> None:
    """Tell a plan's owner that the day's order was not made (ANN-08, ANN-09). Raises `Early`.

    Whoever ordered by hand has read the refusal in the form.
    """
    if event.plan_id is None:
        return
    values = {
        "order": event.order_name or NAMELESS,
        "reason": notifying.texts.reason(event.reason),
        "at": _minute(event.rejected_at),
    }
    member = work.addressees.member(event.member_id)
    news = News(member, f"plan_rejected/{event.order_id}", values)
    notifying.tell_as(NotificationKind.PLAN_STOPPED, Occasion.PLAN_REJECTED, news, work)


def tell_choices_stopped(event: ChoicesStopped, work: NotificationWork, notifying: Notifying) -> None:
    """Tell the orderer that nothing of a choice order can be had any more, and what goes back. Raises `Early`."""
    member = work.addressees.member(event.member_id)
    values = {
        "order": event.order_name,
        "number": event.order_number,
        "recipients": f"{event.recipients:,}",
        "amount": f"{event.amount_krw:,}",
        "at": _minute(event.stopped_at),
    }
    ways = ways_of_failures(work.choices.of(member.id)[NotificationKind.ORDER_FAILURES])
    news = News(member, f"choices_stopped/{event.order_id}", values)
    notifying.tell(news, dict.fromkeys(ways, Occasion.CHOICES_STOPPED), work)


def tell_plan_stopped(event: PlanStopped, work: NotificationWork, notifying: Notifying) -> None:
    """Tell a plan's owner that it stopped, and why (ANN-05). Raises `Early`."""
    values = {
        "order": event.order_name,
        "product": event.product_name,
        "reason": notifying.texts.reason(event.reason.value),
        "at": _minute(event.stopped_at),
    }
    cause = f"plan_stopped/{event.plan_id}/{event.version}"
    member = work.addressees.member(event.member_id)
    notifying.tell_as(NotificationKind.PLAN_STOPPED, Occasion.PLAN_STOPPED, News(member, cause, values), work)


def tell_forecast_short(event: ForecastShort, work: NotificationWork, notifying: Notifying) -> None:
    """Tell a plan's owner that money is short for a near day (ANN-08). Raises `Early`."""
    values = {
        "order": event.order_name,
        "day": f"{event.day:%Y년 %m월 %d일}",
        "required": f"{event.required_krw:,}",
        "available": f"{event.available_krw:,}",
        "reason": notifying.texts.reason(event.reason.value),
    }
    cause = f"forecast_short/{event.plan_id}/{event.day.isoformat()}"
    member = work.addressees.member(event.member_id)
    notifying.tell_as(NotificationKind.PLAN_STOPPED, Occasion.FORECAST_SHORT, News(member, cause, values), work)


def tell_balance_low(event: BalanceLow, work: NotificationWork, notifying: Notifying) -> None:
    """Tell the master that little is left. Raises `Early`."""
    company = work.addressees.company(event.company_id)
    values = {
        "company": company.name,
        "threshold": f"{event.threshold_krw:,}",
        "available": f"{event.available_krw:,}",
        "at": _minute(event.noticed_at),
    }
    master = work.addressees.member(company.master_id)
    news = News(master, f"balance_low/{event.notice_id}", values)
    notifying.tell_as(NotificationKind.BALANCE_LOW, Occasion.BALANCE_LOW, news, work)


def tell_invoice_issued(event: InvoiceIssued, work: NotificationWork, notifying: Notifying) -> None:
    """Tell the master that a month's invoice is there; one made again with other figures is news. Raises `Early`."""
    company = work.addressees.company(event.company_id)
    year, month = event.month.split("-")
    values = {
        "company": company.name,
        "month": f"{year}년 {month}월",
        "coupons": f"{event.coupons:,}",
        "settled": f"{event.settled_krw:,}",
        "billed": f"{event.billed_krw:,}",
    }
    cause = f"invoice/{event.invoice_id}/{event.settled_krw}/{event.billed_krw}"
    master = work.addressees.member(company.master_id)
    notifying.tell_as(NotificationKind.INVOICE_READY, Occasion.INVOICE_READY, News(master, cause, values), work)


def _minute(at: datetime) -> str:
    return f"{at.astimezone(SEOUL):%Y년 %m월 %d일 %H:%M}"
