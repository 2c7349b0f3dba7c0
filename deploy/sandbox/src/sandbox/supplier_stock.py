"""The coupon supplier's shelves: goods, issued coupons, prepaid balance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from sandbox.clock import KST, Clock
from sandbox.records import Json, Store, Table

PIN_SPACE = 10**12
PIN_STEP = 618_033_988_751  # Coprime to the space: every number of it comes once before any comes again.
VALID_DAYS_DEFAULT = 30

ISSUED, EXCHANGED, DISCARDED, PURCHASE_CANCELED, EXPIRED = "01", "02", "04", "07", "08"
PIN_STATES = {
    "01": "발행",
    "02": "교환(사용완료)",
    "03": "반품",
    "04": "관리폐기",
    "05": "환불",
    "06": "재발행",
    "07": "구매취소(폐기)",
    "08": "기간만료",
}


class SupplierError(Exception):
    """The supplier refuses with one of its codes."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code} {message}")
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Coupon:
    """One answer to one tr_id. An empty `pin` is a deduction without a coupon."""

    tr_id: str
    goods_code: str
    phone: str
    order_no: str
    pin: str
    price_krw: int
    issued_at: float
    valid_until: float
    state: str
    picture: bool = False

    def as_of(self, now: float) -> Coupon:
        """The coupon with its period's end applied."""
        return replace(self, state=EXPIRED) if self.state == ISSUED and now > self.valid_until else self


class SupplierStock:
    """Goods by code, coupons by tr_id, and the balance that pays for them."""

    def __init__(self, clock: Clock, store: Store, balance_krw: int) -> None:
        self.goods: Table[Json] = Table(store, "goods", dict)
        self._coupons: Table[Coupon] = Table(store, "coupons", lambda value: Coupon(**value))
        self._balance: Table[int] = Table(store, "bizmoney", int)
        self._first_balance_krw = balance_krw
        self._clock = clock

    @property
    def balance_krw(self) -> int:
        """What is left of the prepaid balance."""
        balance = self._balance.get("balance")
        return self._first_balance_krw if balance is None else balance

    def set_balance(self, balance_krw: int) -> None:
        """Charge or empty the balance."""
        self._balance.put("balance", balance_krw)

    def put_goods(self, rows: list[Json]) -> int:
        """Add goods or change those of the same code. Raises ValueError naming what a row lacks."""
        merged: dict[str, Json] = {}
        for row in rows:
            code = row.get("goodsCode")
            if not isinstance(code, str) or not code:
                raise ValueError("goodsCode is missing")
            merged[code] = {**(self.goods.get(code) or goods_defaults(row)), **row}
            if type(merged[code]["discountPrice"]) is not int:
                raise ValueError(f"{code}: discountPrice or salePrice is missing")
        for code, goods in merged.items():
            self.goods.put(code, goods)
        return len(rows)

    def issue(self, tr_id: str, goods_code: str, phone: str, *, with_pin: bool, picture: bool) -> Coupon:
        """Sell a coupon. Raises SupplierError: duplicate tr_id, goods not on sale, balance short."""
        if tr_id in self._coupons:
            raise SupplierError("COUPON.0015", "중복된 TR_ID 입니다.")
        goods = self.goods.get(goods_code)
        if goods is None or goods.get("goodsStateCd") != "SALE":
            raise SupplierError("COUPON.0011", "상품 정보가 올바르지 않습니다.")
        price_krw = int(goods["discountPrice"])
        if price_krw > self.balance_krw:
            raise SupplierError("E0010", "비즈머니가 부족합니다.")
        self.set_balance(self.balance_krw - price_krw)
        now = self._clock.now()
        number = len(self._coupons) + 1
        coupon = Coupon(
            tr_id=tr_id,
            goods_code=goods_code,
            phone=phone,
            order_no=f"{datetime.fromtimestamp(now, KST):%Y%m%d}{number:08d}",
            pin=f"{number * PIN_STEP % PIN_SPACE:012d}" if with_pin else "",
            price_krw=price_krw,
            issued_at=now,
            valid_until=last_moment(now, int(goods.get("validPrdDay") or VALID_DAYS_DEFAULT)),
            state=ISSUED if with_pin else "",
            picture=picture,
        )
        self._coupons.put(tr_id, coupon)
        return coupon

    def coupon(self, tr_id: str) -> Coupon | None:
        """What was done for a tr_id, as of now."""
        coupon = self._coupons.get(tr_id)
        return None if coupon is None else coupon.as_of(self._clock.now())

    def coupons(self) -> list[Coupon]:
        """All that was issued, oldest first."""
        now = self._clock.now()
        return [coupon.as_of(now) for coupon in self._coupons]

    def of_pin(self, pin: str) -> Coupon | None:
        """The coupon of a PIN."""
        return next((coupon for coupon in self.coupons() if pin and coupon.pin == pin), None)

    def end(self, coupon: Coupon, state: str) -> Coupon:
        """Move an issued coupon to its last state, paying back when it was canceled. Raises SupplierError."""
        if coupon.state == PURCHASE_CANCELED:
            raise SupplierError("COUPON.0008", "이미 취소된 쿠폰입니다.")
        if coupon.state == EXCHANGED:
            raise SupplierError("COUPON.0007", "이미 교환된 쿠폰입니다.")
        if coupon.state != ISSUED and not (state == PURCHASE_CANCELED and coupon.state == ""):
            raise SupplierError("COUPON.0006", "취소할 수 없는 쿠폰입니다.")
        ended = replace(coupon, state=state)
        self._coupons.put(coupon.tr_id, ended)
        if state == PURCHASE_CANCELED:
            self.set_balance(self.balance_krw + coupon.price_krw)
        return ended


def last_moment(issued_at: float, days: int) -> float:
    """The end of the Nth day after the day of issue, in Korea."""
    day = datetime.fromtimestamp(issued_at, KST).date() + timedelta(days=days)
    return datetime.combine(day, time(23, 59, 59), KST).timestamp()


def goods_defaults(row: Json) -> dict[str, Any]:
    """What a row of the catalogue says when whoever loaded it did not."""
    price = row.get("discountPrice", row.get("salePrice"))
    return {
        "goodsName": row.get("goodsCode"),
        "brandCode": "BR00000",
        "brandName": "샌드박스",
        "realPrice": price,
        "salePrice": price,
        "discountPrice": price,
        "discountRate": 0,
        "limitDay": VALID_DAYS_DEFAULT,
        "validPrdTypeCd": "01",
        "validPrdDay": str(VALID_DAYS_DEFAULT),
        "endDate": "2999-12-30T15:00:00.000+0000",
        "goodsStateCd": "SALE",
        "goodsImgS": "",
        "goodsImgB": "",
        "mmsGoodsImg": "",
        "content": "",
        "goodsTypeNm": "일반상품",
        "goodsTypeDtlNm": "기타",
        "affiliate": "샌드박스",
        "category1Seq": 1,
    }
