"""What identity says: companies, members, revoked sessions, and its question about what is open."""

from uuid import UUID

from chassis.consumer import NotYet
from contracts.identity import CompanyChanged, MemberState, MemberStateChanged, OpenAffairsAsked, SessionsRevoked
from ordering.application.open_affairs import NotFrozenYetError, OpenAffairsQuestion, answer_open_affairs
from ordering.application.plan_stops import end_plans_of
from ordering.application.ports import UnitOfWork


def company_changed(event: CompanyChanged, uow: UnitOfWork) -> None:
    """Keep the company's state; questions that waited for it come again."""
    uow.copies.keep_company(event)
    uow.unpark(_waits_for(event.company_id))


def member_state_changed(event: MemberStateChanged, uow: UnitOfWork) -> None:
    """Keep the member's state; who withdrew has no plans any more. Questions that waited for it come again."""
    if event.state is MemberState.WITHDRAWN:
        end_plans_of(event.member_id, uow)  # Plans before their owner, as where their orders are made.
    uow.copies.keep_member(event)
    uow.unpark(_waits_for(event.member_id))


def open_affairs_asked(event: OpenAffairsAsked, uow: UnitOfWork) -> None:
    """Say what is open; a question that overtook the state which froze its subject is parked until that comes."""
    question = OpenAffairsQuestion(event.request_id, event.company_id, event.member_id, event.subject_version)
    try:
        answer_open_affairs(question, uow)
    except NotFrozenYetError as early:
        raise NotYet(_waits_for(early.subject_id)) from None


def sessions_revoked(event: SessionsRevoked, uow: UnitOfWork) -> None:
    """Refuse older sessions from now on (IDN-13)."""
    uow.revoke_sessions(event.subject_id, event.lowest_generation)


def _waits_for(subject_id: UUID) -> str:
    return f"subject:{subject_id}"
