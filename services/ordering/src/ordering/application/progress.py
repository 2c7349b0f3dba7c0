"""An order's counts: they grow chunk by chunk, and the order is sent when every recipient has ended (ORD-17)."""

from uuid import UUID

from contracts.messaging import DeliveryOutcome, DeliveryReport
from contracts.ordering.orders import OrderSent
from ordering.application.judging import SEOUL
from ordering.application.ports import Counted, Progress, UnitOfWork
from ordering.application.sending_ports import ReportedLine
from ordering.domain.choice import choice_ends_at
from ordering.domain.dispatch import DISPATCH_STATES, DispatchState, DispatchStep
from ordering.domain.order import ORDER_STATES, OrderStep, OrderType

_STEPS = {
    DeliveryOutcome.SUCCESS: DispatchStep.REPORTED_SUCCESS,
    DeliveryOutcome.FAILED: DispatchStep.REPORTED_FAILURE,
}


def count(order_id: UUID, counted: Counted, uow: UnitOfWork) -> Progress | None:
    """Change the order's counts, and end it when nobody is in progress any more; None when nothing changes."""
    if counted == Counted():
        return None
    progress = uow.orders.count(order_id, counted)
    if not (progress.tally.all_ended and ORDER_STATES.allows(progress.state, OrderStep.ALL_ENDED)):
        return progress
    at = uow.now()
    uow.orders.end(order_id, ORDER_STATES.next(progress.state, OrderStep.ALL_ENDED), at)
    uow.outbox.add(
        OrderSent(
            order_id=order_id,
            company_id=progress.company_id,
            member_id=progress.member_id,
            success=progress.tally.success,
            failed=progress.tally.failed,
            error=progress.tally.error,
            confirmed_amount_krw=progress.confirmed_krw,
            sent_at=at,
        )
    )
    return progress


def apply_reports(order_id: UUID, reports: tuple[DeliveryReport, ...], uow: UnitOfWork, wave: int = 0) -> None:
    """Store how the messages of a wave ended.

    A report that leads nowhere from the line's present state (a repetition, a failure after success) changes nothing,
    whatever the order in which reports arrive; success after failure is a move of its own.
    """
    if wave > 0:
        # Only later waves hold resends: the first ones are spared the statement.
        uow.lines.end_resends([report.line_id for report in reports], wave)
    before = uow.lines.lock_dispatches(order_id, {report.line_id for report in reports})
    after = dict(before)
    ended: dict[UUID, ReportedLine] = {}
    for report in reports:
        state = after.get(report.line_id)
        step = _STEPS[report.outcome]
        if state is None or not DISPATCH_STATES.allows(state, step):
            continue
        after[report.line_id] = DISPATCH_STATES.next(state, step)
        channel = None if report.channel is None else report.channel.value
        ended[report.line_id] = ReportedLine(report.line_id, after[report.line_id], channel, report.code, report.at)
    if ended:
        uow.lines.report(tuple(ended.values()))
        progress = count(order_id, _change(before, after), uow)
        if progress is not None and progress.order_type is OrderType.CHOICE:
            # From the first success on, or from the last try that reached nobody (ORD-05).
            ends_at = {line_id: choice_ends_at(line.at, uow.choice_days, SEOUL) for line_id, line in ended.items()}
            uow.coupons.open_choices(ends_at)


def _change(before: dict[UUID, DispatchState], after: dict[UUID, DispatchState]) -> Counted:
    old, new = list(before.values()), list(after.values())
    return Counted(
        success=new.count(DispatchState.SUCCESS) - old.count(DispatchState.SUCCESS),
        failed=new.count(DispatchState.FAILED) - old.count(DispatchState.FAILED),
    )
