"""What identity says: companies, members, revoked sessions."""

from contracts.identity import CompanyChanged, MemberState, MemberStateChanged, SessionsRevoked
from ordering.application.plan_stops import end_plans_of
from ordering.application.ports import UnitOfWork


def company_changed(event: CompanyChanged, uow: UnitOfWork) -> None:
    """Keep the company's state."""
    uow.copies.keep_company(event)


def member_state_changed(event: MemberStateChanged, uow: UnitOfWork) -> None:
    """Keep the member's state; who withdrew has no plans any more."""
    if event.state is MemberState.WITHDRAWN:
        end_plans_of(event.member_id, uow)  # Plans before their owner, as where their orders are made.
    uow.copies.keep_member(event)


def sessions_revoked(event: SessionsRevoked, uow: UnitOfWork) -> None:
    """Refuse older sessions from now on (IDN-13)."""
    uow.revoke_sessions(event.subject_id, event.lowest_generation)
