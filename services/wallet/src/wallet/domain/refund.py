"""Refunds (환불): requested → reviewing → completed | rejected | cancelled (WAL-08, WAL-10)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from wallet.domain.payback_errors import RefundReasonTooLongError, RefundStateError, UnknownBankError
from wallet.domain.refund_figures import RefundFigures

_OUTSIDE_CP949_BYTES = 2
_COMPANY_FORMS = ("주식회사", "(주)", "㈜")
_SHOWN_DIGITS = 4


class RefundState(StrEnum):
    """환불 요청, 환불 검토, 환불 완료, 환불 반려, 환불 취소."""

    REQUESTED = "requested"
    REVIEWING = "reviewing"
    COMPLETED = "completed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


STEPS: dict[RefundState, frozenset[RefundState]] = {
    RefundState.REQUESTED: frozenset({RefundState.REVIEWING, RefundState.CANCELLED}),
    RefundState.REVIEWING: frozenset({RefundState.COMPLETED, RefundState.REJECTED, RefundState.CANCELLED}),
    RefundState.COMPLETED: frozenset(),
    RefundState.REJECTED: frozenset(),
    RefundState.CANCELLED: frozenset(),
}
"""Every step that exists; a member cancels from `requested` only."""


class FileUse(StrEnum):
    """통장사본, or what proves that another holder may be paid (환불 위임증명서, 재직증명서)."""

    BANK_BOOK = "bank_book"
    PROOF = "proof"


@dataclass(frozen=True)
class RefundFile:
    """An uploaded file; its content lies in the file store under `store_key`."""

    id: UUID
    company_id: UUID
    use: FileUse
    file_name: str = field(repr=False)
    content_type: str
    store_key: str
    uploaded_at: datetime


@dataclass(frozen=True)
class BankAccount:
    """Where a refund is paid to."""

    bank: str
    number: str = field(repr=False)
    holder: str = field(repr=False)

    @property
    def masked_number(self) -> str:
        """The number as people see it: its last four digits."""
        return "*" * max(0, len(self.number) - _SHOWN_DIGITS) + self.number[-_SHOWN_DIGITS:]


@dataclass(frozen=True)
class FormRules:
    """What the form of a refund takes (WAL-08)."""

    banks: Mapping[str, str]
    reason_bytes_max: int

    def check(self, bank: str, reason: str) -> None:
        """Raises `UnknownBankError` or `RefundReasonTooLongError`."""
        if bank not in self.banks:
            raise UnknownBankError(bank)
        length_bytes = cp949_bytes(reason)
        if length_bytes > self.reason_bytes_max:
            raise RefundReasonTooLongError(length_bytes, self.reason_bytes_max)


@dataclass(frozen=True)
class Refund:
    """A wish to have charged money paid back; its amount has left the balance with the request."""

    id: UUID
    company_id: UUID
    member_id: UUID
    state: RefundState
    figures: RefundFigures
    account: BankAccount
    bank_book_id: UUID
    proof_id: UUID | None
    reason: str
    requested_at: datetime
    operator_id: UUID | None = None
    decided_at: datetime | None = None
    decision_reason: str | None = None
    payout_reference: str | None = None
    paid_on: date | None = None

    def taken(self, operator_id: UUID) -> "Refund":
        """The refund once an operator looks at it. Raises `RefundStateError`."""
        return replace(self._step(RefundState.REVIEWING), operator_id=operator_id)

    def completed(self, operator_id: UUID, reference: str, paid_on: date, at: datetime) -> "Refund":
        """The refund once it was paid out. Raises `RefundStateError`."""
        done = self._step(RefundState.COMPLETED)
        return replace(done, operator_id=operator_id, payout_reference=reference, paid_on=paid_on, decided_at=at)

    def rejected(self, operator_id: UUID, reason: str, at: datetime) -> "Refund":
        """The refund once an operator refused it. Raises `RefundStateError`."""
        done = self._step(RefundState.REJECTED)
        return replace(done, operator_id=operator_id, decision_reason=reason, decided_at=at)

    def cancelled_by_member(self, at: datetime) -> "Refund":
        """The refund once its member took it back, before anybody looked at it. Raises `RefundStateError`."""
        if self.state is not RefundState.REQUESTED:
            raise RefundStateError(self.id, self.state.value)
        return replace(self._step(RefundState.CANCELLED), decided_at=at)

    def cancelled_by_operator(self, operator_id: UUID, reason: str, at: datetime) -> "Refund":
        """The refund once an operator took it back for the member. Raises `RefundStateError`."""
        done = self._step(RefundState.CANCELLED)
        return replace(done, operator_id=operator_id, decision_reason=reason, decided_at=at)

    def _step(self, state: RefundState) -> "Refund":
        if state not in STEPS[self.state]:
            raise RefundStateError(self.id, self.state.value)
        return replace(self, state=state)


def is_same_holder(holder: str, names: Iterable[str]) -> bool:
    """Whether an account's holder is the member: spaces and the form of a company make no difference (WAL-08)."""
    return bool(_bare(holder)) and _bare(holder) in {_bare(name) for name in names}


def _bare(name: str) -> str:
    bare = "".join(name.split())
    for form in _COMPANY_FORMS:
        bare = bare.replace(form, "")
    return bare


def cp949_bytes(text: str) -> int:
    """The length in bytes as the manual's counter counts: Hangul 2, others 1, outside CP949 2, a line break 1."""
    return sum(_bytes_of(character) for character in text.replace("\r\n", "\n"))


def _bytes_of(character: str) -> int:
    try:
        return len(character.encode("cp949"))
    except UnicodeEncodeError:
        return _OUTSIDE_CP949_BYTES
