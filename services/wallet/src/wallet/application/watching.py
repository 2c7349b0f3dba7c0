"""Telling a company that its money runs low: below the master's threshold, or too little for a near order (ANN-08)."""

from dataclasses import dataclass, replace
from uuid import UUID

from contracts.wallet import BalanceLow, ForecastShort
from contracts.wallet import RefusalReason as SaidReason
from wallet.application.ports import Transactions, UnitOfWork
from wallet.domain.funds import Refusal, RefusalReason, judge
from wallet.domain.month import seoul_date, seoul_month
from wallet.domain.watch import NearOrder, left_for

CROSSINGS_MAX = 100


@dataclass(frozen=True)
class ChooseThreshold:
    """A master wants to be told below so many KRW; None: no more."""

    company_id: UUID
    threshold_krw: int | None


def choose_threshold(command: ChooseThreshold, uow: UnitOfWork) -> None:
    """Watch the company's balance, or its monthly limit, from now on. Raises `UnknownCompanyError`."""
    company = uow.companies.get(command.company_id)
    uow.watches.set_threshold(company.id, command.threshold_krw, uow.at)


class WatchThresholds:
    """Looks for companies that crossed their threshold; apart from the movements, so that none of them waits for it."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def step(self) -> bool:
        """Say once of each company that it fell below, and forget that when it is above again."""
        with self._transactions() as uow:
            crossings = uow.watches.crossings(seoul_month(uow.at), rows_max=CROSSINGS_MAX)
            for crossing in crossings:
                uow.watches.note(replace(crossing.threshold, is_low=crossing.fell))
                if crossing.fell:
                    said = BalanceLow(
                        notice_id=uow.new_id(),
                        company_id=crossing.threshold.company_id,
                        threshold_krw=crossing.threshold.threshold_krw,
                        available_krw=crossing.available_krw,
                        noticed_at=uow.at,
                    )
                    uow.outbox.add(said)
        return bool(crossings)


@dataclass(frozen=True)
class ForecastOrder:
    """A plan is going to order this; judge whether it could be reserved with what is there now."""

    order: NearOrder
    order_name: str
    by_sub_member: bool


def forecast_order(command: ForecastOrder, uow: UnitOfWork) -> None:
    """Say that a near order could not be paid; once a plan and day. Raises `UnknownCompanyError`."""
    order = command.order
    company = uow.companies.get(order.company_id)
    if not uow.watches.keep_near(order):
        return
    refusal: Refusal | None = Refusal(RefusalReason.NO_ACCOUNT, order.amount_krw, 0)
    if company.active:
        funds = uow.figures.of(company.id, company.method, order.member_id, order.month)
        others = uow.watches.near(company.id, after=seoul_date(uow.at), until=order.day)
        refusal = judge(
            amount_krw=order.amount_krw,
            cash_like_krw=order.cash_like_krw,
            by_sub_member=command.by_sub_member,
            funds=left_for(order, funds, others),
        )
    if refusal is None:
        return
    said = ForecastShort(
        plan_id=order.plan_id,
        company_id=order.company_id,
        member_id=order.member_id,
        order_name=command.order_name,
        day=order.day,
        reason=SaidReason(refusal.reason.value),
        required_krw=refusal.required_krw,
        available_krw=refusal.available_krw,
        judged_at=uow.at,
    )
    uow.outbox.add(said)
