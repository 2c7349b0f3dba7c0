"""The audit log: what operators did in any service (IDN-24)."""

from contracts.audit import OperatorActed
from identity.application.ports import UnitOfWork
from identity.application.queries import AuditEntry


def record_act(act: OperatorActed, uow: UnitOfWork) -> None:
    """Keep an act for good."""
    uow.audit_log.add(
        AuditEntry(
            act_id=act.act_id,
            service=act.service,
            operator_id=act.operator_id,
            action=act.action,
            target_kind=act.target_kind,
            target_id=act.target_id,
            company_id=act.company_id,
            reason=act.reason,
            before=act.before,
            after=act.after,
            acted_at=act.acted_at,
        )
    )
