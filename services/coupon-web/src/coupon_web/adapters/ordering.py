"""The ordering service's recipient API, through the gateway. Tokens travel in headers only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from chassis.answers import Answer, Response, UnreadableAnswerError
from chassis.http import NO_RETRY, HttpClient, Retry
from chassis.origin import FORWARDED_HEADER
from coupon_web.domain.choice import Choice
from coupon_web.domain.coupon import Coupon, CouponState
from coupon_web.domain.errors import (
    ChoiceOverError,
    ChoiceUnavailableError,
    CodeLimitError,
    CodeOverError,
    CodeTooSoonError,
    CodeTriesOverError,
    CodeWrongError,
    CouponPageError,
    LinkUnknownError,
    OrderingAwayError,
    TooManyRequestsError,
)
from coupon_web.domain.link import Link, Proof, SentCode
from coupon_web.domain.page import DEFAULT_CARD, CouponPage, LinePage, LineState, card_of

CHOICE_PATH = "/v1/recipient/choice"
READING = Retry(attempts_max=2, first_wait_seconds=0.1, wait_seconds_max=0.5)
"""A person waits for the page: one more try, and no long wait."""
DEFAULT_RETRY_AFTER_SECONDS = 60
"""For a refusal that names no time."""


class _Answer(BaseModel):
    """Answers may grow; what is not known here is left aside."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class _Line(_Answer):
    state: LineState
    phone_masked: str
    send_title: str
    coupons: int
    is_proven: bool
    card: str = DEFAULT_CARD


class _Code(_Answer):
    code_id: UUID
    expires_at: datetime
    resend_after_seconds: int


class _Proof(_Answer):
    proof: str
    expires_at: datetime


class _Coupon(_Answer):
    item_no: int
    brand_name: str
    product_name: str
    image_path: str
    state: CouponState
    number: str | None
    barcode_value: str | None
    expires_at: datetime | None
    notice: str


class _Choice(_Answer):
    item_no: int
    brand_name: str
    product_name: str
    image_path: str
    validity_days: int
    notice: str
    can_be_picked: bool


class _Coupons(_Answer):
    state: LineState
    send_title: str
    card: str = DEFAULT_CARD
    message: str
    coupons: tuple[_Coupon, ...]
    choices: tuple[_Choice, ...] = ()
    choice_ends_at: datetime | None = None


class _Problem(_Answer):
    code: str = ""
    tries_left: int = 0
    limit: str = ""


_Known = TypeVar("_Known", bound=_Answer)


class OrderingClient:
    """Asks the ordering service on behalf of a recipient at an address (the limits of codes count by it).

    Every call raises `LinkUnknownError`, `OrderingAwayError` and `TooManyRequestsError`.
    """

    def __init__(self, base_url: str, *, timeout_seconds: float) -> None:
        self._http = HttpClient(base_url, name="ordering", read_timeout_seconds=timeout_seconds)

    def line(self, link: Link, proof: str | None, *, address: str) -> LinePage:
        """What stands behind the link; changes nothing."""
        said = self._ask("GET", "/v1/recipient/line", _Line, link, proof, address=address, retry=READING)
        return LinePage(
            send_title=said.send_title,
            phone_masked=said.phone_masked,
            coupons=said.coupons,
            state=said.state,
            is_proven=said.is_proven,
            card=card_of(said.card),
        )

    def coupons(self, link: Link, proof: str | None, *, address: str) -> CouponPage:
        """The coupons; `LinkUnknownError` also without a proof that holds."""
        said = self._ask("GET", "/v1/recipient/coupons", _Coupons, link, proof, address=address, retry=READING)
        return _page(said)

    def choose(self, link: Link, proof: str | None, item_no: int, *, address: str) -> CouponPage:
        """Pick a product, once and finally. Raises `ChoiceRefusedError`s."""
        body = {"item_no": item_no}
        return _page(self._ask("POST", CHOICE_PATH, _Coupons, link, proof, address=address, json=body))

    def send_code(self, link: Link, *, address: str, at: datetime) -> SentCode:
        """Have a code sent to the line's own number. Raises `CodeTooSoonError` and `CodeLimitError`."""
        said = self._ask("POST", "/v1/recipient/codes", _Code, link, address=address)
        return SentCode(
            said.code_id,
            expires_at=int(said.expires_at.timestamp()),
            resend_at=int(at.timestamp()) + said.resend_after_seconds,
        )

    def prove(self, link: Link, code_id: UUID, code: str, *, address: str) -> Proof:
        """A proof for the right code. Raises `CodeRefusedError`s."""
        body = {"code_id": str(code_id), "code": code}
        said = self._ask("POST", "/v1/recipient/codes/check", _Proof, link, address=address, json=body)
        return Proof(said.proof, said.expires_at)

    def _ask(
        self,
        method: str,
        path: str,
        model: type[_Known],
        link: Link,
        proof: str | None = None,
        *,
        address: str,
        json: Mapping[str, Any] | None = None,
        retry: Retry = NO_RETRY,
    ) -> _Known:
        headers = {"Link-Token": link.token, FORWARDED_HEADER: address, **({"Proof": proof} if proof else {})}
        answer = self._http.request(method, path, json=json, headers=headers, retry=retry)
        return _read(answer, model)


def _read(answer: Answer, model: type[_Known]) -> _Known:
    if not isinstance(answer, Response):
        raise OrderingAwayError(answer.reason)
    try:
        if answer.ok:
            return model.model_validate_json(answer.body)
        raise _refusal(answer, _Problem.model_validate(answer.json()))
    except (ValidationError, UnreadableAnswerError):
        raise OrderingAwayError(f"status {answer.status}, unreadable") from None


def _refusal(answer: Response, problem: _Problem) -> CouponPageError:
    known = _REFUSALS.get(problem.code)
    if known is not None:
        return known(problem, _retry_after_seconds(answer))
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return TooManyRequestsError(_retry_after_seconds(answer))
    return OrderingAwayError(f"status {answer.status}")


def _retry_after_seconds(answer: Response) -> int:
    named = answer.headers.get("retry-after", "")
    return max(1, int(named)) if named.isascii() and named.isdigit() else DEFAULT_RETRY_AFTER_SECONDS


def _code_wrong(problem: _Problem, _: int) -> CouponPageError:
    return CodeWrongError(problem.tries_left) if problem.tries_left > 0 else CodeTriesOverError()


def _code_limit(problem: _Problem, retry_after_seconds: int) -> CouponPageError:
    if problem.limit == "tries":
        return CodeTriesOverError()
    return CodeLimitError(is_of_address=problem.limit == "source", retry_after_seconds=retry_after_seconds)


_REFUSALS: dict[str, Callable[[_Problem, int], CouponPageError]] = {
    "link_unknown": lambda _, __: LinkUnknownError(),
    "code_wrong": _code_wrong,
    "code_expired": lambda _, __: CodeOverError(),
    "code_used": lambda _, __: CodeOverError(),
    "code_too_soon": lambda _, seconds: CodeTooSoonError(seconds),
    "code_limit_reached": _code_limit,
    "choice_over": lambda _, __: ChoiceOverError(),
    "choice_unavailable": lambda _, __: ChoiceUnavailableError(),
}
"""The ordering service's problems by their codes; given the problem and the seconds of `Retry-After`."""


def _page(said: _Coupons) -> CouponPage:
    return CouponPage(
        send_title=said.send_title,
        card=card_of(said.card),
        message=said.message,
        coupons=tuple(_coupon(one) for one in said.coupons),
        state=said.state,
        choices=tuple(_choice(one) for one in said.choices),
        choice_ends_at=said.choice_ends_at,
    )


def _choice(said: _Choice) -> Choice:
    return Choice(
        item_no=said.item_no,
        brand_name=said.brand_name,
        product_name=said.product_name,
        picture_path=said.image_path,
        validity_days=said.validity_days,
        notice=said.notice,
        can_be_picked=said.can_be_picked,
    )


def _coupon(said: _Coupon) -> Coupon:
    return Coupon(
        item_no=said.item_no,
        state=said.state,
        brand_name=said.brand_name,
        product_name=said.product_name,
        picture_path=said.image_path,
        notice=said.notice,
        expires_at=said.expires_at,
        number=said.number,
        barcode_value=said.barcode_value,
    )
