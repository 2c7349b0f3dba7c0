"""Deposits that were taken back, and differences to the provider's record, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from wallet.domain.difference import PaymentDifference
from wallet.domain.lots import Share
from wallet.domain.take_back import TakeBack


class Memory(Protocol):
    """Whatever holds the state of a test."""

    state: Any


@dataclass
class InMemoryTakeBacks:
    """`TakeBacks` over the memory's state."""

    memory: Memory

    def add(self, take_back: TakeBack, shares: Sequence[Share]) -> None:
        self.memory.state.take_backs[take_back.id] = take_back
        self.memory.state.take_back_shares[take_back.id] = list(shares)

    def recover(self, take_back: TakeBack, shares: Sequence[Share]) -> None:
        self.save(take_back)
        self.memory.state.take_back_shares[take_back.id] += shares

    def save(self, take_back: TakeBack) -> None:
        self.memory.state.take_backs[take_back.id] = take_back

    def last_of(self, charge_id: UUID) -> TakeBack | None:
        of_charge = [each for each in self.memory.state.take_backs.values() if each.charge_id == charge_id]
        return max(of_charge, key=lambda each: each.no, default=None)

    def owed_by(self, company_id: UUID) -> Sequence[TakeBack]:
        return [
            each
            for each in self.memory.state.take_backs.values()
            if each.company_id == company_id and each.returned_at is None and each.claim_krw > 0
        ]

    def shares(self, take_back_id: UUID) -> Sequence[Share]:
        return self.memory.state.take_back_shares[take_back_id]


@dataclass
class InMemoryDifferences:
    """`Differences` over the memory's state, as far as finding them goes."""

    memory: Memory

    def report(self, difference: PaymentDifference) -> bool:
        if difference.key in self.memory.state.differences:
            return False
        self.memory.state.differences[difference.key] = difference
        return True
