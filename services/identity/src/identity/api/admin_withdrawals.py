"""탈퇴 심사: what operators read and decide of requests for withdrawal (IDN-20)."""

from datetime import datetime
from uuid import UUID

from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from chassis.access import caller, operators
from chassis.paging import PageQuery, page_of, read_cursor
from identity.api.admin_companies import ReasonBody
from identity.api.hindrance_views import HindranceView, hindrance_views
from identity.api.withdrawals import ProofView, proof_view
from identity.application.ports import BeginUnitOfWork, FileStore, UnitOfWork
from identity.application.queries import WithdrawalQuery
from identity.application.withdrawal_review import (
    ApproveWithdrawal,
    RejectWithdrawal,
    approve_withdrawal,
    reject_withdrawal,
)
from identity.domain.errors import WithdrawalNotFoundError
from identity.domain.withdrawal import Withdrawal, WithdrawalState

_ONE = "/admin/withdrawals/<withdrawal_id>"
_READERS = {"support", "finance", "admin"}
_DECIDERS = {"support", "admin"}


class WithdrawalsQuery(PageQuery):
    """Which requests."""

    state: WithdrawalState = WithdrawalState.WAITING
    company_id: UUID | None = None


class WithdrawalPath(BaseModel):
    """The request meant."""

    withdrawal_id: UUID


class WithdrawalLine(BaseModel):
    """One request in the queue."""

    withdrawal_id: UUID
    company_id: UUID
    member_id: UUID
    state: WithdrawalState
    hindrances: list[HindranceView] = Field(description="what the last count found open")
    requested_at: datetime


class WithdrawalPage(BaseModel):
    """A page of requests, the oldest first."""

    items: list[WithdrawalLine]
    next_cursor: str | None


class LinkedProofView(ProofView):
    """A proof with its link, which lives for minutes."""

    url: str


class WithdrawalReview(WithdrawalLine):
    """The whole request, with the sub-member and the proofs."""

    company_name: str
    member_email: str
    member_name: str
    requested_by: UUID
    proofs: list[LinkedProofView]
    decided_by: UUID | None
    reason: str | None
    closed_at: datetime | None


def admin_withdrawals_blueprint(begin: BeginUnitOfWork, *, files: FileStore, link_seconds: int) -> APIBlueprint:
    """The queue of requests and its decisions."""
    blueprint = APIBlueprint("admin_withdrawals", __name__)

    def review(withdrawal: Withdrawal, uow: UnitOfWork) -> WithdrawalReview:
        company, member = uow.companies.get(withdrawal.company_id), uow.members.get(withdrawal.member_id)
        if company is None or member is None:
            raise WithdrawalNotFoundError
        return WithdrawalReview(
            **_line(withdrawal).model_dump(),
            company_name=company.name,
            member_email=member.email,
            member_name=member.name,
            requested_by=withdrawal.requested_by,
            proofs=[
                LinkedProofView(**proof_view(proof).model_dump(), url=files.link(proof.file_key, link_seconds))
                for proof in uow.withdrawals.files_of(withdrawal.id)
            ],
            decided_by=withdrawal.decided_by,
            reason=withdrawal.reason,
            closed_at=withdrawal.closed_at,
        )

    @blueprint.get("/admin/withdrawals", responses={200: WithdrawalPage})
    @operators(roles=_READERS)
    def list_withdrawals(query: WithdrawalsQuery) -> WithdrawalPage:
        """Requests in a state; those that wait for an operator, unless another is asked for."""
        after = read_cursor(query.cursor, UUID)
        wanted = WithdrawalQuery(query.state, query.company_id, after[0] if after else None)
        with begin() as uow:
            rows = uow.withdrawals.page(wanted, query.limit + 1)
        items, next_cursor = page_of(rows, query.limit, key=lambda each: (each.id,), show=_line)
        return WithdrawalPage(items=items, next_cursor=next_cursor)

    @blueprint.get(_ONE, responses={200: WithdrawalReview})
    @operators(roles=_READERS)
    def show_withdrawal(path: WithdrawalPath) -> WithdrawalReview:
        """The whole request, with short-lived links to its proofs."""
        with begin() as uow:
            withdrawal = uow.withdrawals.get(path.withdrawal_id)
            if withdrawal is None:
                raise WithdrawalNotFoundError
            return review(withdrawal, uow)

    @blueprint.post(f"{_ONE}/approve", responses={200: WithdrawalReview})
    @operators(roles=_DECIDERS)
    def approve(path: WithdrawalPath) -> WithdrawalReview:
        """승인: the orders are counted once more, and with nothing open the sub-member is withdrawn at once."""
        with begin() as uow:
            return review(approve_withdrawal(ApproveWithdrawal(path.withdrawal_id, caller().subject_id), uow), uow)

    @blueprint.post(f"{_ONE}/reject", responses={200: WithdrawalReview})
    @operators(roles=_DECIDERS)
    def reject(path: WithdrawalPath, body: ReasonBody) -> WithdrawalReview:
        """반려, with a reason that the master sees; the sub-member is again what it was."""
        command = RejectWithdrawal(path.withdrawal_id, caller().subject_id, body.reason)
        with begin() as uow:
            return review(reject_withdrawal(command, uow), uow)

    return blueprint


def _line(withdrawal: Withdrawal) -> WithdrawalLine:
    return WithdrawalLine(
        withdrawal_id=withdrawal.id,
        company_id=withdrawal.company_id,
        member_id=withdrawal.member_id,
        state=withdrawal.state,
        hindrances=hindrance_views(withdrawal.hindrances),
        requested_at=withdrawal.requested_at,
    )
