"""Changed business data: entered by the master, in force once an operator has looked at it (IDN-25)."""

from dataclasses import dataclass
from uuid import UUID

from contracts.audit import Act
from identity.application import messages
from identity.application.companies import lock_company
from identity.application.ports import UnitOfWork
from identity.domain.company import BusinessChange, ChangeState
from identity.domain.errors import BusinessChangeNotFoundError


@dataclass(frozen=True)
class RequestBusinessChange:
    """상호명 and 대표자명 as they should be."""

    company_id: UUID
    master_id: UUID
    name: str
    representative_name: str


def request_business_change(command: RequestBusinessChange, uow: UnitOfWork) -> BusinessChange:
    """Have it reviewed; what waited until now is replaced. Raises `CompanyNotFoundError`."""
    lock_company(command.company_id, uow)
    earlier = uow.business_changes.waiting_of(command.company_id)
    if earlier is not None:
        uow.business_changes.save(earlier.take_back())
    change = BusinessChange(
        id=uow.new_id(),
        company_id=command.company_id,
        requested_by=command.master_id,
        name=command.name,
        representative_name=command.representative_name,
        requested_at=uow.now(),
    )
    uow.business_changes.add(change)
    return change


@dataclass(frozen=True)
class DecideBusinessChange:
    """An operator's word; a reason makes it a rejection."""

    change_id: UUID
    operator_id: UUID
    reason: str | None = None


def decide_business_change(command: DecideBusinessChange, uow: UnitOfWork) -> BusinessChange:
    """Put the change into force and tell everybody, or reject it.

    Raises `BusinessChangeNotFoundError`, `StaleChangeError` when it does not wait any more.
    """
    waiting = uow.business_changes.get(command.change_id)
    if waiting is None:
        raise BusinessChangeNotFoundError
    before = lock_company(waiting.company_id, uow)
    change = uow.business_changes.get(command.change_id) or waiting
    decided = change.decide(command.operator_id, uow.now(), reason=command.reason)
    uow.business_changes.save(decided)
    after = before
    if decided.state is ChangeState.APPROVED:
        after = before.change_names(decided.name, decided.representative_name)
        uow.companies.save(after)
        uow.outbox.add(messages.company_changed(after))
    uow.outbox.add_act(
        command.operator_id,
        Act(
            f"business_change.{decided.state.value}",
            "business_change",
            str(decided.id),
            # The log holds no person's name: who the representative was and is stands in the change.
            before={"name": before.name},
            after={
                "name": after.name,
                "representative_changed": after.representative_name != before.representative_name,
            },
            company_id=after.id,
            reason=command.reason,
        ),
    )
    return decided
