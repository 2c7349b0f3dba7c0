"""The coupon supplier Giftishow Biz over HTTP: forms in, JSON out, and a business error behind every HTTP 200."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from chassis.answers import Answer as HttpAnswer
from chassis.answers import NotSent, Response, UnreadableAnswerError
from chassis.chunks import Call, ChunkCaller
from chassis.clock import SEOUL
from ordering.application.sending_ports import SupplierCall
from ordering.domain.answers import (
    Answer,
    Cancelled,
    CancelRefused,
    Issued,
    NeverCame,
    NotDone,
    NotFound,
    NumberLost,
    Refused,
    Stands,
    Stopped,
    Unsure,
)
from ordering.domain.attempt import Action
from ordering.domain.coupon import CouponState

NAME = "giftishow"
"""What offers call this supplier."""

DONE = "0000"
PIN_ONLY = "Y"
"""`gubun`: the number comes back to us, and the supplier messages nobody."""

_ENDPOINTS = {
    Action.ISSUE: ("0204", "/send"),
    Action.ASK: ("0201", "/coupons"),
    Action.LOOK: ("0201", "/coupons"),
    Action.CANCEL: ("0202", "/cancel"),
    Action.VOID: ("0205", "/sendFail/cancel"),
}
# Our balance there, our credentials, our sender number: nothing of it is a customer's fault, and nothing was issued.
_STOPPED_CODES = frozenset(
    {
        "E0006",
        "E0007",
        "E0008",
        "E0009",
        "E0010",
        "E0011",
        "E0012",
        "E0013",
        "COUPON.0010",
    }
)
_STOPPED_STATUSES = frozenset({401, 403, 404, 405})
_REFUSED_CODES = frozenset({"COUPON.0003", "COUPON.0005", "COUPON.0011"})
_NO_SUCH_ORDER_CODES = frozenset({"ERR0208", "ERR0209"})
_NOT_CANCELLABLE_CODES = frozenset({"COUPON.0006", "COUPON.0007"})
_ALREADY_CANCELLED = "COUPON.0008"
_TOO_MANY = 429
_DISCARDED_PINS = frozenset({"04", "05", "07"})
"""관리폐기, 환불, 구매취소(폐기): the coupon is no coupon any more."""
_STANDS = {
    # 발행, 재발행, 기간만료취소, 잔액기간만료취소, 등록, 등록취소, 선점, 임시발급: it can be used, or will be.
    **dict.fromkeys(("01", "06", "12", "16", "21", "22", "23", "24"), CouponState.ISSUED),
    # 교환, 잔액환불, 환전, 환급, 잔액환급: its worth was had.
    **dict.fromkeys(("02", "10", "13", "14", "15"), CouponState.USED),
    # 기간만료, 잔액기간만료.
    **dict.fromkeys(("08", "11"), CouponState.EXPIRED),
    **dict.fromkeys(_DISCARDED_PINS, CouponState.REVOKED),
}
"""What `pinStatusCd` means; of any other (반품, 바우처비활성) nothing is concluded."""

logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class GiftishowAccount:
    """How the supplier knows us, and how much at once it takes from us. `base_url` ends in `/bizApi`."""

    base_url: str
    auth_code: SecretStr = field(repr=False)
    auth_token: SecretStr = field(repr=False)
    user_id: str
    callback_number: str
    is_trial: bool
    timeout_seconds: float
    in_flight_max: int
    per_second_max: float | None


class Giftishow:
    """`Supplier` over the wire."""

    def __init__(self, account: GiftishowAccount, caller: ChunkCaller) -> None:
        self._account = account
        self._caller = caller

    def call_all(self, calls: Sequence[SupplierCall]) -> Sequence[Answer]:
        """Make the calls side by side within the supplier's rate; answers come in the same order."""
        answers = self._caller.call_all(
            [self._request(call) for call in calls],
            in_flight_max=self._account.in_flight_max,
            per_second_max=self._account.per_second_max,
        )
        meanings = [meaning(call.action, answer) for call, answer in zip(calls, answers, strict=True)]
        for code in {answer.code for answer in meanings if isinstance(answer, Stopped)}:
            logger.error("supplier takes nothing", supplier=NAME, reason=code)
        return meanings

    def _request(self, call: SupplierCall) -> Call:
        api_code, path = _ENDPOINTS[call.action]
        account = self._account
        form = {
            "api_code": api_code,
            "custom_auth_code": account.auth_code.get_secret_value(),
            "custom_auth_token": account.auth_token.get_secret_value(),
            "dev_yn": "Y" if account.is_trial else "N",
            "tr_id": call.tr_id,
            "user_id": account.user_id,
        }
        if call.action is Action.ISSUE:
            form |= {
                "goods_code": call.goods_code,
                "phone_no": call.phone,
                "callback_no": account.callback_number,
                "mms_title": "쿠폰",
                "mms_msg": "쿠폰",
                "gubun": PIN_ONLY,
            }
        url = account.base_url.rstrip("/") + path
        return Call("POST", url, form=form, timeout_seconds=account.timeout_seconds)


class _Envelope(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, hide_input_in_errors=True)

    code: str
    result: Any = None


class _SentCoupon(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, hide_input_in_errors=True)

    orderNo: str | None = None  # noqa: N815 - the supplier's spelling
    pinNo: str | None = None  # noqa: N815


class _KnownCoupon(_SentCoupon):
    pinStatusCd: str = ""  # noqa: N815
    validPrdEndDt: str | None = None  # noqa: N815


def meaning(action: Action, answer: HttpAnswer) -> Answer:
    """What an answer means for the call; whatever is not known for sure is `Unsure`."""
    if not isinstance(answer, Response):
        return NotDone(answer.reason) if isinstance(answer, NotSent) else Unsure(answer.reason)
    if not answer.ok:
        return _of_status(answer.status)
    try:
        envelope = _Envelope.model_validate(answer.json())
        if envelope.code in _STOPPED_CODES:
            return Stopped(envelope.code)
        return _READERS[action](envelope)
    except (UnreadableAnswerError, ValidationError):
        return Unsure("unreadable")


def _of_status(status: int) -> Answer:
    code = f"http_{status}"
    if status == _TOO_MANY:
        return NotDone(code)
    return Stopped(code) if status in _STOPPED_STATUSES else Unsure(code)


def _issue(outer: _Envelope) -> Answer:
    inner = _Envelope.model_validate(outer.result) if outer.code == DONE else outer
    if inner.code in _STOPPED_CODES:
        return Stopped(inner.code)
    if inner.code in _REFUSED_CODES:
        return Refused(inner.code)
    if inner.code != DONE:
        # Also a key that was used before: what it was used for is asked.
        return Unsure(inner.code)
    sent = _SentCoupon.model_validate(inner.result)
    return Issued(sent.pinNo, sent.orderNo) if sent.pinNo else Unsure("no_number")


def _ask(outer: _Envelope) -> Answer:
    if outer.code in _NO_SUCH_ORDER_CODES:
        return NotFound()
    if outer.code != DONE:
        return Unsure(outer.code)
    coupon = _known(outer)
    if coupon is None:
        return NotFound()
    if coupon.pinStatusCd in _DISCARDED_PINS:
        return Refused(f"pin_{coupon.pinStatusCd}")
    if not coupon.pinNo:
        return NumberLost("no_number")
    return Issued(coupon.pinNo, coupon.orderNo, _end_of_period(coupon.validPrdEndDt))


def _look(outer: _Envelope) -> Answer:
    if outer.code in _NO_SUCH_ORDER_CODES:
        return NotFound()
    if outer.code != DONE:
        return Unsure(outer.code)
    coupon = _known(outer)
    if coupon is None:
        return NotFound()
    state = _STANDS.get(coupon.pinStatusCd)
    return Unsure(f"pin_{coupon.pinStatusCd}") if state is None else Stands(state)


def _known(outer: _Envelope) -> _KnownCoupon | None:
    rows = outer.result if isinstance(outer.result, list) else []
    known = [row for group in rows if isinstance(group, Mapping) for row in group.get("couponInfoList") or []]
    return _KnownCoupon.model_validate(known[0]) if known else None


def _void(outer: _Envelope) -> Answer:
    if outer.code in {DONE, _ALREADY_CANCELLED}:
        return Refused("voided")
    return NeverCame(outer.code) if outer.code in _NO_SUCH_ORDER_CODES else Unsure(outer.code)


def _cancel(outer: _Envelope) -> Answer:
    if outer.code in {DONE, _ALREADY_CANCELLED}:
        return Cancelled()
    refused = outer.code in _NOT_CANCELLABLE_CODES | _NO_SUCH_ORDER_CODES
    return CancelRefused(outer.code) if refused else Unsure(outer.code)


_READERS = {Action.ISSUE: _issue, Action.ASK: _ask, Action.LOOK: _look, Action.VOID: _void, Action.CANCEL: _cancel}


def _end_of_period(digits: str | None) -> datetime | None:
    """`YYYYMMDDhhmmss` in Korea; a date alone ends with its day, anything else says nothing."""
    for text, form in ((digits, "%Y%m%d%H%M%S"), (f"{digits}235959", "%Y%m%d%H%M%S")):
        try:
            return datetime.strptime(text or "", form).replace(tzinfo=SEOUL)
        except ValueError:
            continue
    return None
