"""Captures and revocations in memory: no month is ever closed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import UUID

from wallet.domain.holds import HeldFunds
from wallet.domain.issuing import Capture, ClosedMonth, Issued, Revocation
from wallet.domain.lots import Room, Share


class Memory(Protocol):
    """Whatever holds the state of a test."""

    state: Any
    holds: Any
    lots: Any


@dataclass
class InMemoryIssuingMonths:
    """`IssuingMonths` over the memory's state, as far as the use cases of the ledger machine go."""

    memory: Memory

    def add(self, capture: Capture) -> None:
        assert capture.chunk not in [kept.chunk for kept in self.memory.state.captures]
        self.memory.state.captures.append(capture)

    def closed(self, _company_id: UUID, _month: str) -> ClosedMonth | None:
        return None


@dataclass
class InMemoryRevocations:
    """`Revocations` over the memory's state."""

    memory: Memory

    def is_known(self, revocation_id: UUID) -> bool:
        return revocation_id in self.memory.state.revocations

    def issued_of(self, order_id: UUID, month: str) -> Issued:
        issued = [
            kept.issued
            for kept in self.memory.state.captures
            if kept.chunk.order_id == order_id and kept.month == month
        ]
        revoked = [
            of_month
            for kept in self.memory.state.revocations.values()
            for its_month, of_month in kept.months
            if kept.order_id == order_id and its_month == month
        ]
        return Issued(
            sum(each.coupons for each in issued) - sum(each.coupons for each in revoked),
            sum(each.amount_krw for each in issued) - sum(each.amount_krw for each in revoked),
        )

    def add(self, revocation: Revocation, carried_months: Sequence[str]) -> None:
        assert not self.is_known(revocation.id)
        assert not carried_months
        self.memory.state.revocations[revocation.id] = revocation

    def spent(self, order_id: UUID) -> HeldFunds:
        hold = self.memory.holds.get(order_id)
        return HeldFunds(hold, tuple(self.memory.lots.spent_by(hold.id)))

    def give_back(self, before: HeldFunds, amount_krw: int, cash_like_krw: int, shares: Sequence[Share]) -> None:
        hold = before.hold.revoked(amount_krw, cash_like_krw)
        assert hold == replace(hold, captured_krw=before.hold.captured_krw - amount_krw)
        self.memory.state.holds[hold.order_id] = hold
        self.memory.lots.unspend(hold.id, shares)


def rooms_of(shares: dict[tuple[UUID, UUID], int], hold_id: UUID, charge_ids: Sequence[UUID]) -> list[Room]:
    """What a hold has in lots, in the order of the charges."""
    return [Room(charge_id, shares[hold_id, charge_id]) for charge_id in charge_ids if shares.get((hold_id, charge_id))]
