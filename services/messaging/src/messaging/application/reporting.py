"""From the provider's raw reports to what recipients got, said a batch at a time (MSG-01)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.messaging import DeliveryChannel, DeliveryOutcome, DeliveryReport, MessagesReported
from messaging.application.fallback import is_followed, queue_mms, withdraw_mms
from messaging.application.ports import MessageProvider, Report, UnitOfWork
from messaging.domain.delivery import SETTLED, Delivery, DeliveryRules, DeliveryState, DeliveryStep
from messaging.domain.report import RawReport, ReportWay

KEY_LETTERS_MAX = 500


@dataclass(frozen=True)
class StoreReports:
    """Raw reports as they came, by push or by asking."""

    bodies: Sequence[str]
    way: ReportWay


def store_reports(command: StoreReports, uow: UnitOfWork, provider: MessageProvider) -> int:
    """Keep each report once, before anybody tries to understand it; how many were new.

    What no provider would ever call a message by is no report.
    """
    keyed = [
        (key, body)
        for body in command.bodies
        if (key := provider.report_key(body)) is not None and key.isprintable() and len(key) <= KEY_LETTERS_MAX
    ]
    return uow.reports.add(keyed, uow.now(), command.way)


def apply_reports(rows_max: int, uow: UnitOfWork, provider: MessageProvider, rules: DeliveryRules) -> int:
    """Match stored reports with deliveries and say what changed; how many reports were looked at.

    Late, repeated and reordered reports end in the same state. One that matches nothing yet is kept and tried again,
    for it may have overtaken our own record of the hand-over; after so long it is listed to operators. What became of
    a code or a notice is of no consequence here.
    """
    now = uow.now()
    waiting = uow.reports.waiting(rows_max, now)
    read = [(raw, provider.read_report(raw.body)) for raw in waiting]
    reports = [(raw, report) for raw, report in read if report is not None]
    known = {
        delivery.id: delivery for delivery in uow.deliveries.for_update([report.delivery_id for _, report in reports])
    }
    changed: dict[UUID, Delivery] = {}
    unmatched: dict[UUID, list[RawReport]] = {}
    for raw, report in reports:
        delivery = changed.get(report.delivery_id) or known.get(report.delivery_id)
        # Where the provider signs nothing, our key alone is not enough once the provider's own is known.
        if delivery is None or delivery.state is DeliveryState.QUEUED or not delivery.is_meant_by(report.provider_key):
            unmatched.setdefault(report.delivery_id, []).append(raw)
            continue
        moved = _reported(delivery, report, provider, rules, now)
        if moved != delivery:
            changed[moved.id] = moved
    uow.deliveries.save(list(changed.values()))
    queue_mms(changed.values(), uow)
    withdraw_mms([each for each in changed.values() if known[each.id].state is DeliveryState.FALLEN_BACK], uow)
    say_reports(changed.values(), uow)
    of_no_consequence = uow.codes.known(list(unmatched))
    strange = [raw for key, raws in unmatched.items() if key not in of_no_consequence for raw in raws]
    hopeless = {raw.id for raw in strange if raw.is_hopeless(now, rules.report_wait)}
    postponed = {raw.id for raw in strange} - hopeless
    uow.reports.postpone(list(postponed), now)
    uow.reports.give_up(list(hopeless))
    uow.reports.settle([raw.id for raw in waiting if raw.id not in postponed | hopeless])
    return len(waiting)


def _reported(
    delivery: Delivery, report: Report, provider: MessageProvider, rules: DeliveryRules, now: datetime
) -> Delivery:
    """The delivery after a report; one that says nothing new leaves it as it is."""
    if report.reached is None:
        return delivery
    if report.reached:
        if not delivery.allows(DeliveryStep.DELIVERED) or report.channel is None:
            return delivery
        return delivery.delivered(report.channel, report.code, now, rules.prices_jeon.get(report.channel))
    if is_followed(delivery, report.code, provider):
        return delivery.fallen_back(report.code, now)
    return delivery.undelivered(report.code, now) if delivery.allows(DeliveryStep.UNDELIVERED) else delivery


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


def say_reports(changed: Iterable[Delivery], uow: UnitOfWork) -> None:
    """Say what became of those that are settled, one event a batch."""
    by_batch: dict[UUID, list[Delivery]] = {}
    for delivery in changed:
        if delivery.state not in SETTLED:
            continue
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
