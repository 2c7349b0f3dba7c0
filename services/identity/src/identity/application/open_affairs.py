"""Asking ordering and wallet what is open, and hearing their answers; first a freeze, then the question."""

from dataclasses import dataclass
from uuid import UUID

from identity.application import messages
from identity.application.ports import UnitOfWork
from identity.domain.open_affairs import Inquiry, InquiryPurpose, OpenMoney, OpenOrders


@dataclass(frozen=True)
class Ask:
    """Whom and what for; the answer waits until the answerer has heard the subject's state of `subject_version`."""

    purpose: InquiryPurpose
    company_id: UUID
    subject_version: int
    member_id: UUID | None = None
    concern_id: UUID | None = None


def ask(command: Ask, uow: UnitOfWork) -> Inquiry:
    """Put the question; its answers come as events."""
    inquiry = Inquiry(
        id=uow.new_id(),
        purpose=command.purpose,
        company_id=command.company_id,
        asked_at=uow.now(),
        member_id=command.member_id,
        concern_id=command.concern_id,
    )
    uow.inquiries.add(inquiry)
    uow.outbox.add(messages.open_affairs_asked(inquiry, command.subject_version))
    return inquiry


@dataclass(frozen=True)
class HearAnswer:
    """What a service counted; one of the two."""

    inquiry_id: UUID
    orders: OpenOrders | None = None
    money: OpenMoney | None = None


def hear(command: HearAnswer, uow: UnitOfWork) -> Inquiry | None:
    """Keep the answer; the inquiry, if this answer completes it.

    What is answered already stays as it is, and an answer to a check that was forgotten meanwhile decides nothing.
    """
    before = uow.inquiries.get_for_update(command.inquiry_id)
    if before is None or before.is_answered:
        return None
    after = before
    if command.orders is not None:
        after = after.hear_orders(command.orders, uow.now())
    if command.money is not None:
        after = after.hear_money(command.money, uow.now())
    uow.inquiries.save(after)
    return after if after.is_answered else None
