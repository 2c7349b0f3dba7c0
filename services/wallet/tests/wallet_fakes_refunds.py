"""Refunds in memory; every file that is named was uploaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from wallet_builders import NOON

from wallet.domain.lots import Share
from wallet.domain.payback_errors import UnknownRefundError
from wallet.domain.refund import FileUse, Refund, RefundFile


class Memory(Protocol):
    """Whatever holds the state of a test."""

    state: Any


@dataclass
class InMemoryRefunds:
    """`Refunds` over the memory's state, as far as the use cases of the ledger machine go."""

    memory: Memory

    def add(self, refund: Refund, shares: Sequence[Share]) -> None:
        assert sum(share.amount_krw for share in shares) == refund.figures.amount_krw
        self.memory.state.refunds[refund.id] = refund
        self.memory.state.refund_shares[refund.id] = shares

    def get(self, refund_id: UUID) -> Refund:
        if refund_id not in self.memory.state.refunds:
            raise UnknownRefundError(refund_id)
        return self.memory.state.refunds[refund_id]

    def of_company(self, company_id: UUID, refund_id: UUID) -> Refund:
        refund = self.get(refund_id)
        if refund.company_id != company_id:
            raise UnknownRefundError(refund_id)
        return refund

    def save(self, refund: Refund) -> None:
        self.memory.state.refunds[refund.id] = refund

    def shares(self, refund_id: UUID) -> Sequence[Share]:
        return self.memory.state.refund_shares[refund_id]

    def file(self, company_id: UUID, file_id: UUID, use: FileUse) -> RefundFile:
        return RefundFile(file_id, company_id, use, "통장.pdf", "application/pdf", f"refunds/{file_id}", NOON)
