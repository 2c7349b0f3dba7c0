"""The recipient's side, for the coupon page: tokens travel in headers only, and one answer hides which was wrong."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from flask import make_response, request
from flask_openapi3 import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from werkzeug.wrappers import Response

from chassis.access import public
from chassis.bodies import RequestBody
from chassis.origin import client_address
from ordering.api.desk import RecipientDesk
from ordering.application.choosing import choose
from ordering.application.looking import AwaitedLine, look_at_coupons
from ordering.application.opening import (
    CouponPage,
    LinkedCoupon,
    PageState,
    open_coupons,
    open_line,
    prove,
    send_code,
)
from ordering.domain.coupon import CouponState

LINK_HEADER = "Link-Token"
PROOF_HEADER = "Proof"


class LineAnswer(BaseModel):
    """What a link shows to anybody who has it."""

    model_config = ConfigDict(from_attributes=True, use_enum_values=True)

    state: PageState
    phone_masked: str
    send_title: str
    order_type: str
    coupons: int
    is_proven: bool
    card: str


class CodeAnswer(BaseModel):
    """A code is on its way to the number."""

    code_id: UUID
    expires_at: datetime
    resend_after_seconds: int


class CodeCheck(RequestBody):
    """The code that the recipient read."""

    code_id: UUID
    code: Annotated[str, StringConstraints(min_length=1, max_length=20)]


class ProofAnswer(BaseModel):
    """The proof that this device keeps."""

    proof: str
    expires_at: datetime


class CouponAnswer(BaseModel):
    """A coupon; a revoked one has no number any more."""

    model_config = ConfigDict(use_enum_values=True)

    item_no: int
    brand_name: str
    product_name: str
    image_path: str
    validity_days: int
    state: CouponState
    number: str | None
    barcode_value: str | None
    expires_at: datetime | None
    notice: str


class ChoiceAnswer(BaseModel):
    """A product that can be picked, or could before it was stopped (ORD-27)."""

    model_config = ConfigDict(from_attributes=True)

    item_no: int
    brand_name: str
    product_name: str
    image_path: str
    validity_days: int
    notice: str
    can_be_picked: bool


class ChoiceBody(RequestBody):
    """The product that the recipient picks; final."""

    item_no: Annotated[int, Field(ge=1, le=1000)]


class CouponsAnswer(BaseModel):
    """What the recipient was sent."""

    model_config = ConfigDict(use_enum_values=True)

    state: PageState
    send_title: str
    order_type: str
    card: str
    message: str
    coupons: list[CouponAnswer]
    choices: list[ChoiceAnswer]
    choice_ends_at: datetime | None


def recipient_blueprint(desk: RecipientDesk) -> APIBlueprint:
    """The routes under `/v1/recipient`."""
    blueprint = APIBlueprint("recipient", __name__, abp_tags=[Tag(name="recipient")])

    def is_asked_about(line: AwaitedLine) -> bool:
        with desk.transaction() as unit:
            return not unit.looked_at.are_awaited(line.line_id, line.since)

    def await_suppliers(line: AwaitedLine) -> None:
        desk.polls.wait(lambda: is_asked_about(line), lambda is_asked: is_asked, desk.standing_wait_seconds)

    @blueprint.get("/v1/recipient/line", responses={200: LineAnswer})
    @public
    def line() -> Response:
        """What stands behind the link; changes nothing."""
        with desk.transaction() as unit:
            page = open_line(_link(), _proof(), unit)
        return _unstored(LineAnswer.model_validate(page))

    @blueprint.post("/v1/recipient/codes", responses={201: CodeAnswer})
    @public
    def codes() -> tuple[CodeAnswer, int]:
        """Send a code to the number that the coupon was sent to."""
        with desk.transaction() as unit:
            code = send_code(_link(), client_address(), unit)
        answer = CodeAnswer(code_id=code.code_id, expires_at=code.expires_at, resend_after_seconds=desk.resend_seconds)
        return answer, 201

    @blueprint.post("/v1/recipient/codes/check", responses={200: ProofAnswer})
    @public
    def check(body: CodeCheck) -> Response:
        """A proof for the right code."""
        with desk.transaction() as unit:
            proof = prove(_link(), body.code_id, body.code, unit, desk.proof_seconds)
        return _unstored(ProofAnswer(proof=proof.token, expires_at=proof.expires_at))

    @blueprint.get("/v1/recipient/coupons", responses={200: CouponsAnswer})
    @public
    def coupons() -> Response:
        """The coupons, for who holds the proof; the suppliers' word on them is waited for, and not for long."""
        with desk.transaction() as unit:
            awaited = look_at_coupons(_link(), _proof(), unit, desk.standing_again_seconds)
        if awaited is not None:
            await_suppliers(awaited)
        with desk.transaction() as unit:
            page = open_coupons(_link(), _proof(), unit)
        return _unstored(_coupons(page))

    @blueprint.post("/v1/recipient/choice", responses={200: CouponsAnswer})
    @public
    def choice(body: ChoiceBody) -> Response:
        """Pick a product of a choice order, for who holds the proof: once, and final. 409 when that is not possible."""
        with desk.transaction() as unit:
            page = choose(_link(), _proof(), body.item_no, unit)
        return _unstored(_coupons(page))

    return blueprint


def _coupons(page: CouponPage) -> CouponsAnswer:
    return CouponsAnswer(
        state=page.state,
        send_title=page.send_title,
        order_type=page.order_type,
        card=page.card,
        message=page.message,
        coupons=[_coupon(coupon) for coupon in page.coupons],
        choices=[ChoiceAnswer.model_validate(choice) for choice in page.choices],
        choice_ends_at=page.choice_ends_at,
    )


def _link() -> str:
    return request.headers.get(LINK_HEADER, "")


def _proof() -> str | None:
    return request.headers.get(PROOF_HEADER)


def _coupon(coupon: LinkedCoupon) -> CouponAnswer:
    number = None if coupon.state is CouponState.REVOKED else coupon.number
    return CouponAnswer(
        item_no=coupon.item_no,
        brand_name=coupon.brand_name,
        product_name=coupon.product_name,
        image_path=coupon.image_path,
        validity_days=coupon.validity_days,
        state=coupon.state,
        number=number,
        barcode_value=number,
        expires_at=coupon.expires_at,
        notice=coupon.notice,
    )


def _unstored(model: BaseModel) -> Response:
    """An answer that no cache keeps."""
    response = make_response(model)
    response.headers["Cache-Control"] = "no-store"
    return response
