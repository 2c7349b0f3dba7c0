"""What anniversary plans need of their storage."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from ordering.domain.anniversary import CalendarKind, LunarCalendar
from ordering.domain.limits import PlacingRules
from ordering.domain.plan import Plan, PlanDay, PlanRecipient


@dataclass(frozen=True)
class PlanRules:
    """What plans are judged by: as orders are, and by the almanac."""

    placing: PlacingRules
    lunar: LunarCalendar
    plans_max: int


@dataclass(frozen=True)
class NearDay:
    """A day of a plan that is on, and how many recipients it has."""

    plan: Plan
    day: date
    recipients: int


@dataclass(frozen=True)
class YearlyDay:
    """How many recipients of a plan have the same day of the same calendar, and their first year."""

    plan_id: UUID
    year: int
    month: int
    day: int
    calendar: CalendarKind
    recipients: int


class Plans(Protocol):
    """The plans."""

    def add(self, plan: Plan, recipients: Sequence[PlanRecipient]) -> None:
        """Store a new plan."""

    def lock(self, plan_id: UUID, member_id: UUID) -> Plan:
        """The plan of its owner, locked. Raises `PlanUnknownError`, also for another's plan (ANN-07)."""

    def save(self, plan: Plan) -> None:
        """Store a locked plan and its items."""

    def replace_recipients(self, plan_id: UUID, recipients: Sequence[PlanRecipient]) -> None:
        """Store other recipients instead of the present ones, and the plan's next day."""

    def recipients(self, plan_id: UUID) -> Sequence[PlanRecipient]:
        """All recipients, in order."""

    def due(self, plan_id: UUID, day: date) -> Sequence[PlanRecipient]:
        """The recipients whose next day it is, in order."""

    def move(self, plan_id: UUID, next_days: Mapping[int, date | None]) -> None:
        """Store the next days of recipients by their row numbers, and the plan's."""

    def begin_day(self, day: date) -> date | None:
        """Store that a day began; the last one that began before, None at the first. An earlier day is no news."""

    def claim_due(self) -> Plan | None:
        """A plan that is on and has a day up to the last that began: the earliest, locked and skipped by others."""

    def note_day(self, day: PlanDay) -> None:
        """Keep what became of a plan's day. A second one of the same day is an error of the database."""

    def near(self, first: date, last: date) -> Sequence[NearDay]:
        """Days within a span, both included, of plans that are on."""

    def using(self, offer_id: UUID) -> Sequence[Plan]:
        """Plans that are on and use the offer, locked, in order of their ids."""

    def owned_by(self, member_id: UUID) -> Sequence[Plan]:
        """Plans of the member, locked, in order of their ids."""

    def forget_recipients(self, plan_id: UUID) -> None:
        """Delete a plan's recipients for good."""


class SenderProfileUses(Protocol):
    """How many scheduled orders and active plans of a company go out by a sender profile."""

    def change(self, company_id: UUID, profile_id: UUID, by: int) -> tuple[int, int]:
        """Change the number; what it is now, and the version of that."""


class PlanViews(Protocol):
    """What an owner sees of plans; each read is one statement."""

    def count(self, member_id: UUID) -> int:
        """How many plans the member has."""

    def page(self, member_id: UUID, before: UUID | None, limit: int) -> Sequence[Plan]:
        """The member's plans, newest first."""

    def coming(self, member_id: UUID, limit: int) -> Sequence[Plan]:
        """The member's plans that are on and have a day to come, the nearest first."""

    def plan(self, plan_id: UUID, member_id: UUID) -> Plan:
        """One plan of its owner. Raises `PlanUnknownError`."""

    def recipients(self, plan_id: UUID, after_row_no: int, limit: int) -> Sequence[PlanRecipient]:
        """A page of recipients."""

    def days(self, plan_id: UUID, before: date | None, limit: int) -> Sequence[tuple[PlanDay, str | None]]:
        """What became of days, newest first, each with the reason for which its order was rejected."""

    def yearly(self, member_id: UUID) -> Iterator[YearlyDay]:
        """The distinct days of the member's plans that are on."""
