"""The coupon supplier: goods, issue by tr_id, query, cancel, prepaid balance."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Any

from sandbox.barcode import barcode_png
from sandbox.clock import kst_digits
from sandbox.message_desk import MessageDesk
from sandbox.phones import digits, is_mobile, pattern_of
from sandbox.records import Json, Store, Table
from sandbox.settings import Settings
from sandbox.supplier_stock import PIN_STATES, PURCHASE_CANCELED, Coupon, SupplierError, SupplierStock
from sandbox.wire import Answer, Call, Vendor, Wire, Work

TR_ID_LENGTH_MAX = 20
TITLE_LENGTH_MAX = 10
PAGE_ROWS_MAX = 1000
GUBUN = frozenset({"Y", "N", "I"})

GIFTISHOW = Vendor(
    name="giftishow",
    failure=lambda _status: {"code": "E9999", "message": "시스템 오류입니다."},
    busy=Answer(429, {"code": "E9999", "message": "요청이 많습니다."}),
    bad_body=Answer(200, {"code": "E9999", "message": "시스템 오류입니다."}),
)


class Giftishow:
    """The calls under /giftishow/bizApi, all POST forms; business errors come with HTTP 200."""

    def __init__(self, settings: Settings, store: Store, stock: SupplierStock, desk: MessageDesk) -> None:
        self.odds: Table[float] = Table(store, "issuer_odds", float)
        self._settings = settings
        self._stock = stock
        self._desk = desk

    def serve_on(self, wire: Wire) -> None:
        """Lay the vendor's routes."""
        for name, api_code, path, handler in (
            ("goods", "0101", "/goods", self._goods),
            ("goods_detail", "0111", "/goods/{goodsCode}", self._goods_detail),
            ("brands", "0102", "/brands", self._brands),
            ("brand", "0112", "/brands/{brandCode}", self._brand),
            ("send", "0204", "/send", self._send),
            ("coupons", "0201", "/coupons", self._coupons),
            ("cancel", "0202", "/cancel", self._cancel),
            ("resend", "0203", "/resend", self._resend),
            ("send_fail_cancel", "0205", "/sendFail/cancel", self._send_fail_cancel),
            ("bizmoney", "0301", "/bizmoney", self._bizmoney),
        ):
            wire.route(GIFTISHOW, name, ("POST", f"/bizApi{path}"), handler, self._checked(api_code))
        wire.route(GIFTISHOW, "picture", ("GET", "/coupon/{tr_id}.png"), self._picture)

    def _checked(self, api_code: str) -> Callable[[Call, Work], Any]:
        async def around(call: Call, work: Work) -> Answer:
            try:
                self._check_credentials(call.form, api_code)
                return await work()
            except SupplierError as error:
                return Answer(200, {"code": error.code, "message": error.message})

        return around

    def _check_credentials(self, form: dict[str, str], api_code: str) -> None:
        credentials = self._settings.credentials
        if form.get("api_code") != api_code:
            raise SupplierError("E0006", "API 코드가 올바르지 않습니다.")
        if not same(form.get("custom_auth_code", ""), credentials.supplier_auth_code):
            raise SupplierError("E0008", "인증 코드가 올바르지 않습니다.")
        if not same(form.get("custom_auth_token", ""), credentials.supplier_auth_token):
            raise SupplierError("E0009", "인증 토큰이 올바르지 않습니다.")
        if form.get("dev_yn") not in {"Y", "N"}:
            raise SupplierError("E0007", "dev_yn 값이 올바르지 않습니다.")

    def _goods(self, call: Call) -> Answer:
        rows = list(self._stock.goods)
        start, size = call.form.get("start", ""), call.form.get("size", "")
        if not start.isdigit() or not size.isdigit() or int(start) < 1 or not 0 < int(size) <= PAGE_ROWS_MAX:
            raise SupplierError("E9999", "start, size 값이 올바르지 않습니다.")
        number = 1 if "__page_repeat" in call.form else int(start)
        shown = rows[(number - 1) * int(size) : number * int(size)]
        return well({"listNum": len(shown), "goodsList": shown})

    def _goods_detail(self, call: Call) -> Answer:
        goods = self._stock.goods.get(call.params["goodsCode"])
        if goods is None:
            raise SupplierError("COUPON.0011", "상품 정보가 올바르지 않습니다.")
        return well({"goodsDetail": goods})

    def _brands(self, _call: Call) -> Answer:
        brands = {str(goods["brandCode"]): brand_of(goods) for goods in self._stock.goods}
        return well({"listNum": len(brands), "brandList": list(brands.values())})

    def _brand(self, call: Call) -> Answer:
        code = call.params["brandCode"]
        found = next((brand_of(goods) for goods in self._stock.goods if goods["brandCode"] == code), None)
        if found is None:
            raise SupplierError("COUPON.0011", "브랜드 정보가 올바르지 않습니다.")
        return well({"brandDetail": found})

    def _send(self, call: Call) -> Answer:
        form = call.form
        self._check_send(form)
        if "__inner_error" in form:
            return inner(form["__inner_error"] or "COUPON.0011", "상품 정보가 올바르지 않습니다.", None)
        tr_id, phone = form["tr_id"], digits(form["phone_no"])
        pattern = pattern_of(phone, tr_id, self.odds.by_key())
        if pattern == "9011":
            if int(phone[-1]) % 2 == 0:
                raise SupplierError("COUPON.0011", "상품 정보가 올바르지 않습니다.")
            return inner("COUPON.0011", "상품 정보가 올바르지 않습니다.", None)
        gubun = form["gubun"]
        coupon = self._stock.issue(tr_id, form["goods_code"], phone, with_pin=pattern != "9013", picture=gubun == "I")
        if pattern == "9013":
            return Answer(200, {"code": "E9999", "message": "시스템 오류입니다."})
        if gubun == "N":
            self._deliver(coupon, form.get("mms_msg", ""))
        answer = inner("0000", "성공", self._issued(coupon, gubun))
        return answer.then("hung") if pattern == "9012" else answer

    def _check_send(self, form: dict[str, str]) -> None:
        tr_id = form.get("tr_id", "")
        if not 0 < len(tr_id) <= TR_ID_LENGTH_MAX:
            raise SupplierError("COUPON.0003", "TR_ID 길이가 올바르지 않습니다.")
        if not is_mobile(form.get("phone_no", "")):
            raise SupplierError("COUPON.0005", "수신번호가 올바르지 않습니다.")
        if not digits(form.get("callback_no", "")).isdigit():
            raise SupplierError("COUPON.0010", "발신번호가 올바르지 않습니다.")
        if len(form.get("mms_title", "")) > TITLE_LENGTH_MAX or not form.get("user_id"):
            raise SupplierError("E9999", "필수 값이 올바르지 않습니다.")
        if form.get("gubun") not in GUBUN:
            raise SupplierError("E9999", "gubun 값이 올바르지 않습니다.")

    def _issued(self, coupon: Coupon, gubun: str) -> Json:
        issued: Json = {"orderNo": coupon.order_no}
        if gubun in {"Y", "I"}:
            issued["pinNo"] = coupon.pin
        if gubun == "I":
            issued["couponImgUrl"] = f"{self._settings.public_url}/giftishow/coupon/{coupon.tr_id}.png"
        return issued

    def _picture(self, call: Call) -> Answer:
        coupon = self._stock.coupon(call.params["tr_id"])
        if coupon is None or not coupon.picture:
            return Answer(404, {"code": "COUPON.0001", "message": "쿠폰이 없습니다."})
        return Answer(200, barcode_png(coupon.pin), "image/png")

    def _deliver(self, coupon: Coupon, message: str) -> None:
        words = f"{message}\n쿠폰번호 {coupon.pin}\n유효기간 {kst_digits(coupon.valid_until)[:8]}"
        self._desk.drop_in(coupon.phone, words, coupon.tr_id)

    def _coupons(self, call: Call) -> Answer:
        coupon = self._stock.coupon(call.form.get("tr_id", ""))
        if coupon is None or not coupon.pin:
            return well([])
        goods = self._stock.goods.get(coupon.goods_code) or {}
        return well([{"couponInfoList": [coupon_row(coupon, goods)]}])

    def _cancel(self, call: Call) -> Answer:
        coupon = self._known(call)
        if not coupon.pin:
            raise SupplierError("COUPON.0006", "취소할 수 없는 쿠폰입니다.")
        self._stock.end(coupon, PURCHASE_CANCELED)
        return well(None)

    def _resend(self, call: Call) -> Answer:
        coupon = self._stock.coupon(call.form.get("tr_id", ""))
        if coupon is None or coupon.state != "01":
            raise SupplierError("ERR0212", "재전송 대상이 없습니다.")
        self._deliver(coupon, "재전송")
        return well(None)

    def _send_fail_cancel(self, call: Call) -> Answer:
        coupon = self._known(call)
        if coupon.pin:
            raise SupplierError("COUPON.0006", "취소할 수 없는 쿠폰입니다.")
        self._stock.end(coupon, PURCHASE_CANCELED)
        return well(None)

    def _known(self, call: Call) -> Coupon:
        coupon = self._stock.coupon(call.form.get("tr_id", ""))
        if coupon is None:
            raise SupplierError("ERR0208", "주문 정보가 없습니다.")
        return coupon

    def _bizmoney(self, call: Call) -> Answer:
        if not call.form.get("user_id"):
            raise SupplierError("E9999", "user_id 값이 올바르지 않습니다.")
        return well({"balance": str(self._stock.balance_krw)})


def well(result: Any) -> Answer:
    """The outer envelope of success."""
    return Answer(200, {"code": "0000", "message": None, "result": result})


def inner(code: str, message: str, result: Any) -> Answer:
    """The envelope inside the envelope, which a send alone has."""
    return well({"code": code, "message": message, "result": result})


def brand_of(goods: Json) -> Json:
    """A goods' brand as a row of its own."""
    return {"brandCode": goods["brandCode"], "brandName": goods["brandName"], "brandIConImg": ""}


def coupon_row(coupon: Coupon, goods: Json) -> Json:
    """A coupon as query 0201 tells it."""
    return {
        "goodsCd": coupon.goods_code,
        "goodsNm": goods.get("goodsName", ""),
        "pinStatusCd": coupon.state,
        "pinStatusNm": PIN_STATES.get(coupon.state, ""),
        "pinNo": coupon.pin,
        "orderNo": coupon.order_no,
        "sendStatusCd": "1000",
        "sendRstCd": "0",
        "sendRstMsg": "성공",
        "sendBasicCd": "",
        "recverTelNo": coupon.phone,
        "validPrdEndDt": kst_digits(coupon.valid_until),
        "remainAmt": None,
        "sellPriceAmt": str(coupon.price_krw),
    }


def same(given: str, expected: str) -> bool:
    """Comparison of secrets in constant time."""
    return hmac.compare_digest(given.encode(), expected.encode())
