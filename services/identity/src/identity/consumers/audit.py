"""What operators did in any service."""

from contracts.audit import OperatorActed
from identity.application.audit import record_act
from identity.application.ports import UnitOfWork


def operator_acted(event: OperatorActed, uow: UnitOfWork) -> None:
    """Keep the act in the audit log."""
    record_act(event, uow)
