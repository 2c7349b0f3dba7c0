"""A state machine as a table that code, documents and tests share."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Generic, TypeVar

StateT = TypeVar("StateT", bound=StrEnum)
StepT = TypeVar("StepT", bound=StrEnum)


class StepRefusedError(Exception):
    """The subject is in a state from which the step does not lead anywhere."""

    def __init__(self, subject: str, state: StrEnum, step: StrEnum) -> None:
        super().__init__(f"{subject} in {state} does not take {step}")
        self.subject = subject
        self.state = state
        self.step = step


@dataclass(frozen=True)
class StateTable(Generic[StateT, StepT]):
    """Where each step leads from each state; whatever is not in the table is refused."""

    subject: str
    initial: StateT
    moves: Mapping[tuple[StateT, StepT], StateT]

    @cached_property
    def _left(self) -> frozenset[StateT]:
        return frozenset(state for state, _ in self.moves)

    def next(self, state: StateT, step: StepT) -> StateT:
        """The state after the step. Raises `StepRefusedError`."""
        try:
            return self.moves[state, step]
        except KeyError:
            raise StepRefusedError(self.subject, state, step) from None

    def allows(self, state: StateT, step: StepT) -> bool:
        """Whether the step leads anywhere from the state."""
        return (state, step) in self.moves

    def sources(self, step: StepT) -> tuple[StateT, ...]:
        """The states from which the step leads somewhere, for conditional updates."""
        return tuple(state for state, known in self.moves if known is step)

    def is_final(self, state: StateT) -> bool:
        """Whether no step leads away from the state."""
        return state not in self._left
