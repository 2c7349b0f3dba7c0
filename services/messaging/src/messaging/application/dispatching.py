"""Taking over a chunk of an order: each recipient's message is rendered and stored as it will be sent."""

from dataclasses import replace
from uuid import UUID

from contracts.ordering.dispatches import DispatchRecipient, DispatchRequested, DispatchRow
from messaging.application.ports import Batch, Opener, UnitOfWork
from messaging.application.reporting import say_reports
from messaging.domain.delivery import Delivery, DeliveryState
from messaging.domain.errors import MessageTooLong, ValueMissing
from messaging.domain.night import MessagePurpose, NightHours
from messaging.domain.template import Template


def dispatch(request: DispatchRequested, uow: UnitOfWork, opener: Opener, night: NightHours) -> None:
    """Queue the chunk's messages, once for the chunk and wave, however often it is asked for (MSG-02, MSG-06).

    A message that cannot be filled fails at once and is reported: ordering refuses such before placing, so this is the
    second line of defence. Raises `TemplateNotFound`.
    """
    template = uow.templates.get(request.template_id, request.template_version)
    batch = Batch(
        id=uow.new_id(),
        order_id=request.order_id,
        company_id=request.company_id,
        chunk_no=request.chunk_no,
        wave=request.wave,
        template_id=request.template_id,
        template_version=request.template_version,
        send_title=request.send_title,
        requested_at=request.requested_at,
        sender_profile_id=request.sender_profile_id,
    )
    held_until = night.held_until(MessagePurpose.ORDER, uow.now())
    deliveries = [_delivery(row, opener.recipient(row.recipient), batch.id, template, uow) for row in request.rows]
    queued = [replace(delivery, next_try_at=held_until) for delivery in deliveries]
    if uow.deliveries.add(batch, queued):
        say_reports([delivery for delivery in queued if delivery.state is DeliveryState.FAILED], uow)


def _delivery(
    row: DispatchRow, recipient: DispatchRecipient, batch_id: UUID, template: Template, uow: UnitOfWork
) -> Delivery:
    try:
        text, code = template.filled(recipient.values), ""
    except (ValueMissing, MessageTooLong) as refusal:
        text, code = "", type(refusal).__name__
    return Delivery(
        id=uow.new_id(),
        batch_id=batch_id,
        line_id=row.line_id,
        phone=recipient.phone,
        text=text,
        link=recipient.link,
        state=DeliveryState.FAILED if code else DeliveryState.QUEUED,
        code=code,
        settled_at=uow.now() if code else None,
    )
