"""Registering, editing and switching anniversary plans on PostgreSQL."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from ordering_probe import builders
from ordering_probe.builders import COFFEE, MASTER, SUB
from ordering_probe.plans import PLAN_RULES, PROFILE, TODAY, a_choice_draft, a_draft, on_days

from chassis.clock import FixedClock
from chassis.database import Database
from chassis.testing.plugin import published
from contracts.catalog import OfferAvailability
from contracts.identity import MemberState
from contracts.ordering.dispatches import SenderProfileUsed
from ordering.application.plans import PlanDraft, edit_plan, register_plan, switch_off, switch_on
from ordering.consumers.identity import member_state_changed
from ordering.domain.errors import (
    OfferNotOnSaleError,
    ProductsCountError,
    RecipientsRefusedError,
    TemplateUnknownError,
    TermsNotAgreedError,
)
from ordering.domain.line import Row
from ordering.domain.plan import Plan, PlanItem, PlanRow, PlanState, StopReason
from ordering.domain.plan_errors import (
    PlanChangedError,
    PlanEndPastError,
    PlanPricesChangedError,
    PlansCountError,
    PlanUnknownError,
)
from ordering.storage.plan_views import PostgresPlanViews
from ordering.storage.unit_of_work import PostgresUnitOfWork

Unit = Callable[[], AbstractContextManager[PostgresUnitOfWork]]
Register = Callable[..., UUID]


@pytest.fixture
def register(database: Database, stocked: Unit) -> Register:
    """Registers a plan that differs from a good one by what is given."""

    def act(draft: PlanDraft | None = None, **changes: Any) -> UUID:
        with stocked() as uow:
            return register_plan(draft or a_draft(**changes), uow, PostgresPlanViews(uow._session), PLAN_RULES)

    return act


def plan_of(unit: Unit, plan_id: UUID, member_id: UUID = MASTER) -> Plan:
    with unit() as uow:
        return uow.plans.lock(plan_id, member_id)


def next_days(unit: Unit, plan_id: UUID) -> list[date | None]:
    with unit() as uow:
        return [one.next_on for one in uow.plans.recipients(plan_id)]


@pytest.mark.rule("ANN-01")
def test_a_registered_plan_is_on_and_each_recipients_first_day_comes_after_today(
    register: Register, unit: Unit
) -> None:
    plan_id = register(rows=on_days("1990/03/05", "1990/03/02", "1990/03/01", "2028/03/03"))
    plan = plan_of(unit, plan_id)
    assert (plan.state, plan.recipients, plan.each_pay_krw, plan.next_on) == (PlanState.ON, 4, 4_500, date(2026, 3, 5))
    assert next_days(unit, plan_id) == [date(2026, 3, 5), date(2027, 3, 2), date(2027, 3, 1), date(2028, 3, 3)]


@pytest.mark.rule("ANN-01", "ANN-03")
def test_recipients_may_have_lunar_days(register: Register, unit: Unit) -> None:
    assert next_days(unit, register(rows=on_days("1990/01/15", calendar="음력"))) == [date(2026, 3, 3)]
    assert next_days(unit, register(rows=on_days("2020/04/01", calendar="lunar_leap"))) == [date(2026, 5, 17)]


@pytest.mark.rule("ANN-01")
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"items": (PlanItem(COFFEE, 4_400),)}, PlanPricesChangedError),
        ({"items": (PlanItem(MASTER, 4_500),)}, OfferNotOnSaleError),
        ({"items": ()}, ProductsCountError),
        ({"template_id": MASTER}, TemplateUnknownError),
        ({"agreed_terms": False}, TermsNotAgreedError),
        ({"ends_on": TODAY}, PlanEndPastError),
        ({"rows": on_days("1990/03/05") * 2}, RecipientsRefusedError),
    ],
)
def test_a_plan_that_could_not_be_ordered_is_refused_and_nothing_is_stored(
    register: Register, unit: Unit, changes: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        register(**changes)
    with unit() as uow:
        assert uow.plans.owned_by(MASTER) == []


@pytest.mark.rule("ANN-01", "ORD-11")
def test_every_bad_row_is_told_with_its_column(register: Register) -> None:
    rows = (
        PlanRow(Row("01000000001", "하나"), "1990/02/30"),
        PlanRow(Row("0200000000", "둘"), "1990/03/05"),
        PlanRow(Row("01000000003", "셋")),
        PlanRow(Row("01000000004", "넷"), "1990/03/05", "부활절"),
        PlanRow(Row(""), ""),
        PlanRow(Row(""), "1990/03/05"),
        PlanRow(Row("01000000007", "일곱"), "1990/03/05"),
    )
    with pytest.raises(RecipientsRefusedError) as refused:
        register(rows=rows)
    assert [(row.row_no, row.field, row.code) for row in refused.value.rows] == [
        (1, "anniversary", "anniversary_invalid"),
        (2, "phone", "phone_invalid"),
        (3, "anniversary", "anniversary_missing"),
        (4, "calendar", "calendar_unknown"),
        (6, "phone", "phone_missing"),
    ]


@pytest.mark.rule("ANN-04")
def test_days_after_the_end_date_do_not_come_and_the_end_date_itself_does(register: Register, unit: Unit) -> None:
    plan_id = register(rows=on_days("1990/03/05", "1990/03/06"), ends_on=date(2026, 3, 5))
    assert next_days(unit, plan_id) == [date(2026, 3, 5), None]


def test_a_member_has_a_bounded_number_of_plans(register: Register) -> None:
    for _ in range(5):
        register()
    with pytest.raises(PlansCountError):
        register()


@pytest.mark.rule("ANN-07")
def test_a_plan_is_nobodys_but_its_owners_also_not_the_masters(register: Register, unit: Unit) -> None:
    plan_id = register(member_id=SUB)
    for act in (
        lambda uow: switch_off(plan_id, MASTER, uow),
        lambda uow: switch_on(plan_id, MASTER, {}, uow, PLAN_RULES),
        lambda uow: edit_plan(plan_id, 1, a_draft(), uow, PLAN_RULES),
        lambda uow: PostgresPlanViews(uow._session).plan(plan_id, MASTER),
    ):
        with pytest.raises(PlanUnknownError), unit() as uow:
            act(uow)
    assert plan_of(unit, plan_id, SUB).is_on


@pytest.mark.rule("ANN-02")
def test_an_edited_plan_keeps_the_day_of_who_was_in_it_and_newcomers_begin_after_today(
    register: Register, unit: Unit, fixed_clock: FixedClock
) -> None:
    plan_id = register(rows=on_days("1990/03/05", "1990/03/07"))
    fixed_clock.advance(timedelta(days=2, hours=16))  # 01:00 on 5 March: before the day's order is created.
    newcomer = PlanRow(Row("01000009999", "새로"), "1990/03/05")
    with unit() as uow:
        edit_plan(plan_id, 1, a_draft(rows=(*on_days("1990/03/05", "1990/03/08"), newcomer)), uow, PLAN_RULES)
    assert next_days(unit, plan_id) == [date(2026, 3, 5), date(2026, 3, 8), date(2027, 3, 5)]
    plan = plan_of(unit, plan_id)
    assert (plan.version, plan.recipients, plan.next_on) == (2, 3, date(2026, 3, 5))


def test_an_edit_of_something_older_is_refused(register: Register, unit: Unit) -> None:
    plan_id = register()
    with unit() as uow:
        edit_plan(plan_id, 1, a_draft(order_name="다른 이름"), uow, PLAN_RULES)
    with pytest.raises(PlanChangedError) as refused, unit() as uow:
        edit_plan(plan_id, 1, a_draft(), uow, PLAN_RULES)
    assert refused.value.version == 2
    assert plan_of(unit, plan_id).order_name == "다른 이름"


@pytest.mark.rule("ANN-04")
def test_days_passed_while_off_are_not_made_up_for(register: Register, unit: Unit, fixed_clock: FixedClock) -> None:
    plan_id = register(rows=on_days("1990/03/05", "1990/04/05"))
    with unit() as uow:
        switch_off(plan_id, MASTER, uow)
        switch_off(plan_id, MASTER, uow)
    fixed_clock.advance(timedelta(days=10))
    with unit() as uow:
        uow.plans.begin_day(date(2026, 3, 12))
        assert uow.plans.claim_due() is None
        switch_on(plan_id, MASTER, {}, uow, PLAN_RULES)
    assert next_days(unit, plan_id) == [date(2027, 3, 5), date(2026, 4, 5)]


@pytest.mark.rule("ANN-05")
def test_turning_on_needs_the_present_prices_of_every_product(register: Register, unit: Unit) -> None:
    plan_id = register(a_choice_draft())
    with unit() as uow:
        switch_off(plan_id, MASTER, uow)
        uow.copies.keep_offer(builders.an_offer(version=2, price_krw=4_000))
    with pytest.raises(PlanPricesChangedError) as refused, unit() as uow:
        switch_on(plan_id, MASTER, {}, uow, PLAN_RULES)
    assert refused.value.prices_krw == {str(COFFEE): 4_000, str(builders.CAKE): 9_000}
    with unit() as uow:
        switch_on(plan_id, MASTER, {COFFEE: 4_000}, uow, PLAN_RULES)
    plan = plan_of(unit, plan_id)
    assert plan.is_on
    assert [item.accepted_krw for item in plan.items] == [4_000, 9_000]


@pytest.mark.rule("ANN-05")
def test_what_is_discontinued_has_to_be_replaced_before_turning_on(register: Register, unit: Unit) -> None:
    plan_id = register()
    gone = builders.an_offer(version=2, availability=OfferAvailability.DISCONTINUED)
    with unit() as uow:
        switch_off(plan_id, MASTER, uow)
        uow.copies.keep_offer(gone)
    with pytest.raises(OfferNotOnSaleError), unit() as uow:
        switch_on(plan_id, MASTER, {COFFEE: 4_500}, uow, PLAN_RULES)
    with unit() as uow:
        edit_plan(plan_id, 2, a_draft(items=(PlanItem(builders.CAKE, 9_000),)), uow, PLAN_RULES)
        switch_on(plan_id, MASTER, {}, uow, PLAN_RULES)
    assert plan_of(unit, plan_id).each_pay_krw == 9_000


@pytest.mark.rule("IDN-20")
def test_who_withdrew_has_no_plans_any_more_and_whom_they_were_for_is_forgotten(
    register: Register, unit: Unit, database: Database
) -> None:
    plan_id = register(sender_profile_id=PROFILE)
    withdrawn = builders.a_member(version=2, state=MemberState.WITHDRAWN)
    for _ in range(2):
        with unit() as uow:
            member_state_changed(withdrawn, uow)
    plan = plan_of(unit, plan_id)
    assert (plan.state, plan.stop_reason, plan.next_on) == (PlanState.OFF, StopReason.OWNER_WITHDREW, None)
    assert next_days(unit, plan_id) == []
    assert uses_said(database) == [(1, 1), (2, 0)]


@pytest.mark.rule("MSG-03")
def test_active_plans_count_as_uses_of_their_sender_profile(register: Register, unit: Unit, database: Database) -> None:
    first, second = register(sender_profile_id=PROFILE), register(sender_profile_id=PROFILE)
    with unit() as uow:
        switch_off(first, MASTER, uow)
        edit_plan(second, 1, a_draft(order_name="그대로", sender_profile_id=PROFILE), uow, PLAN_RULES)
        edit_plan(second, 2, a_draft(), uow, PLAN_RULES)
        switch_on(first, MASTER, {}, uow, PLAN_RULES)
    assert uses_said(database) == [(1, 1), (2, 2), (3, 1), (4, 0), (5, 1)]


def uses_said(database: Database) -> list[tuple[int, int]]:
    """Versions with the numbers that they said."""
    with database.transaction() as session:
        said = [event for event in published(session) if isinstance(event, SenderProfileUsed)]
    return [(event.version, event.uses) for event in said]
