"""서브회원 탈퇴: requested with proofs, reviewed by an operator, refused while orders are open (IDN-20)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from identity.domain.certificate import ALLOWED_CONTENT_TYPES
from identity.domain.errors import (
    ProofCountError,
    ProofRefusedError,
    ProofTooLargeError,
    WithdrawalStateRefusedError,
)
from identity.domain.open_affairs import Hindrances


class WithdrawalState(StrEnum):
    """Where a request stands."""

    CHECKING = "checking"
    WAITING = "waiting"
    APPROVING = "approving"
    REFUSED = "refused"
    REJECTED = "rejected"
    APPROVED = "approved"


class WithdrawalStep(StrEnum):
    """What moves it: ordering's answers, and an operator."""

    FOUND_NOTHING_OPEN = "found_nothing_open"
    FOUND_OPEN_ORDERS = "found_open_orders"
    APPROVE = "approve"
    REJECT = "reject"


WITHDRAWAL_STEPS: Mapping[tuple[WithdrawalState, WithdrawalStep], WithdrawalState] = {
    (WithdrawalState.CHECKING, WithdrawalStep.FOUND_NOTHING_OPEN): WithdrawalState.WAITING,
    (WithdrawalState.CHECKING, WithdrawalStep.FOUND_OPEN_ORDERS): WithdrawalState.REFUSED,
    (WithdrawalState.WAITING, WithdrawalStep.APPROVE): WithdrawalState.APPROVING,
    (WithdrawalState.WAITING, WithdrawalStep.REJECT): WithdrawalState.REJECTED,
    (WithdrawalState.APPROVING, WithdrawalStep.FOUND_NOTHING_OPEN): WithdrawalState.APPROVED,
    (WithdrawalState.APPROVING, WithdrawalStep.FOUND_OPEN_ORDERS): WithdrawalState.WAITING,
    (WithdrawalState.APPROVING, WithdrawalStep.REJECT): WithdrawalState.REJECTED,
}
"""Whatever stands in no row is refused."""


@dataclass(frozen=True)
class WithdrawalRules:
    """The numbers of a withdrawal, and of what is kept afterwards."""

    check_lifetime: timedelta
    """How long a passed [확인하기] lets a request through."""
    proofs_max: int
    proof_bytes_max: int
    retention_years: int
    """How long a withdrawn member's personal data is kept, for the orders made."""

    def check_proof(self, content_type: str | None, size_bytes: int) -> str:
        """The content type, when a file may be a proof; `None` is content that nobody recognises.

        Raises `ProofTooLargeError`, `ProofRefusedError`.
        """
        if size_bytes > self.proof_bytes_max:
            raise ProofTooLargeError(self.proof_bytes_max)
        if content_type not in ALLOWED_CONTENT_TYPES:
            raise ProofRefusedError
        return content_type

    def check_count(self, proofs: int) -> None:
        """Raises `ProofCountError`: a request has 1 to 3 proofs."""
        if not 1 <= proofs <= self.proofs_max:
            raise ProofCountError(self.proofs_max)


@dataclass(frozen=True)
class ProofFile:
    """재직증명서, 조직도 or the like, uploaded for a request; without `withdrawal_id` it waits for one."""

    id: UUID
    company_id: UUID
    file_key: str
    file_name: str
    content_type: str
    size_bytes: int
    uploaded_at: datetime
    withdrawal_id: UUID | None = None


@dataclass(frozen=True)
class Withdrawal:
    """One request of a master about one sub-member."""

    id: UUID
    company_id: UUID
    member_id: UUID
    requested_by: UUID
    requested_at: datetime
    inquiry_id: UUID
    """The question whose answer counts now."""
    state: WithdrawalState = WithdrawalState.CHECKING
    hindrances: Hindrances = ()
    """What the last answer found in the way."""
    decided_by: UUID | None = None
    reason: str | None = None
    closed_at: datetime | None = None

    def take(self, step: WithdrawalStep) -> "Withdrawal":
        """The request after the step. Raises `WithdrawalStateRefusedError`."""
        state = WITHDRAWAL_STEPS.get((self.state, step))
        if state is None:
            raise WithdrawalStateRefusedError(self.state.value)
        return replace(self, state=state)

    def hear(self, hindrances: Hindrances, at: datetime) -> "Withdrawal":
        """What ordering answered to the question that counts now. Raises `WithdrawalStateRefusedError`."""
        step = WithdrawalStep.FOUND_OPEN_ORDERS if hindrances else WithdrawalStep.FOUND_NOTHING_OPEN
        heard = replace(self.take(step), hindrances=hindrances)
        return replace(heard, closed_at=at) if heard.is_closed else heard

    def approve(self, operator_id: UUID, inquiry_id: UUID) -> "Withdrawal":
        """An operator approves, if nothing is open when it is asked again. Raises `WithdrawalStateRefusedError`."""
        return replace(self.take(WithdrawalStep.APPROVE), decided_by=operator_id, inquiry_id=inquiry_id)

    def reject(self, operator_id: UUID, reason: str, at: datetime) -> "Withdrawal":
        """An operator rejects. Raises `WithdrawalStateRefusedError`."""
        return replace(self.take(WithdrawalStep.REJECT), decided_by=operator_id, reason=reason, closed_at=at)

    @property
    def is_closed(self) -> bool:
        """Whether no step leads on."""
        return all(source is not self.state for source, _ in WITHDRAWAL_STEPS)
