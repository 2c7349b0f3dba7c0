"""What identity says: companies, members, revoked sessions."""

from contracts.identity import CompanyChanged, MemberStateChanged, SessionsRevoked
from ordering.application.ports import UnitOfWork


def company_changed(event: CompanyChanged, uow: UnitOfWork) -> None:
    """Keep the company's state."""
    uow.copies.keep_company(event)


def member_state_changed(event: MemberStateChanged, uow: UnitOfWork) -> None:
    """Keep the member's state."""
    uow.copies.keep_member(event)


def sessions_revoked(event: SessionsRevoked, uow: UnitOfWork) -> None:
    """Refuse older sessions from now on (IDN-13)."""
    uow.revoke_sessions(event.subject_id, event.lowest_generation)
