"""What the service keeps of questions, withdrawals and changes of payment; repositories fulfil it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from identity.application.queries import PaymentChangeQuery, WithdrawalQuery
from identity.domain.open_affairs import Inquiry
from identity.domain.payment_change import PaymentChange
from identity.domain.withdrawal import ProofFile, Withdrawal


class Inquiries(Protocol):
    """The questions of what is open."""

    def add(self, inquiry: Inquiry) -> None:
        """Keep a new one."""

    def get(self, inquiry_id: UUID) -> Inquiry | None:
        """The question, for reading."""

    def get_for_update(self, inquiry_id: UUID) -> Inquiry | None:
        """The question, locked until the transaction ends."""

    def save(self, inquiry: Inquiry) -> None:
        """Keep an answer."""


class Withdrawals(Protocol):
    """Requests for withdrawal, and their proofs."""

    def add(self, withdrawal: Withdrawal) -> None:
        """Keep a new one."""

    def get(self, withdrawal_id: UUID) -> Withdrawal | None:
        """The request; who wants to move it locks its member first."""

    def latest_of(self, member_id: UUID) -> Withdrawal | None:
        """The member's last request."""

    def save(self, withdrawal: Withdrawal) -> None:
        """Keep a change."""

    def page(self, query: WithdrawalQuery, rows_max: int) -> Sequence[Withdrawal]:
        """Requests, the oldest first."""

    def add_file(self, file: ProofFile) -> None:
        """Keep an uploaded proof."""

    def attach(self, file_ids: Collection[UUID], withdrawal: Withdrawal) -> int:
        """Give uploaded proofs of the company to its request; how many there were that no request has."""

    def files_of(self, withdrawal_id: UUID) -> Sequence[ProofFile]:
        """The request's proofs, in the order of their upload."""

    def forget_papers_of(self, member_id: UUID) -> Sequence[str]:
        """Forget reasons and proofs of all the member's requests; the keys of the files."""

    def forget_strays(self, before: datetime, rows_max: int) -> Sequence[str]:
        """Forget proofs uploaded before then for requests that never came; the keys of their files."""


class PaymentChanges(Protocol):
    """Changes of payment methods."""

    def add(self, change: PaymentChange) -> None:
        """Keep a new one."""

    def get(self, change_id: UUID) -> PaymentChange | None:
        """The change; who wants to move it locks its company first."""

    def save(self, change: PaymentChange) -> None:
        """Keep its end."""

    def page(self, query: PaymentChangeQuery, rows_max: int) -> Sequence[PaymentChange]:
        """A company's changes, the latest first."""
