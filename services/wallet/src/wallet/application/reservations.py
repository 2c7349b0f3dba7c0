"""Reserving an order's money, and taking a reservation back before it was used (WAL-18)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.wallet import FundsRefused, FundsReserved, ReservationReleased
from contracts.wallet import RefusalReason as SaidReason
from wallet.application.ports import UnitOfWork
from wallet.application.releases import release_funds
from wallet.domain.company import Company
from wallet.domain.errors import AccountShortError, ContendedFundsError, LimitShortError
from wallet.domain.funds import Limit, Refusal, RefusalReason, first_refusal, limits_of
from wallet.domain.holds import Hold, OrderLabel, Outcome, PaymentMethod
from wallet.domain.ledger import PostingKind
from wallet.domain.lots import spread
from wallet.domain.movements import Release, reserving, uses

JUDGEMENTS_MAX = 3
"""Figures can change between judging and taking; then the order is judged again, so often at once."""


@dataclass(frozen=True)
class AskedFunds:
    """What an order of a member asks for; amounts in KRW, `month` in Seoul."""

    company_id: UUID
    member_id: UUID
    by_sub_member: bool
    amount_krw: int
    cash_like_krw: int
    month: str


@dataclass(frozen=True)
class ReserveFunds(AskedFunds):
    """Set the whole amount of a placed order aside."""

    order_id: UUID
    placed_at: datetime
    label: OrderLabel


@dataclass(frozen=True)
class ReservationPreview:
    """Whether a reservation would be made now, and every figure that it was judged by."""

    limits: tuple[Limit, ...]
    refusal: Refusal | None


def preview_reservation(asked: AskedFunds, uow: UnitOfWork) -> ReservationPreview:
    """Judge what is asked as `reserve_funds` does, and take nothing. Raises `UnknownCompanyError`."""
    return _judge(asked, uow.companies.get(asked.company_id), uow)


def reserve_funds(command: ReserveFunds, uow: UnitOfWork) -> None:
    """Hold the whole amount or none of it, and say which. Decided before, also by a withdrawal: nothing happens.

    Raises `UnknownCompanyError` when the order came before its company, `ContendedFundsError` when it lost every race.
    """
    if uow.holds.outcome(command.order_id) is not None:
        return
    company = uow.companies.get(command.company_id)
    for _ in range(JUDGEMENTS_MAX):
        refusal = _judge(command, company, uow).refusal
        if refusal is not None:
            _refuse(command, refusal, uow)
            return
        try:
            with uow.all_or_nothing():
                _reserve(command, company, uow)
        except (AccountShortError, LimitShortError):
            continue
        return
    raise ContendedFundsError(command.order_id)


def _judge(asked: AskedFunds, company: Company, uow: UnitOfWork) -> ReservationPreview:
    if not company.active:
        return ReservationPreview((), Refusal(RefusalReason.NO_ACCOUNT, asked.amount_krw, 0))
    limits = limits_of(
        amount_krw=asked.amount_krw,
        cash_like_krw=asked.cash_like_krw,
        by_sub_member=asked.by_sub_member,
        funds=uow.figures.of(company.id, company.method, asked.member_id, asked.month),
    )
    return ReservationPreview(limits, first_refusal(limits))


def _reserve(command: ReserveFunds, company: Company, uow: UnitOfWork) -> None:
    hold = Hold(
        id=uow.new_id(),
        order_id=command.order_id,
        company_id=company.id,
        member_id=command.member_id,
        by_sub_member=command.by_sub_member,
        method=company.method,
        month=command.month,
        amount_krw=command.amount_krw,
        cash_like_krw=command.cash_like_krw,
        placed_at=command.placed_at,
    )
    uow.ledger.post(reserving(hold, uow.new_id(), uow.at))
    for scope, used_krw in uses(hold, hold.amount_krw, hold.cash_like_krw):
        uow.uses.take(hold, scope, used_krw)
    uow.holds.add(hold, command.label)
    if hold.method is PaymentMethod.PREPAID:
        uow.lots.hold(hold.id, spread(hold.amount_krw, uow.lots.free(company.id)))
    uow.outbox.add(
        FundsReserved(
            order_id=hold.order_id,
            company_id=hold.company_id,
            hold_id=hold.id,
            amount_krw=hold.amount_krw,
            reserved_at=uow.at,
        )
    )
    uow.wake_orders(f"order:{hold.order_id}")


def _refuse(command: ReserveFunds, refusal: Refusal, uow: UnitOfWork) -> None:
    uow.holds.refuse(command.order_id, command.company_id, refusal)
    _say_refused(command.order_id, command.company_id, refusal, uow)


def _say_refused(order_id: UUID, company_id: UUID, refusal: Refusal, uow: UnitOfWork) -> None:
    uow.outbox.add(
        FundsRefused(
            order_id=order_id,
            company_id=company_id,
            reason=SaidReason(refusal.reason.value),
            required_krw=refusal.required_krw,
            available_krw=refusal.available_krw,
            refused_at=uow.at,
        )
    )
    uow.wake_orders(f"order:{order_id}")


@dataclass(frozen=True)
class WithdrawReservation:
    """Ordering no longer waits: whatever is held goes back, and what is not yet held never will be."""

    order_id: UUID
    company_id: UUID


def withdraw_reservation(command: WithdrawReservation, uow: UnitOfWork) -> None:
    """Give ordering its one answer: released whole, or withdrawn; a refusal that was said stays the answer."""
    outcome = uow.holds.outcome(command.order_id)
    if outcome is None:
        uow.holds.withdraw(command.order_id, command.company_id)
        _say_refused(command.order_id, command.company_id, Refusal(RefusalReason.WITHDRAWN, 0, 0), uow)
    elif outcome is Outcome.RESERVED:
        _release_whole(command, uow)


def _release_whole(command: WithdrawReservation, uow: UnitOfWork) -> None:
    held = uow.holds.held(command.order_id)
    hold = held.hold
    release = _whole(hold, "withdrawn")
    if hold.open_krw == 0 or not release_funds(held, release, uow):
        return
    uow.outbox.add(
        ReservationReleased(
            order_id=hold.order_id,
            company_id=hold.company_id,
            hold_id=hold.id,
            amount_krw=release.amount_krw,
            released_at=uow.at,
        )
    )


@dataclass(frozen=True)
class ReleaseCancelledOrder:
    """A scheduled order was cancelled before its sending: ordering needs no answer."""

    order_id: UUID


def release_cancelled_order(command: ReleaseCancelledOrder, uow: UnitOfWork) -> None:
    """Give all that the order holds back (ORD-20).

    Raises `UnknownHoldError` when it came before the order was decided, `NeverHeldError` when nothing was held.
    """
    held = uow.holds.held(command.order_id)
    if held.hold.open_krw > 0:
        release_funds(held, _whole(held.hold, "cancelled"), uow)


def _whole(hold: Hold, why: str) -> Release:
    """All that is still held, on its way back."""
    return Release(
        kind=PostingKind.WITHDRAWAL,
        cause=f"order:{hold.order_id}:{why}",
        amount_krw=hold.open_krw,
        cash_like_krw=hold.cash_like_krw - hold.cash_like_released_krw,
    )
