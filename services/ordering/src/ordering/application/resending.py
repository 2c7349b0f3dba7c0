"""[재전송]: the same coupons or link again; nothing is issued (ORD-21, ORD-24)."""

from uuid import UUID

from contracts.ordering.dispatches import DispatchPurpose
from ordering.application.judging import SEOUL
from ordering.application.messages import MessageAddress, message_request
from ordering.application.ports import UnitOfWork
from ordering.application.queries import OrderView
from ordering.domain.choice import choice_ends_at
from ordering.domain.dispatch import DispatchState
from ordering.domain.errors import LineUnknownError
from ordering.domain.resend import SentLine, admit_resend

RESENT = "message_resent"
"""What a resend is called in the log of members' acts."""


def resend_message(order: OrderView, line_id: UUID, member_id: UUID, uow: UnitOfWork, resends_max: int) -> None:
    """Ask once more for the message of a recipient of an order that the member may see.

    Raises `LineUnknownError`, `ResendRefusedError`.
    """
    at = uow.now()
    wave = uow.chunks.take_wave(order.order_id, line_id)
    found = uow.lines.sent(order.order_id, line_id)
    if wave is None or found is None:
        raise LineUnknownError
    line = found.line
    sent = SentLine(line.dispatch, found.resends, found.resend_wave is not None, found.coupons)
    admit_resend(sent, resends_max)
    uow.lines.note_resend(line_id, wave.number)
    address = MessageAddress(wave.chunk_no, wave.number, DispatchPurpose.RESEND)
    uow.outbox.add(message_request(uow.orders.sending(order.order_id), address, [line], uow))
    uow.acts.note(member_id, RESENT, order.order_id, at, line_id)
    if line.dispatch is DispatchState.FAILED:
        # The last try that reached nobody counts (ORD-05).
        uow.coupons.open_choices({line_id: choice_ends_at(at, uow.choice_days, SEOUL)})
