"""서브회원 탈퇴 요청 over REST: [확인하기], proofs, and the request itself (IDN-20)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from uuid import UUID

from flask_openapi3 import APIBlueprint, FileStorage
from pydantic import BaseModel, Field

from chassis.access import caller, members
from chassis.bodies import RequestBody
from chassis.files import UnknownFileType, sniff
from chassis.idempotency import idempotency_key, keyed
from chassis.problems import BodyTooLarge
from chassis.uploads import read_upload
from chassis.waiting import LongPolls
from identity.api.callers import own_company
from identity.api.hindrance_views import HindranceView, hindrance_views
from identity.application.ports import BeginUnitOfWork, FileStore
from identity.application.sub_members import NameSubMember, own_sub_member
from identity.application.withdrawal_files import KeepProof, keep_proof
from identity.application.withdrawals import (
    NameCheck,
    RequestWithdrawal,
    check_withdrawal,
    own_check,
    request_withdrawal,
)
from identity.domain.errors import ProofTooLargeError, WithdrawalNotFoundError
from identity.domain.open_affairs import Inquiry
from identity.domain.withdrawal import ProofFile, Withdrawal, WithdrawalRules, WithdrawalState

_ONE = "/v1/members/<member_id>"


@dataclass(frozen=True)
class Patience:
    """How long a request may wait for an answer, and how many may wait at once."""

    polls: LongPolls
    wait_seconds_max: float


class CheckState(StrEnum):
    """Where a check stands."""

    WAITING = "waiting"
    PASSED = "passed"
    HINDERED = "hindered"


class MemberPath(BaseModel):
    """The sub-member meant."""

    member_id: UUID


class CheckPath(MemberPath):
    """The check meant."""

    check_id: UUID


class WaitQuery(BaseModel):
    """A long poll: the answer comes when it is known, or after so many seconds."""

    wait_seconds: float = Field(default=0, ge=0, le=60, allow_inf_nan=False)


class CheckView(BaseModel):
    """[확인하기]: whether the sub-member can be withdrawn, as soon as the orders are counted."""

    check_id: UUID
    state: CheckState
    hindrances: list[HindranceView]
    asked_at: datetime


class ProofForm(BaseModel):
    """A multipart body with one file."""

    file: FileStorage


class ProofView(BaseModel):
    """An uploaded proof."""

    file_id: UUID
    file_name: str
    content_type: str
    size_bytes: int


class WithdrawalBody(RequestBody):
    """The passed check and 1 to 3 proofs."""

    check_id: UUID
    file_ids: list[UUID] = Field(max_length=20)


class WithdrawalView(BaseModel):
    """A request as its master sees it."""

    withdrawal_id: UUID
    member_id: UUID
    state: WithdrawalState
    hindrances: list[HindranceView] = Field(description="what the last count found open")
    reason: str | None = Field(description="why an operator rejected it")
    requested_at: datetime
    closed_at: datetime | None


def withdrawals_blueprint(
    begin: BeginUnitOfWork, *, files: FileStore, rules: WithdrawalRules, patience: Patience
) -> APIBlueprint:
    """Everything here is the master's, about the own company's sub-members."""
    blueprint = APIBlueprint("withdrawals", __name__)
    _add_checks(blueprint, begin, patience)
    _add_proofs(blueprint, begin, files, rules)
    _add_requests(blueprint, begin, rules, patience)
    return blueprint


def _add_checks(blueprint: APIBlueprint, begin: BeginUnitOfWork, patience: Patience) -> None:
    @blueprint.post(f"{_ONE}/withdrawal-checks", responses={201: CheckView})
    @members(roles={"master"})
    @keyed
    def post_check(path: MemberPath) -> tuple[CheckView, int]:
        """[확인하기]: have the open orders counted; nothing changes by it."""
        command = NameSubMember(own_company(), path.member_id)
        with begin() as uow:
            check_id = uow.once(
                scope=str(command.company_id),
                key=idempotency_key(),
                operation="check_withdrawal",
                body={"member_id": str(path.member_id)},
                create=lambda: check_withdrawal(command, uow).id,
            )
            inquiry = own_check(NameCheck(command.company_id, path.member_id, check_id), uow)
        return _check_view(inquiry), HTTPStatus.CREATED

    @blueprint.get(f"{_ONE}/withdrawal-checks/<check_id>", responses={200: CheckView})
    @members(roles={"master"})
    def show_check(path: CheckPath, query: WaitQuery) -> CheckView:
        """What was counted; `wait_seconds` waits for it."""
        command = NameCheck(own_company(), path.member_id, path.check_id)

        def read() -> Inquiry:
            with begin() as uow:
                return own_check(command, uow)

        seconds = min(query.wait_seconds, patience.wait_seconds_max)
        return _check_view(patience.polls.wait(read, lambda inquiry: inquiry.is_answered, seconds))


def _add_proofs(blueprint: APIBlueprint, begin: BeginUnitOfWork, files: FileStore, rules: WithdrawalRules) -> None:
    @blueprint.post("/v1/members/withdrawal-files", responses={201: ProofView})
    @members(roles={"master"})
    def post_proof(form: ProofForm) -> tuple[ProofView, int]:  # noqa: ARG001
        """Upload 재직증명서, 조직도 or the like: jpg, png or pdf by its content, at most 10 MB."""
        company_id = own_company()
        try:
            upload = read_upload("file", bytes_max=rules.proof_bytes_max)
        except BodyTooLarge:
            raise ProofTooLargeError(rules.proof_bytes_max) from None
        command = KeepProof(company_id, upload.file_name, _content_type(upload.content), upload.content)
        return proof_view(keep_proof(command, begin, files, rules)), HTTPStatus.CREATED


def _add_requests(blueprint: APIBlueprint, begin: BeginUnitOfWork, rules: WithdrawalRules, patience: Patience) -> None:
    @blueprint.post(f"{_ONE}/withdrawals", responses={201: WithdrawalView})
    @members(roles={"master"})
    @keyed
    def post_withdrawal(path: MemberPath, body: WithdrawalBody) -> tuple[WithdrawalView, int]:
        """탈퇴대기: the sub-member is out at once; the orders are counted again, then an operator reviews."""
        check = NameCheck(own_company(), path.member_id, body.check_id)
        command = RequestWithdrawal(check, caller().subject_id, tuple(body.file_ids))
        with begin() as uow:
            withdrawal_id = uow.once(
                scope=str(check.company_id),
                key=idempotency_key(),
                operation="request_withdrawal",
                body={"member_id": str(path.member_id), **body.model_dump(mode="json")},
                create=lambda: request_withdrawal(command, rules, uow).id,
            )
            withdrawal = uow.withdrawals.get(withdrawal_id)
        if withdrawal is None:
            raise WithdrawalNotFoundError
        return _withdrawal_view(withdrawal), HTTPStatus.CREATED

    @blueprint.get(f"{_ONE}/withdrawal", responses={200: WithdrawalView})
    @members(roles={"master"})
    def show_withdrawal(path: MemberPath, query: WaitQuery) -> WithdrawalView:
        """The last request; `wait_seconds` waits until the orders are counted."""
        command = NameSubMember(own_company(), path.member_id)

        def read() -> Withdrawal:
            with begin() as uow:
                own_sub_member(command, uow)
                withdrawal = uow.withdrawals.latest_of(command.member_id)
            if withdrawal is None:
                raise WithdrawalNotFoundError
            return withdrawal

        seconds = min(query.wait_seconds, patience.wait_seconds_max)
        counted = patience.polls.wait(read, lambda each: each.state is not WithdrawalState.CHECKING, seconds)
        return _withdrawal_view(counted)


def proof_view(proof: ProofFile) -> ProofView:
    """An uploaded proof."""
    return ProofView(
        file_id=proof.id, file_name=proof.file_name, content_type=proof.content_type, size_bytes=proof.size_bytes
    )


def _check_view(inquiry: Inquiry) -> CheckView:
    state = CheckState.WAITING
    if inquiry.is_answered:
        state = CheckState.HINDERED if inquiry.hindrances else CheckState.PASSED
    return CheckView(
        check_id=inquiry.id, state=state, hindrances=hindrance_views(inquiry.hindrances), asked_at=inquiry.asked_at
    )


def _withdrawal_view(withdrawal: Withdrawal) -> WithdrawalView:
    return WithdrawalView(
        withdrawal_id=withdrawal.id,
        member_id=withdrawal.member_id,
        state=withdrawal.state,
        hindrances=hindrance_views(withdrawal.hindrances),
        reason=withdrawal.reason,
        requested_at=withdrawal.requested_at,
        closed_at=withdrawal.closed_at,
    )


def _content_type(content: bytes) -> str | None:
    try:
        return sniff(content)
    except UnknownFileType:
        return None
