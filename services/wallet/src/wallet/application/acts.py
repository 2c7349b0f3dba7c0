"""How an operator's act on companies' money is said for the audit log (IDN-24)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contracts.audit import OperatorActed
from wallet.application.ports import UnitOfWork

SERVICE = "wallet"


@dataclass(frozen=True)
class Act:
    """What was done to what of which company, why, and the values before and after."""

    action: str
    target_kind: str
    target_id: str
    company_id: UUID | None = None
    reason: str | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


def say_act(uow: UnitOfWork, operator_id: UUID, act: Act) -> None:
    """Say the act in the act's own transaction."""
    uow.outbox.add(
        OperatorActed(
            act_id=uow.new_id(),
            service=SERVICE,
            operator_id=operator_id,
            action=act.action,
            target_kind=act.target_kind,
            target_id=act.target_id,
            company_id=act.company_id,
            reason=act.reason,
            before=act.before,
            after=act.after,
            acted_at=uow.at,
        )
    )
