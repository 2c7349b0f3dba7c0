"""Identity asks what is open before a withdrawal or a change of payment: freeze, ask, decide (IDN-20, IDN-28)."""

from dataclasses import dataclass
from uuid import UUID

from contracts.identity import MemberState
from contracts.ordering.orders import OpenOrdersCounted
from ordering.application.ports import UnitOfWork

_FROZEN = frozenset({MemberState.WITHDRAWAL_REQUESTED, MemberState.WITHDRAWN})
"""Members in these states place nothing; a suspended or dormant one may be active again before the freeze is heard."""


class NotFrozenYetError(Exception):
    """The question overtook the state that froze its subject: an order could still be placed after the answer."""

    def __init__(self, subject_id: UUID) -> None:
        super().__init__(str(subject_id))
        self.subject_id = subject_id


@dataclass(frozen=True)
class OpenAffairsQuestion:
    """What is open of a member, or of the whole company; `subject_version` is the state that froze it."""

    request_id: UUID
    company_id: UUID
    member_id: UUID | None
    subject_version: int | None = None


def answer_open_affairs(question: OpenAffairsQuestion, uow: UnitOfWork) -> None:
    """Say what is open now. Raises `NotFrozenYetError` while its subject could still order.

    Placing holds the orderer's state until it is stored, and the freeze waits for it: whatever was placed under the
    state before is counted here, and whatever comes after it is refused.
    """
    _see_frozen(question, uow)
    found = uow.orders.open_of(question.company_id, question.member_id)
    uow.outbox.add(
        OpenOrdersCounted(
            request_id=question.request_id,
            company_id=question.company_id,
            member_id=question.member_id,
            scheduled=found.scheduled,
            sending=found.sending,
            awaiting_choice=found.awaiting_choice,
            counted_at=uow.now(),
        )
    )


def _see_frozen(question: OpenAffairsQuestion, uow: UnitOfWork) -> None:
    """A company asked about without a version has no state of its own to wait for: it is counted as it stands."""
    if question.member_id is not None:
        member = uow.copies.member(question.member_id)
        is_frozen = member is not None and (
            member.state in _FROZEN if question.subject_version is None else member.version >= question.subject_version
        )
        if not is_frozen:
            raise NotFrozenYetError(question.member_id)
    elif question.subject_version is not None:
        company = uow.copies.company(question.company_id)
        if company is None or company.version < question.subject_version:
            raise NotFrozenYetError(question.company_id)
