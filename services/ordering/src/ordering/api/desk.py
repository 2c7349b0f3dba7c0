"""What the views work with: transactions, and the numbers that they are bounded by."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from chassis.idempotency import IdempotencyKeys
from chassis.waiting import LongPolls
from ordering.application.choosing import ChoosingUnit
from ordering.application.ports import UnitOfWork
from ordering.application.queries import OrderViews
from ordering.application.statements import StatingUnit
from ordering.domain.limits import PlacingRules


class StatingUnitOfWork(UnitOfWork, StatingUnit, Protocol):
    """A unit of work in which statements can be made too."""


class MemberTransaction(Protocol):
    """One transaction for a member's request."""

    @property
    def uow(self) -> StatingUnitOfWork: ...
    @property
    def views(self) -> OrderViews: ...
    @property
    def keys(self) -> IdempotencyKeys: ...


@dataclass(frozen=True)
class MemberDesk:
    """What members' views need."""

    transaction: Callable[[], AbstractContextManager[MemberTransaction]]
    rules: PlacingRules
    polls: LongPolls
    placing_wait_seconds: float
    poll_wait_seconds_max: float


@dataclass(frozen=True)
class RecipientDesk:
    """What recipients' views need."""

    transaction: Callable[[], AbstractContextManager[ChoosingUnit]]
    proof_seconds: float
    resend_seconds: int
    polls: LongPolls
    standing_again_seconds: float
    standing_wait_seconds: float
