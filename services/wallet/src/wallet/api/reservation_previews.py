"""Would an order's money be reserved? The gateway asks for the order form; nobody outside reaches this (ORD-15)."""

from typing import Self

from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, Field

from chassis.access import caller, members
from chassis.bodies import RequestBody
from chassis.openapi import Message
from contracts.wallet import RefusalReason as SaidReason
from wallet.api.tenancy import own_company_id
from wallet.api.wallet import SUB
from wallet.application.ports import Transactions
from wallet.application.reservations import AskedFunds, preview_reservation
from wallet.domain.funds import Limit, Refusal, RefusalReason
from wallet.domain.month import seoul_month

AMOUNT_KRW_MAX = 10**15
OF_THE_MASTER = {RefusalReason.BALANCE, RefusalReason.CREDIT_LINE}
FUNDS_SHORT = "funds_short"
"""The code under which ordering refuses an order for its money."""


class FundsQuestion(RequestBody):
    """What an order of the caller would cost, in KRW."""

    pay_amount_krw: int = Field(ge=0, le=AMOUNT_KRW_MAX)
    cash_like_krw: int = Field(ge=0, le=AMOUNT_KRW_MAX)


class FundsFault(BaseModel):
    """A refusal, in the words in which placing says it."""

    code: str = FUNDS_SHORT
    detail: str
    message: Message
    reason: str
    required_krw: int
    available_krw: int
    short_krw: int

    @classmethod
    def of(cls, refusal: Refusal) -> Self:
        """The fault of a refusal."""
        reason, required_krw, available_krw = refusal.reason.value, refusal.required_krw, refusal.available_krw
        ko = (
            f"[{SaidReason(reason).ko}] 결제 가능 금액이 {refusal.short_krw:,}원 부족합니다. "
            f"(필요 {required_krw:,}원, 가능 {available_krw:,}원)"
        )
        en = f"Short by {refusal.short_krw:,} KRW ({reason}): {required_krw:,} needed, {available_krw:,} available."
        return cls(
            detail=en,
            message=Message(ko=ko, en=en),
            reason=reason,
            required_krw=required_krw,
            available_krw=available_krw,
            short_krw=refusal.short_krw,
        )


class LimitLine(BaseModel):
    """A figure that the order has to stay within, in KRW."""

    figure: str = Field(examples=["balance", "credit_line", "spending_limit", "cash_like_limit"])
    figure_ko: str = Field(examples=["월 구매한도"])
    required_krw: int
    left_krw: int | None = Field(
        description="null without a limit, and for sub-members of the master's money as long as it is enough"
    )
    short_krw: int

    @classmethod
    def of(cls, limit: Limit, *, by_sub_member: bool) -> Self:
        """The line of a limit; what the master has is told to a sub-member only where it refuses the order."""
        hidden = by_sub_member and limit.short in OF_THE_MASTER and limit.refusal is None
        return cls(
            figure=limit.short.value,
            figure_ko=SaidReason(limit.short.value).ko,
            required_krw=limit.required_krw,
            left_krw=None if hidden else limit.left_krw,
            short_krw=0 if limit.refusal is None else limit.refusal.short_krw,
        )


class JudgedFunds(BaseModel):
    """Whether the money of an order would be reserved now; asking reserves nothing."""

    faults: list[FundsFault]
    limits: list[LimitLine] = Field(description="the first that is short is what a refusal names")


def reservation_previews_blueprint(transactions: Transactions) -> APIBlueprint:
    """`/internal/reservation-previews`."""
    blueprint = APIBlueprint("reservation_previews", __name__, abp_tags=[Tag(name="internal")])

    @blueprint.post("/internal/reservation-previews", responses={200: JudgedFunds})
    @members
    def judge_funds(body: FundsQuestion) -> JudgedFunds:
        """Judge the caller's order by balance or credit, own limit and cash-like limit, as reserving would."""
        by_sub_member = SUB in caller().roles
        with transactions() as uow:
            asked = AskedFunds(
                company_id=own_company_id(),
                member_id=caller().subject_id,
                by_sub_member=by_sub_member,
                amount_krw=body.pay_amount_krw,
                cash_like_krw=body.cash_like_krw,
                month=seoul_month(uow.at),
            )
            seen = preview_reservation(asked, uow)
        return JudgedFunds(
            faults=[FundsFault.of(seen.refusal)] if seen.refusal else [],
            limits=[LimitLine.of(limit, by_sub_member=by_sub_member) for limit in seen.limits],
        )

    return blueprint
