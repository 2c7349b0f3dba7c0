"""Which handler takes which event of which queue."""

from collections.abc import Callable, Mapping
from typing import Any

from contracts.catalog import OfferPublished
from contracts.event import Event
from contracts.identity import CompanyChanged, MemberStateChanged, OpenAffairsAsked, SessionsRevoked
from contracts.messaging import MessagesReported, TemplatePublished
from contracts.scheduler import DayBegan, DayOpened, MonthTurned, TimerFired
from contracts.wallet import FundsRefused, FundsReserved, ReservationReleased
from ordering.application.ports import UnitOfWork
from ordering.consumers import catalog, identity, messaging, scheduler, wallet

Handlers = Mapping[type[Event], Callable[[Any, UnitOfWork], None]]

HANDLERS: Mapping[str, Handlers] = {
    "ordering.control": {SessionsRevoked: identity.sessions_revoked},
    "ordering.state": {
        CompanyChanged: identity.company_changed,
        MemberStateChanged: identity.member_state_changed,
        OpenAffairsAsked: identity.open_affairs_asked,
        OfferPublished: catalog.offer_published,
        TemplatePublished: messaging.template_published,
    },
    "ordering.funds": {
        FundsReserved: wallet.funds_reserved,
        FundsRefused: wallet.funds_refused,
        ReservationReleased: wallet.reservation_released,
        TimerFired: scheduler.timer_fired,
    },
    "ordering.reports": {MessagesReported: messaging.messages_reported},
    "ordering.calendar": {
        DayBegan: scheduler.day_began,
        DayOpened: scheduler.day_opened,
        MonthTurned: scheduler.month_turned,
    },
}
