"""What refunds need of the world outside the use cases."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from wallet.domain.lots import Share
from wallet.domain.refund import FileUse, Refund, RefundFile, RefundState


class Refunds(Protocol):
    """Refunds, and the files that go with them."""

    def add(self, refund: Refund, shares: Sequence[Share]) -> None:
        """Keep a new refund and what it takes from which charge."""

    def get(self, refund_id: UUID) -> Refund:
        """The refund, its row held until the transaction ends. Raises `UnknownRefundError`."""

    def of_company(self, company_id: UUID, refund_id: UUID) -> Refund:
        """A company's own refund. Raises `UnknownRefundError`."""

    def save(self, refund: Refund) -> None:
        """Write a refund's new state."""

    def shares(self, refund_id: UUID) -> Sequence[Share]:
        """What the refund took from which charge."""

    def last(self, company_id: UUID, *, with_proof: bool = False) -> Refund | None:
        """The company's latest request (with a proof); None when there is none."""

    def page(
        self, *, company_id: UUID | None, state: RefundState | None, before_id: UUID | None, rows_max: int
    ) -> Sequence[Refund]:
        """Refunds of a company, or of all, newest first, from before one on."""

    def count_open(self, company_id: UUID) -> int:
        """How many refunds of a company are requested or under review."""

    def add_file(self, file: RefundFile) -> None:
        """Keep that a file was uploaded."""

    def file(self, company_id: UUID, file_id: UUID, use: FileUse) -> RefundFile:
        """A company's own file of that use. Raises `UnknownRefundFileError`."""

    def discard_strays(self, before: datetime, rows_max: int) -> Sequence[RefundFile]:
        """Discard files uploaded before a time that no refund refers to; none will be able to any more."""

    def remove_file(self, file_id: UUID) -> None:
        """Forget a discarded file."""


class FileStore(Protocol):
    """Where files lie."""

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Keep the content under the key."""

    def delete(self, key: str) -> None:
        """Forget the file; one that is not there is no error."""

    def link(self, key: str, expires_in_seconds: int) -> str:
        """An address that reads the file until its time is over."""
