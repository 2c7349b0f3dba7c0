"""Captures in memory: no month is ever closed."""

from dataclasses import dataclass
from typing import Any, Protocol

from wallet.domain.issuing import Capture


class Memory(Protocol):
    """Whatever holds the state of a test."""

    state: Any


@dataclass
class InMemoryIssuingMonths:
    """`IssuingMonths` over the memory's state, as far as the use cases of the ledger machine go."""

    memory: Memory

    def add(self, capture: Capture) -> None:
        assert capture.chunk not in [kept.chunk for kept in self.memory.state.captures]
        self.memory.state.captures.append(capture)
