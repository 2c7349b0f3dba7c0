"""The control plane's levers on single vendors: payments, templates, goods, coupons, businesses, odds."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from aiohttp import web

from sandbox.bizppurio import Bizppurio
from sandbox.clock import Clock
from sandbox.control_wire import ControlError, control, number_in, read_object, read_rows, wanted_text
from sandbox.giftishow import Giftishow
from sandbox.kapi import Kapi
from sandbox.message_desk import MessageDesk
from sandbox.message_fate import Template
from sandbox.nts import Business, TaxOffice, number_for
from sandbox.phones import SCRIPTED
from sandbox.records import Json
from sandbox.supplier_stock import DISCARDED, EXCHANGED, EXPIRED, Coupon, SupplierStock
from sandbox.toss_ledger import TossLedger
from sandbox.toss_payment import CARD, Payment
from sandbox.toss_webhooks import TossWebhooks

ENDS = {"exchange": EXCHANGED, "expire": EXPIRED, "discard": DISCARDED}


class VendorControl:
    """Everything under /__sim/<vendor>."""

    def __init__(
        self,
        *,
        clock: Clock,
        ledger: TossLedger,
        webhooks: TossWebhooks,
        message_provider: Bizppurio,
        desk: MessageDesk,
        supplier: Giftishow,
        stock: SupplierStock,
        tax_office: TaxOffice,
        channels: Kapi,
    ) -> None:
        self._clock = clock
        self._ledger = ledger
        self._webhooks = webhooks
        self._message_provider = message_provider
        self._desk = desk
        self._supplier = supplier
        self._stock = stock
        self._tax_office = tax_office
        self._channels = channels

    def serve_on(self, app: web.Application) -> None:
        """Lay the routes."""
        for method, path, handler in (
            ("POST", "/toss/authenticate", self._authenticate),
            ("POST", "/toss/deposit", self._deposit),
            ("POST", "/toss/reverse", self._reverse),
            ("POST", "/toss/expire", self._expire_payment),
            ("POST", "/toss/webhook", self._webhook),
            ("POST", "/kapi/channel", self._change_channel),
            ("GET", "/bizppurio/templates", self._list_templates),
            ("POST", "/bizppurio/templates", self._put_templates),
            ("DELETE", "/bizppurio/templates/{code}", self._drop_template),
            ("POST", "/bizppurio/tokens/expire", self._expire_tokens),
            ("GET", "/giftishow/goods", self._list_goods),
            ("POST", "/giftishow/goods", self._put_goods),
            ("POST", "/giftishow/bizmoney", self._set_bizmoney),
            ("POST", "/giftishow/coupons/{end:exchange|expire|discard}", self._end_coupon),
            ("POST", "/nts/businesses", self._put_businesses),
            ("GET", "/nts/numbers", self._numbers),
            ("GET", "/odds", self._show_odds),
            ("POST", "/odds", self._set_odds),
        ):
            control(app, method, path, handler)

    async def _authenticate(self, request: web.Request) -> Json:
        body = await read_object(request)
        payment = self._ledger.authenticate(
            wanted_text(body, "orderId"),
            str(body.get("orderName") or "주문"),
            int(number_in(body, "amount")),
            str(body.get("method") or CARD),
        )
        return {"paymentKey": payment.payment_key, "orderId": payment.order_id, "amount": payment.total_krw}

    async def _deposit(self, request: web.Request) -> Json:
        body = await read_object(request)
        payment = self._ledger.by_order(wanted_text(body, "orderId"))
        amount_krw = int(number_in(body, "amount")) if "amount" in body else payment.total_krw
        if amount_krw != payment.total_krw and not body.get("forced"):
            raise ControlError("the bank takes only the exact amount", 409)
        return self._changed(payment.deposited(self._clock.now(), amount_krw), body)

    async def _reverse(self, request: web.Request) -> Json:
        body = await read_object(request)
        return self._changed(self._ledger.by_order(wanted_text(body, "orderId")).taken_back(), body)

    def _changed(self, payment: Payment, body: Json) -> Json:
        self._ledger.save(payment)
        secret = body.get("secret")
        self._webhooks.deposit_changed(payment, None if secret is None else str(secret))
        if payment.status == "DONE":
            self._webhooks.status_changed(payment)
        return {"orderId": payment.order_id, "status": payment.status}

    async def _expire_payment(self, request: web.Request) -> Json:
        body = await read_object(request)
        payment = self._ledger.by_order(wanted_text(body, "orderId"))
        self._ledger.expire(payment)
        return {"orderId": payment.order_id, "status": "EXPIRED"}

    async def _webhook(self, request: web.Request) -> Json:
        body = await read_object(request)
        forged = body.get("body")
        if not isinstance(forged, dict):
            raise ControlError("body is missing")
        self._webhooks.send(forged, str(body.get("orderId", "")), "forged", "")
        return {"sent": True}

    async def _list_templates(self, _request: web.Request) -> Json:
        return {"items": [asdict(template) for template in self._desk.templates]}

    async def _put_templates(self, request: web.Request) -> Json:
        rows = await read_rows(request)
        for row in rows:
            buttons = row.get("buttons", [])
            if not isinstance(buttons, list):
                raise ControlError("buttons is no list")
            code, content = wanted_text(row, "templatecode"), wanted_text(row, "content")
            self._desk.templates.put(code, Template(code, content, buttons))
        return {"registered": len(rows)}

    async def _drop_template(self, request: web.Request) -> Json:
        self._desk.templates.drop(request.match_info["code"])
        return {"dropped": request.match_info["code"]}

    async def _change_channel(self, request: web.Request) -> Json:
        body = await read_object(request)
        search_id = wanted_text(body, "search_id")
        changes: Json = {name: body[name] for name in ("profile_status", "block", "dormant") if name in body}
        changed = self._channels.change(search_id, changes)
        if changed is None:
            raise ControlError(f"nobody registered {search_id}")
        return changed

    async def _expire_tokens(self, _request: web.Request) -> Json:
        return {"expired": self._message_provider.expire_tokens()}

    async def _list_goods(self, _request: web.Request) -> Json:
        return {"items": list(self._stock.goods)}

    async def _put_goods(self, request: web.Request) -> Json:
        try:
            return {"loaded": self._stock.put_goods(await read_rows(request))}
        except ValueError as error:
            raise ControlError(str(error)) from error

    async def _set_bizmoney(self, request: web.Request) -> Json:
        self._stock.set_balance(int(number_in(await read_object(request), "balance_krw")))
        return {"balance_krw": self._stock.balance_krw}

    async def _end_coupon(self, request: web.Request) -> Json:
        coupon = self._coupon(await read_object(request))
        ended = self._stock.end(coupon, ENDS[request.match_info["end"]])
        return {"tr_id": ended.tr_id, "pinStatusCd": ended.state}

    def _coupon(self, body: Json) -> Coupon:
        tr_id, pin = body.get("tr_id"), body.get("pin")
        coupon = self._stock.coupon(str(tr_id)) if tr_id else self._stock.of_pin(str(pin or ""))
        if coupon is None:
            raise ControlError("no such coupon", 404)
        return coupon

    async def _put_businesses(self, request: web.Request) -> Json:
        rows = await read_rows(request)
        for row in rows:
            unknown = set(row) - set(Business.__slots__)
            if unknown:
                raise ControlError(f"unknown: {', '.join(sorted(unknown))}")
            b_no = wanted_text(row, "b_no")
            self._tax_office.businesses.put(b_no, Business(**{name: str(value) for name, value in row.items()}))
        return {"registered": len(rows)}

    async def _numbers(self, request: web.Request) -> Json:
        serial, count = request.query.get("serial", "1000"), request.query.get("count", "1")
        if len(serial) != 4 or not serial.isdigit() or not count.isdigit() or int(count) > 1000:
            raise ControlError("serial is four digits, count is up to 1000")
        return {"numbers": [number_for(serial, place) for place in range(int(count))]}

    async def _show_odds(self, _request: web.Request) -> Json:
        return {"bizppurio": self._desk.odds.by_key(), "giftishow": self._supplier.odds.by_key()}

    async def _set_odds(self, request: web.Request) -> Json:
        body = await read_object(request)
        tables = {"bizppurio": self._desk.odds, "giftishow": self._supplier.odds}
        if not set(body) <= set(tables):
            raise ControlError("odds are of bizppurio or giftishow")
        for provider, percents in body.items():
            checked = checked_odds(percents)
            tables[provider].clear()
            for pattern, percent in checked.items():
                tables[provider].put(pattern, percent)
        return await self._show_odds(request)


def checked_odds(percents: Any) -> dict[str, float]:
    """Percentages by pattern. Raises ControlError unless they are patterns and add up to 100 at most."""
    if not isinstance(percents, dict) or not all(SCRIPTED.match(f"010{name}0000") for name in percents):
        raise ControlError("odds are percentages by pattern, 9001 to 9013")
    checked = {str(name): number_in(percents, name) for name in percents}
    if min(checked.values(), default=0.0) < 0 or sum(checked.values()) > 100:
        raise ControlError("odds are between 0 and 100 in all")
    return checked
