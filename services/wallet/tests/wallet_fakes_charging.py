"""Charges in memory, and a provider that answers what a test scripted."""

# ruff: noqa: ARG002 - a fake takes what its port takes

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

from wallet.application.cancellation_ports import CancelAttempt
from wallet.application.ports import Attempt
from wallet.domain.cancellation import Cancellation
from wallet.domain.charge import Charge
from wallet.domain.errors import UnknownChargeError
from wallet.domain.payment import ProviderAnswer


class Memory(Protocol):
    """Whatever holds the state of a test."""

    state: Any


@dataclass
class InMemoryCharges:
    """`Charges` over the memory's state; `due` are the attempts whose wait a test declares over."""

    memory: Memory
    tries: dict[UUID, int] = field(default_factory=dict)
    due: list[UUID] = field(default_factory=list)
    postponed: list[tuple[timedelta | None, str]] = field(default_factory=list)

    def add(self, charge: Charge) -> None:
        self.memory.state.charges[charge.id] = charge

    def get(self, charge_id: UUID) -> Charge:
        if charge_id not in self.memory.state.charges:
            raise UnknownChargeError(charge_id)
        return self.memory.state.charges[charge_id]

    def of_company(self, company_id: UUID, charge_id: UUID) -> Charge:
        charge = self.get(charge_id)
        if charge.company_id != company_id:
            raise UnknownChargeError(charge_id)
        return charge

    def save(self, charge: Charge) -> None:
        self.memory.state.charges[charge.id] = charge

    def open_attempt(self, charge: Charge, owner: UUID, lease: timedelta) -> None:
        assert charge.id not in self.memory.state.attempts
        self.memory.state.attempts[charge.id] = "open"

    def claim_due(self, owner: UUID, lease: timedelta) -> Attempt | None:
        if not self.due:
            return None
        charge_id = self.due.pop(0)
        return Attempt(charge_id, owner, self.tries.get(charge_id, 0))

    def postpone(self, attempt: Attempt, delay: timedelta | None, *, note: str) -> None:
        self.tries[attempt.charge_id] = attempt.tries + 1
        self.postponed.append((delay, note))
        self.memory.state.attempts[attempt.charge_id] = "operator" if delay is None else "open"

    def settle_attempt(self, charge_id: UUID, note: str) -> None:
        self.memory.state.attempts[charge_id] = "settled"

    def wake_attempt(self, charge_id: UUID) -> None:
        if self.memory.state.attempts.get(charge_id) == "open":
            self.due.append(charge_id)


@dataclass
class InMemoryCancellations:
    """`Cancellations` over the memory's state; `due` are the calls whose wait a test declares over."""

    memory: Memory
    due: list[UUID] = field(default_factory=list)

    def add(self, cancellation: Cancellation) -> None:
        self.memory.state.cancellations[cancellation.id] = cancellation

    def get(self, cancellation_id: UUID) -> Cancellation:
        return self.memory.state.cancellations[cancellation_id]

    def save(self, cancellation: Cancellation) -> None:
        self.memory.state.cancellations[cancellation.id] = cancellation

    def last_of(self, charge_id: UUID) -> Cancellation | None:
        tries = [each for each in self.memory.state.cancellations.values() if each.charge_id == charge_id]
        return max(tries, key=lambda each: each.no, default=None)

    def open_attempt(self, cancellation: Cancellation, owner: UUID, lease: timedelta) -> None:
        self.memory.state.attempts[cancellation.id] = "open"

    def claim_due(self, owner: UUID, lease: timedelta) -> CancelAttempt | None:
        return CancelAttempt(self.due.pop(0), owner, 0) if self.due else None

    def postpone(self, attempt: CancelAttempt, delay: timedelta | None, *, note: str) -> None:
        self.memory.state.attempts[attempt.cancellation_id] = "operator" if delay is None else "open"

    def settle_attempt(self, cancellation_id: UUID, note: str) -> None:
        self.memory.state.attempts[cancellation_id] = "settled"


@dataclass
class ScriptedProvider:
    """Answers what a test scripted, in order, and remembers what it was asked."""

    confirms: list[ProviderAnswer] = field(default_factory=list)
    issues: list[ProviderAnswer] = field(default_factory=list)
    finds: list[ProviderAnswer] = field(default_factory=list)
    cancels: list[ProviderAnswer] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def confirm(self, charge: Charge) -> ProviderAnswer:
        self.asked.append(f"confirm {charge.confirm_key}")
        return self.confirms.pop(0)

    def issue(self, charge: Charge) -> ProviderAnswer:
        self.asked.append(f"issue {charge.issue_key}")
        return self.issues.pop(0)

    def find(self, charge: Charge) -> ProviderAnswer:
        self.asked.append(f"find {charge.provider_order_id}")
        return self.finds.pop(0)

    def cancel(self, charge: Charge, cancellation: Cancellation) -> ProviderAnswer:
        self.asked.append(f"cancel {cancellation.key} {cancellation.payout_krw}")
        return self.cancels.pop(0)

    def hint_in(self, body: bytes) -> Any:
        raise AssertionError("no notice is expected here")
