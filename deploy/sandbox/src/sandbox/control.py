"""The control plane: reset, clock, faults, journal, reports. It is never on a vendor's path."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from aiohttp import web

from sandbox.clock import OFFSET_SECONDS_MAX, Clock, parse_time, utc_text
from sandbox.control_wire import (
    ControlError,
    control,
    number_in,
    page_query,
    paged,
    read_object,
    wanted_text,
)
from sandbox.faults import Faults
from sandbox.journal import Journal
from sandbox.mail import MailSink
from sandbox.message_desk import MessageDesk
from sandbox.messages import Message
from sandbox.phones import code_in, digits
from sandbox.records import Json, Store, Table
from sandbox.reports import Report, ReportOutbox
from sandbox.supplier_stock import Coupon, SupplierStock
from sandbox.toss_ledger import TossLedger
from sandbox.toss_payment import Payment

TABLES_BY_PART = {
    "goods": frozenset({"goods"}),
    "bizmoney": frozenset({"bizmoney"}),
    "businesses": frozenset({"businesses"}),
    "templates": frozenset({"templates"}),
    "tokens": frozenset({"tokens"}),
    "odds": frozenset({"message_odds", "issuer_odds"}),
    "letters": frozenset({"letters"}),
    "clock": frozenset({"clock"}),
}


class Control:
    """Everything under /__sim that is about the sandbox as a whole."""

    def __init__(
        self,
        *,
        clock: Clock,
        store: Store,
        journal: Journal,
        faults: Faults,
        reports: ReportOutbox,
        ledger: TossLedger,
        stock: SupplierStock,
        desk: MessageDesk,
        mail: MailSink,
    ) -> None:
        self._clock = clock
        self._store = store
        self._journal = journal
        self._faults = faults
        self._reports = reports
        self._ledger = ledger
        self._stock = stock
        self._desk = desk
        self._mail = mail
        self._offset: Table[float] = Table(store, "clock", float)
        clock.offset_seconds = self._offset.get("offset") or 0.0

    def serve_on(self, app: web.Application) -> None:
        """Lay the routes."""
        for method, path, handler in (
            ("GET", "/health", self._health),
            ("POST", "/reset", self._reset),
            ("GET", "/clock", self._show_clock),
            ("POST", "/clock", self._move_clock),
            ("POST", "/clock/set", self._move_clock),
            ("POST", "/clock/advance", self._move_clock),
            ("GET", "/faults", self._list_faults),
            ("POST", "/faults", self._add_fault),
            ("DELETE", "/faults", self._clear_faults),
            ("DELETE", "/faults/{fault_id}", self._remove_fault),
            ("GET", "/journal", self._page_journal),
            ("GET", "/journal/payments", self._payments),
            ("GET", "/journal/coupons", self._coupons),
            ("GET", "/journal/messages", self._messages),
            ("GET", "/journal/letters", self._letters),
            ("GET", "/idle", self._idle),
            ("GET", "/reports", self._list_reports),
            ("POST", "/reports/hold", self._hold_reports),
            ("POST", "/reports/release", self._release_reports),
            ("GET", "/codes/{target}", self._last_code),
        ):
            control(app, method, path, handler)

    async def _health(self, _request: web.Request) -> Json:
        return {"status": "ok", "journal": len(self._journal)}

    async def _reset(self, request: web.Request) -> Json:
        keep = (await read_object(request)).get("keep", [])
        if not isinstance(keep, list) or not set(keep) <= set(TABLES_BY_PART):
            raise ControlError(f"keep takes {', '.join(sorted(TABLES_BY_PART))}")
        self._clock.clear()
        self._faults.clear()
        self._journal.clear()
        self._store.clear(frozenset().union(*(TABLES_BY_PART[part] for part in keep)))
        self._ledger.reindex()
        self._desk.reindex()
        self._clock.move_to(self._offset.get("offset") or 0.0)
        return {"reset": True}

    async def _show_clock(self, _request: web.Request) -> Json:
        return {"offset_seconds": self._clock.offset_seconds, "now": utc_text(self._clock.now())}

    async def _move_clock(self, request: web.Request) -> Json:
        """Forwards only: services have acted on the time they read. A reset puts the clock back."""
        offset = wanted_offset(await read_object(request), self._clock)
        if offset < self._clock.offset_seconds - 0.001:
            raise ControlError("the clock does not go back; reset does that", 409)
        if offset > OFFSET_SECONDS_MAX:
            raise ControlError("too far")
        self._offset.put("offset", offset)
        self._clock.move_to(offset)
        return await self._show_clock(request)

    async def _list_faults(self, _request: web.Request) -> Json:
        return {"items": [asdict(fault) for fault in self._faults.listed()]}

    async def _add_fault(self, request: web.Request) -> Json:
        try:
            return asdict(self._faults.add(await read_object(request)))
        except ValueError as error:
            raise ControlError(str(error)) from error

    async def _clear_faults(self, _request: web.Request) -> Json:
        self._faults.clear()
        return {"items": []}

    async def _remove_fault(self, request: web.Request) -> Json:
        fault_id = request.match_info["fault_id"]
        if not fault_id.isdigit() or not self._faults.remove(int(fault_id)):
            raise ControlError("no such fault", 404)
        return {"removed": int(fault_id)}

    async def _page_journal(self, request: web.Request) -> Json:
        after, limit = page_query(request)
        found, following = self._journal.page(after, limit, request.query.get("provider"), request.query.get("route"))
        return {"items": found, "next": following, "total": len(self._journal)}

    async def _payments(self, request: web.Request) -> Json:
        return paged(self._ledger.listed(), *page_query(request), payment_shown)

    async def _coupons(self, request: web.Request) -> Json:
        return paged(self._stock.coupons(), *page_query(request), coupon_shown)

    async def _messages(self, request: web.Request) -> Json:
        return paged(self._desk.accepted(), *page_query(request), message_row)

    async def _letters(self, request: web.Request) -> Json:
        return paged(list(self._mail.letters), *page_query(request), lambda letter: letter.shown())

    async def _idle(self, _request: web.Request) -> Json:
        return self._reports.rest()

    async def _list_reports(self, _request: web.Request) -> Json:
        return {"items": self._reports.listed()}

    async def _hold_reports(self, request: web.Request) -> Json:
        return {"held": self._reports.hold(chooser(await read_object(request)))}

    async def _release_reports(self, request: web.Request) -> Json:
        body = await read_object(request)
        released = self._reports.release(chooser(body), reverse=body.get("order") == "reversed")
        return {"released": released}

    async def _last_code(self, request: web.Request) -> Json:
        target = request.match_info["target"]
        return self._last_code_by_mail(target) if "@" in target else self._last_code_on(digits(target))

    def _last_code_on(self, phone: str) -> Json:
        for message in self._desk.on_phone(phone):
            code = code_in(message.text)
            if code is not None:
                at = utc_text(message.arrives_at or message.accepted_at)
                return {"phone": phone, "code": code, "text": message.text, "refkey": message.refkey, "at": at}
        raise ControlError("no code was sent to this phone", 404)

    def _last_code_by_mail(self, address: str) -> Json:
        for letter in self._mail.of_recipient(address):
            shown = letter.shown()
            if shown["code"] is not None:
                return {"address": address, "code": shown["code"], "text": letter.text, "at": shown["received_at"]}
        raise ControlError("no code was sent to this address", 404)


def wanted_offset(body: Json, clock: Clock) -> float:
    """The offset that a clock call asks for. Raises ControlError."""
    if "now" in body:
        try:
            return parse_time(wanted_text(body, "now")) - time.time()
        except ValueError as error:
            raise ControlError("now is no ISO 8601 time") from error
    if "offset_seconds" in body:
        return number_in(body, "offset_seconds")
    for name in ("advance_seconds", "seconds"):
        if name in body:
            return clock.offset_seconds + number_in(body, name)
    raise ControlError("one of now, offset_seconds, seconds is expected")


def chooser(body: Json) -> Callable[[Report], bool]:
    """Which reports a call is about: by provider and by fields; without either, all."""
    provider = body.get("provider")
    match: dict[str, Any] = body.get("match") or {}

    def wanted(report: Report) -> bool:
        return provider in {None, report.provider} and all(
            report.fields.get(name) == str(value) for name, value in match.items()
        )

    return wanted


def payment_shown(payment: Payment) -> Json:
    """A payment for the judge."""
    return {
        "orderId": payment.order_id,
        "paymentKey": payment.payment_key,
        "method": payment.method,
        "status": payment.status,
        "confirmed": bool(payment.transaction_key),
        "totalAmount": payment.total_krw,
        "balanceAmount": payment.balance_krw,
        "approved_at": utc_text(payment.approved_at) if payment.approved_at else None,
        "cancels": [
            {
                "cancelAmount": cancel.amount_krw,
                "cancelReason": cancel.reason,
                "canceled_at": utc_text(cancel.canceled_at),
            }
            for cancel in payment.cancels
        ],
    }


def coupon_shown(coupon: Coupon) -> Json:
    """A coupon for the judge; `issued` is false for a deduction without a PIN."""
    return {
        "tr_id": coupon.tr_id,
        "orderNo": coupon.order_no,
        "goodsCode": coupon.goods_code,
        "phone": coupon.phone,
        "pin": coupon.pin,
        "issued": bool(coupon.pin),
        "pinStatusCd": coupon.state,
        "price_krw": coupon.price_krw,
        "issued_at": utc_text(coupon.issued_at),
        "valid_until": utc_text(coupon.valid_until),
    }


def message_row(message: Message) -> Json:
    """A message for the judge: two rows of one refkey are a message sent twice."""
    return {
        "refkey": message.refkey,
        "messagekey": message.messagekey,
        "type": message.kind,
        "to": message.phone,
        "text": message.text,
        "template": message.template,
        "accepted_at": utc_text(message.accepted_at),
        "arrives_by": message.arrives_by or None,
        "results": [
            {"media": row["media"], "result": row["result"], "due_at": utc_text(row["due_at"])}
            for row in message.results
        ],
    }
