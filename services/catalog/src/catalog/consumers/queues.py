"""Which handler takes which event of which queue."""

from collections.abc import Callable, Mapping
from typing import Any

from catalog.application.ports import UnitOfWork
from catalog.consumers.companies import company_changed
from catalog.consumers.orders import coupons_issued, order_accepted
from catalog.consumers.sessions import sessions_revoked
from contracts.event import Event
from contracts.identity import CompanyChanged, SessionsRevoked
from contracts.ordering.coupons import CouponsIssued
from contracts.ordering.orders import OrderAccepted

Handlers = Mapping[type[Event], Callable[[Any, UnitOfWork], None]]

HANDLERS: Mapping[str, Handlers] = {
    "catalog.control": {SessionsRevoked: sessions_revoked},
    "catalog.state": {CompanyChanged: company_changed},
    "catalog.orders": {OrderAccepted: order_accepted, CouponsIssued: coupons_issued},
}
