"""Saying by how many scheduled orders and active plans a sender profile is used: such a one stays (MSG-03)."""

from uuid import UUID

from contracts.ordering.dispatches import SenderProfileUsed
from ordering.application.ports import UnitOfWork


def use_profile(company_id: UUID, profile_id: UUID | None, by: int, uow: UnitOfWork) -> None:
    """One order or plan more, or less, goes out by the profile; without one nothing is said."""
    if profile_id is None:
        return
    uses, version = uow.profile_uses.change(company_id, profile_id, by)
    uow.outbox.add(SenderProfileUsed(company_id=company_id, sender_profile_id=profile_id, uses=uses, version=version))
