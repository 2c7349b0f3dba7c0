"""From the provider's raw reports to what recipients got, said a batch at a time (MSG-01)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from contracts.messaging import DeliveryChannel, DeliveryOutcome, DeliveryReport, MessagesReported
from messaging.application.ports import MessageProvider, Report, UnitOfWork
from messaging.domain.delivery import Delivery, DeliveryRules, DeliveryState, DeliveryStep


@dataclass(frozen=True)
class StoreReports:
    """Raw reports as they came, by push or by asking."""

    bodies: Sequence[str]


def store_reports(command: StoreReports, uow: UnitOfWork, provider: MessageProvider) -> int:
    """Keep each report once, before anybody tries to understand it; how many were new."""
    now = uow.now()
    keyed = [(provider.report_key(body), body) for body in command.bodies]
    return sum(uow.reports.add(key, body, now) for key, body in keyed if key is not None)


def apply_reports(rows_max: int, uow: UnitOfWork, provider: MessageProvider) -> int:
    """Match stored reports with deliveries and say what changed; how many reports were looked at.

    Late, repeated and reordered reports end in the same state. One that matches nothing yet is kept and tried again:
    it may have overtaken our own record of the hand-over. What became of a code is of no consequence: whoever misses
    it asks for another.
    """
    now = uow.now()
    waiting = uow.reports.waiting(rows_max, now)
    read = [(report_id, provider.read_report(body)) for report_id, body in waiting]
    reports = [(report_id, report) for report_id, report in read if report is not None]
    known = {
        delivery.id: delivery for delivery in uow.deliveries.for_update([report.delivery_id for _, report in reports])
    }
    changed: dict[UUID, Delivery] = {}
    unmatched: set[UUID] = set()
    for report_id, report in reports:
        delivery = changed.get(report.delivery_id) or known.get(report.delivery_id)
        if delivery is None or delivery.state is DeliveryState.QUEUED:
            unmatched.add(report_id)
            continue
        moved = _reported(delivery, report, uow)
        if moved != delivery:
            changed[moved.id] = moved
    uow.deliveries.save(list(changed.values()))
    say_reports(changed.values(), uow)
    of_codes = uow.codes.known([report.delivery_id for report_id, report in reports if report_id in unmatched])
    postponed = {
        report_id for report_id, report in reports if report_id in unmatched and report.delivery_id not in of_codes
    }
    uow.reports.postpone(list(postponed), now)
    uow.reports.settle([report_id for report_id, _ in waiting if report_id not in postponed])
    return len(waiting)


def _reported(delivery: Delivery, report: Report, uow: UnitOfWork) -> Delivery:
    """The delivery after a report; one that says nothing new leaves it as it is."""
    if report.reached is None:
        return delivery
    if report.reached:
        if not delivery.allows(DeliveryStep.DELIVERED) or report.channel is None:
            return delivery
        return delivery.delivered(report.channel, report.code, uow.now())
    return delivery.undelivered(report.code, uow.now()) if delivery.allows(DeliveryStep.UNDELIVERED) else delivery


def settle_abandoned(rows_max: int, uow: UnitOfWork) -> int:
    """Deliveries whose worker died in the middle of a call are in doubt from now on; how many."""
    now = uow.now()
    abandoned = [delivery.lost("worker_gone", now) for delivery in uow.deliveries.abandoned(rows_max)]
    uow.deliveries.save(abandoned)
    return len(abandoned)


def give_up_waiting(rows_max: int, uow: UnitOfWork, rules: DeliveryRules) -> int:
    """End deliveries whose report did not come in time; they are not handed over again (MSG-02). How many."""
    now = uow.now()
    given_up = [
        delivery.given_up(now)
        for delivery in uow.deliveries.without_report(now - rules.report_wait, rows_max)
        if rules.waited_long_enough(delivery, now)
    ]
    uow.deliveries.save(given_up)
    say_reports(given_up, uow)
    return len(given_up)


def say_reports(settled: Iterable[Delivery], uow: UnitOfWork) -> None:
    """Say what became of settled deliveries, one event a batch."""
    by_batch: dict[UUID, list[Delivery]] = {}
    for delivery in settled:
        by_batch.setdefault(delivery.batch_id, []).append(delivery)
    batches = uow.deliveries.batches(by_batch)
    uow.outbox.add_all(
        [
            MessagesReported(
                report_id=uow.new_id(),
                order_id=batches[batch_id].order_id,
                chunk_no=batches[batch_id].chunk_no,
                wave=batches[batch_id].wave,
                reports=tuple(_said(delivery) for delivery in deliveries),
            )
            for batch_id, deliveries in by_batch.items()
        ]
    )


def _said(delivery: Delivery) -> DeliveryReport:
    if delivery.settled_at is None:
        raise ValueError("only a settled delivery is reported")
    success = delivery.state is DeliveryState.SUCCESS
    return DeliveryReport(
        line_id=delivery.line_id,
        outcome=DeliveryOutcome.SUCCESS if success else DeliveryOutcome.FAILED,
        channel=DeliveryChannel(delivery.channel.value) if delivery.channel else None,
        code=delivery.code,
        at=delivery.settled_at,
    )
