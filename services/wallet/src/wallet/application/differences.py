"""Operators resolve differences to the provider's record, each once and with a reason."""

from dataclasses import dataclass, replace
from uuid import UUID

from contracts.audit import Act
from wallet.application.ports import UnitOfWork
from wallet.domain.difference import DifferenceResolvedError


@dataclass(frozen=True)
class ResolveDifference:
    """An operator has dealt with a difference, and says how."""

    difference_id: UUID
    operator_id: UUID
    reason: str


def resolve_difference(command: ResolveDifference, uow: UnitOfWork) -> None:
    """Close a difference. Raises `UnknownDifferenceError`, `DifferenceResolvedError`."""
    difference = uow.differences.get(command.difference_id)
    if difference.resolved_at is not None:
        raise DifferenceResolvedError(difference.id)
    uow.differences.resolve(
        replace(difference, resolved_at=uow.at, resolved_by=command.operator_id, reason=command.reason)
    )
    act = Act(
        action="resolve_payment_difference",
        target_kind="payment_difference",
        target_id=str(difference.id),
        company_id=difference.company_id,
        reason=command.reason,
        after={"kind": difference.kind.value, "provider_order_id": difference.provider_order_id},
    )
    uow.outbox.add_act(command.operator_id, act)
