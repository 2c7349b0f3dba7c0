"""A day begins: the orders of anniversaries are created once each, by the code path of placing (ANN-02 … ANN-09)."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import pytest
from ordering_probe import builders
from ordering_probe.builders import CAKE, COFFEE, COMPANY, MASTER, SUB, funds_refused, funds_reserved
from ordering_probe.plans import PLAN_RULES, PROFILE, a_choice_draft, a_draft, on_days

from chassis.clock import FixedClock
from chassis.database import Database
from chassis.testing.plugin import published
from contracts.catalog import OfferAvailability, OfferPublished
from contracts.event import Event
from contracts.identity import CompanyState, MemberState
from contracts.ordering.dispatches import SenderProfileUsed
from contracts.ordering.orders import OrderPlaced, OrderRejected
from contracts.ordering.plans import PlanDayNear, PlanStopped, PlanStopReason
from contracts.scheduler import DayBegan, SetTimer, TimerFired
from contracts.wallet import RefusalReason
from ordering.application.plan_days import begin_day, make_due_order
from ordering.application.plans import PlanDraft, edit_plan, register_plan, switch_off
from ordering.application.scheduling import start_sending
from ordering.consumers import catalog, scheduler, wallet
from ordering.domain.order import OrderState
from ordering.domain.plan import DayOutcome, Plan, PlanItem, PlanRow
from ordering.storage.plan_views import PostgresPlanViews
from ordering.storage.unit_of_work import PostgresUnitOfWork

Unit = Callable[[], AbstractContextManager[PostgresUnitOfWork]]
EventT = TypeVar("EventT", bound=Event)
FIFTH = date(2026, 3, 5)


class Days:
    """Registers plans, lets days begin, and looks at what was said."""

    def __init__(self, unit: Unit, database: Database, clock: FixedClock) -> None:
        self.unit = unit
        self._database = database
        self._clock = clock

    def register(self, draft: PlanDraft | None = None, **changes: Any) -> UUID:
        with self.unit() as uow:
            return register_plan(draft or a_draft(**changes), uow, self._views(uow), PLAN_RULES)

    def begin(self, day: date, *, hour: int = 2, minute: int = 0) -> int:
        """DayBegan at a time of Seoul; how many days of plans were settled."""
        self._clock.set(datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour - 9, minutes=minute))
        with self.unit() as uow:
            scheduler.day_began(DayBegan(day=day, began_at=self._clock.now()), uow)
        return self.settle()

    def settle(self) -> int:
        settled = 0
        while True:
            with self.unit() as uow:
                if not make_due_order(uow, PLAN_RULES):
                    return settled
            settled += 1

    def said(self, kind: type[EventT]) -> list[EventT]:
        with self._database.transaction() as session:
            return [event for event in published(session) if isinstance(event, kind)]

    def outcomes(self, plan_id: UUID) -> list[tuple[date, DayOutcome, str | None]]:
        """Earliest first."""
        with self.unit() as uow:
            days = self._views(uow).days(plan_id, None, 50)
        return [(day.day, day.outcome, refused or day.reason) for day, refused in reversed(days)]

    def plan(self, plan_id: UUID) -> Plan:
        with self.unit() as uow:
            return self._views(uow).plan(plan_id, MASTER)

    def publish(self, offer: OfferPublished) -> None:
        with self.unit() as uow:
            catalog.offer_published(offer, uow)

    @staticmethod
    def _views(uow: PostgresUnitOfWork) -> PostgresPlanViews:
        return PostgresPlanViews(uow._session)


@pytest.fixture
def days(stocked: Unit, database: Database, fixed_clock: FixedClock) -> Days:
    return Days(stocked, database, fixed_clock)


@pytest.mark.rule("ANN-02")
def test_at_two_one_order_of_all_the_days_recipients_is_placed_for_nine_under_the_plans_name(days: Days) -> None:
    plan_id = days.register(rows=on_days("1990/03/05", "1991/03/05", "1990/03/06"), sender_profile_id=PROFILE)
    assert days.begin(date(2026, 3, 4)) == 0
    assert days.begin(FIFTH) == 1
    (placed,) = days.said(OrderPlaced)
    assert (placed.order_name, placed.recipients, placed.amount_krw) == ("생일 선물", 2, 9_000)
    assert placed.order_number == "CB20260305C0001"
    with days.unit() as uow:
        wallet.funds_reserved(funds_reserved(placed.order_id, 9_000), uow)
        head = uow.orders.lock(placed.order_id)
    assert (head.send_at, head.funding.state) == (datetime(2026, 3, 5, tzinfo=UTC), OrderState.SCHEDULED)
    assert (head.plan_id, head.sender_profile_id) == (plan_id, PROFILE)
    assert days.outcomes(plan_id) == [(FIFTH, DayOutcome.ORDERED, None)]
    assert days.plan(plan_id).next_on == date(2026, 3, 6)


@pytest.mark.rule("ANN-02")
def test_it_comes_again_every_year(days: Days) -> None:
    plan_id = days.register(rows=on_days("1990/03/05"))
    for year in (2026, 2027, 2028):
        assert days.begin(date(year, 3, 5)) == 1
    assert [day for day, *_ in days.outcomes(plan_id)] == [date(year, 3, 5) for year in (2026, 2027, 2028)]
    assert len(days.said(OrderPlaced)) == 3


@pytest.mark.rule("ANN-02", "SCH-02")
def test_a_day_that_is_said_again_orders_nothing_again(days: Days) -> None:
    days.register()
    assert [days.begin(FIFTH), days.begin(FIFTH), days.begin(date(2026, 3, 4))] == [1, 0, 0]
    assert len(days.said(OrderPlaced)) == 1


@pytest.mark.rule("SCH-02")
def test_days_that_were_never_said_are_ordered_late_with_the_next_one_each_by_itself(days: Days) -> None:
    plan_id = days.register(rows=on_days("1990/03/05", "1990/03/06"))
    assert days.begin(date(2026, 3, 7)) == 2
    assert [day for day, *_ in days.outcomes(plan_id)] == [FIFTH, date(2026, 3, 6)]
    with days.unit() as uow:
        assert [uow.orders.lock(placed.order_id).send_at for placed in days.said(OrderPlaced)] == [None, None]


@pytest.mark.rule("ANN-02", "SCH-02")
@pytest.mark.parametrize(
    ("hour", "minute", "send_at"), [(2, 0, "00:00"), (8, 50, "00:00"), (8, 51, "00:10"), (9, 0, None), (15, 0, None)]
)
def test_an_order_is_never_sent_before_nine_and_at_once_when_that_has_passed(
    days: Days, hour: int, minute: int, send_at: str | None
) -> None:
    days.register()
    days.begin(FIFTH, hour=hour, minute=minute)
    (placed,) = days.said(OrderPlaced)
    with days.unit() as uow:
        at = uow.orders.lock(placed.order_id).send_at
    assert (at and f"{at:%H:%M}") == send_at


@pytest.mark.rule("ANN-02")
def test_the_order_uses_the_data_as_it_stands_when_it_is_created(days: Days) -> None:
    plan_id = days.register()
    with days.unit() as uow:
        edit_plan(plan_id, 1, a_draft(order_name="새 이름", items=(PlanItem(CAKE, 9_000),)), uow, PLAN_RULES)
    days.begin(FIFTH)
    with days.unit() as uow:
        edit_plan(plan_id, 2, a_draft(order_name="내년 이름"), uow, PLAN_RULES)
    assert days.settle() == 0
    assert [(placed.order_name, placed.amount_krw) for placed in days.said(OrderPlaced)] == [("새 이름", 9_000)]
    assert days.plan(plan_id).next_on == date(2027, 3, 5)


@pytest.mark.rule("ANN-04")
def test_the_last_orders_are_those_of_the_end_date(days: Days) -> None:
    plan_id = days.register(ends_on=date(2027, 3, 5))
    for year in (2026, 2027, 2028):
        days.begin(date(year, 3, 5))
    assert [day for day, *_ in days.outcomes(plan_id)] == [date(2026, 3, 5), date(2027, 3, 5)]


@pytest.mark.rule("ANN-04")
def test_a_plan_that_is_off_orders_nothing(days: Days) -> None:
    plan_id = days.register()
    with days.unit() as uow:
        switch_off(plan_id, MASTER, uow)
    assert days.begin(FIFTH) == 0


@pytest.mark.rule("ANN-09")
def test_an_order_that_fails_its_checks_is_kept_as_rejected_and_not_tried_again_that_day(days: Days) -> None:
    plan_id = days.register()
    with days.unit() as uow:
        uow.copies.keep_template(builders.a_template(version=2, usable=False))
    assert days.begin(FIFTH) == 1
    (rejected,) = days.said(OrderRejected)
    assert (rejected.plan_id, rejected.order_name, rejected.reason) == (plan_id, "생일 선물", "template_unknown")
    with days.unit() as uow:
        assert uow.orders.lock(rejected.order_id).funding.state is OrderState.REJECTED
        uow.copies.keep_template(builders.a_template(version=3))
    assert [days.begin(FIFTH), days.begin(date(2026, 3, 6))] == [0, 0]
    assert days.outcomes(plan_id) == [(FIFTH, DayOutcome.REJECTED, "template_unknown")]
    assert days.said(OrderPlaced) == []


@pytest.mark.rule("ANN-08", "ANN-09")
@pytest.mark.parametrize("reason", [RefusalReason.BALANCE, RefusalReason.SPENDING_LIMIT])
def test_too_little_money_on_the_day_rejects_the_order_and_says_so_with_the_plan(
    days: Days, reason: RefusalReason
) -> None:
    plan_id = days.register()
    days.begin(FIFTH)
    (placed,) = days.said(OrderPlaced)
    with days.unit() as uow:
        wallet.funds_refused(funds_refused(placed.order_id, reason=reason), uow)
    (rejected,) = days.said(OrderRejected)
    assert (rejected.plan_id, rejected.order_name, rejected.reason) == (plan_id, "생일 선물", reason.value)
    assert days.outcomes(plan_id) == [(FIFTH, DayOutcome.ORDERED, reason.value)]
    assert days.begin(date(2026, 3, 6)) == 0


@pytest.mark.rule("ANN-08")
def test_three_days_before_a_day_its_order_is_said_to_be_near_once(days: Days) -> None:
    plan_id = days.register(a_choice_draft(rows=on_days("1990/03/08", "1991/03/08", "1990/03/09")))
    days.begin(date(2026, 3, 4))
    assert days.said(PlanDayNear) == []
    for day in (FIFTH, FIFTH):
        days.begin(day)
    (near,) = days.said(PlanDayNear)
    assert (near.plan_id, near.day, near.recipients, near.amount_krw) == (plan_id, date(2026, 3, 8), 2, 18_000)
    days.begin(date(2026, 3, 7))
    assert [event.day for event in days.said(PlanDayNear)] == [date(2026, 3, 8), date(2026, 3, 9)]


@pytest.mark.rule("ANN-08")
def test_days_near_of_beginnings_that_were_missed_are_said_with_the_next_one(days: Days) -> None:
    days.register(rows=on_days("1990/03/09", "1990/03/10", "1990/03/11"))
    days.begin(FIFTH)
    days.begin(date(2026, 3, 8))
    assert [event.day.day for event in days.said(PlanDayNear)] == [9, 10, 11]


@pytest.mark.rule("ANN-05")
@pytest.mark.parametrize(
    ("offer", "reason"),
    [
        (builders.an_offer(version=2, price_krw=4_600), PlanStopReason.PRICE_CHANGED),
        (builders.an_offer(version=2, price_krw=4_400), PlanStopReason.PRICE_CHANGED),
        (builders.an_offer(version=2, availability=OfferAvailability.DISCONTINUED), PlanStopReason.DISCONTINUED),
    ],
)
def test_a_plan_stops_when_a_product_of_it_changes_its_price_or_is_discontinued(
    days: Days, offer: OfferPublished, reason: PlanStopReason
) -> None:
    plan_id = days.register(a_choice_draft(sender_profile_id=PROFILE))
    other = days.register(items=(PlanItem(CAKE, 9_000),))
    for _ in range(2):
        days.publish(offer)
    (stopped,) = days.said(PlanStopped)
    assert (stopped.plan_id, stopped.version, stopped.reason) == (plan_id, 2, reason)
    assert (stopped.product_name, stopped.order_name) == ("아이스 아메리카노", "생일 선물")
    assert not days.plan(plan_id).is_on
    assert days.plan(other).is_on
    assert [used.uses for used in days.said(SenderProfileUsed)] == [1, 0]


@pytest.mark.rule("ANN-05")
def test_orders_already_created_go_on_when_their_plan_stops(days: Days) -> None:
    days.register()
    days.begin(FIFTH)
    (placed,) = days.said(OrderPlaced)
    with days.unit() as uow:
        wallet.funds_reserved(funds_reserved(placed.order_id), uow)
    days.publish(builders.an_offer(version=2, price_krw=4_600))
    with days.unit() as uow:
        start_sending(placed.order_id, uow)
        assert uow.orders.lock(placed.order_id).funding.state is OrderState.SENDING


@pytest.mark.rule("ANN-05")
def test_a_price_to_come_stops_the_plan_when_it_begins_and_not_before(days: Days, fixed_clock: FixedClock) -> None:
    begins_at = datetime(2026, 3, 4, tzinfo=UTC)
    plan_id = days.register()
    days.publish(builders.a_repricing(builders.an_offer(), 4_600, begins_at))
    assert days.plan(plan_id).is_on
    (timer,) = [timer for timer in days.said(SetTimer) if timer.key.startswith("price/")]
    assert (timer.key, timer.due_at) == (f"price/{COFFEE}/1", begins_at)
    fixed_clock.set(begins_at)
    fired = TimerFired(
        timer_id=UUID(int=1), asker="ordering", key=timer.key, version=2, due_at=begins_at, fired_at=begins_at
    )
    with days.unit() as uow:
        scheduler.timer_fired(fired, uow)
    assert not days.plan(plan_id).is_on


@pytest.mark.rule("ANN-05")
def test_a_price_that_changed_unheard_stops_the_plan_on_its_day_instead_of_ordering(days: Days) -> None:
    plan_id = days.register()
    with days.unit() as uow:
        uow.copies.keep_offer(builders.an_offer(version=2, price_krw=4_600))
    assert days.begin(FIFTH) == 1
    assert days.outcomes(plan_id) == [(FIFTH, DayOutcome.STOPPED, "price_changed")]
    assert len(days.said(PlanStopped)) == 1
    assert days.said(OrderPlaced) == []


@pytest.mark.rule("IDN-18", "IDN-19")
@pytest.mark.parametrize("state", [MemberState.DORMANT, MemberState.SUSPENDED, MemberState.WITHDRAWAL_REQUESTED])
def test_an_owner_who_may_not_order_for_now_pauses_its_plans(days: Days, state: MemberState) -> None:
    plan_id = days.register(rows=on_days("1990/03/05", "1990/03/06"))
    with days.unit() as uow:
        uow.copies.keep_member(builders.a_member(version=2, state=state))
    days.begin(FIFTH)
    with days.unit() as uow:
        uow.copies.keep_member(builders.a_member(version=3))
    days.begin(date(2026, 3, 6))
    assert days.outcomes(plan_id) == [
        (FIFTH, DayOutcome.OWNER_PAUSED, None),
        (date(2026, 3, 6), DayOutcome.ORDERED, None),
    ]
    assert days.said(OrderRejected) == []


def test_a_suspended_company_pauses_the_plans_of_its_members(days: Days) -> None:
    plan_id = days.register()
    with days.unit() as uow:
        uow.copies.keep_company(builders.a_company(version=2, state=CompanyState.SUSPENDED))
    days.begin(FIFTH)
    assert days.outcomes(plan_id) == [(FIFTH, DayOutcome.OWNER_PAUSED, None)]


@pytest.mark.rule("ANN-02")
def test_a_plan_edited_while_its_day_begins_is_ordered_once_wholly_as_before_or_wholly_as_after(days: Days) -> None:
    plans = [days.register() for _ in range(5)]
    gate = threading.Barrier(2)

    def edit() -> None:
        for plan_id in plans:
            gate.wait()
            with days.unit() as uow:
                draft = a_draft(order_name="바뀐 이름", items=(PlanItem(CAKE, 9_000),))
                edit_plan(plan_id, 1, draft, uow, PLAN_RULES)

    with days.unit() as uow:
        begin_day(FIFTH, uow)
    editing = threading.Thread(target=edit)
    editing.start()
    for _ in plans:
        gate.wait()
        days.settle()
    editing.join()
    days.settle()
    orders = [(placed.order_name, placed.amount_krw) for placed in days.said(OrderPlaced)]
    assert len(orders) == len(plans)
    assert set(orders) <= {("생일 선물", 4_500), ("바뀐 이름", 9_000)}


@pytest.mark.rule("ANN-02", "SCH-02")
def test_several_loops_settle_each_day_once(days: Days) -> None:
    plans = [days.register(member_id=member_id) for member_id in (MASTER, SUB) for _ in range(4)]
    with days.unit() as uow:
        begin_day(FIFTH, uow)
    workers = [threading.Thread(target=days.settle) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(days.said(OrderPlaced)) == len(plans)


def test_a_day_of_ten_thousand_is_one_order(days: Days) -> None:
    rows = tuple(
        PlanRow(row, "1990/03/05" if number % 2 else "1990/03/06")
        for number, row in enumerate(builders.many_rows(10_000))
    )
    plan_id = days.register(rows=rows)
    assert days.begin(FIFTH) == 1
    (placed,) = days.said(OrderPlaced)
    assert (placed.recipients, placed.amount_krw, placed.company_id) == (5_000, 22_500_000, COMPANY)
    assert days.plan(plan_id).next_on == date(2026, 3, 6)
