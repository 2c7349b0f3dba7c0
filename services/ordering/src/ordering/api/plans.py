"""Members' anniversary plans: their owner's alone (ANN-01 … ANN-07)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from http import HTTPStatus
from typing import Protocol
from uuid import UUID

from flask_openapi3 import APIBlueprint
from flask_openapi3.models.tag import Tag

from chassis.access import members
from chassis.idempotency import IdempotencyKeys, idempotency_key, keyed
from chassis.paging import page_of, read_cursor
from ordering.api.plan_models import (
    CalendarQuery,
    EditedPlan,
    NewPlan,
    PlanCard,
    PlanDayAnswer,
    PlanDayList,
    PlanDetail,
    PlanList,
    PlanListQuery,
    PlanPath,
    PlanRecipientAnswer,
    PlanRecipientList,
    SwitchedOn,
    YearCalendar,
)
from ordering.api.problems import BadRecipients
from ordering.api.viewers import viewer
from ordering.application.plan_calendar import coming_days
from ordering.application.plan_ports import PlanRules, PlanViews
from ordering.application.plans import edit_plan, register_plan, seoul_day, switch_off, switch_on
from ordering.application.ports import UnitOfWork
from ordering.domain.errors import RecipientsRefusedError

REGISTER = "register_plan"
NOTICES = (
    "주문 생성 이후 수신자 정보를 수정할 경우 정보가 반영되지 않으므로 기념일 전날까지 수정해 주세요.",
    "기념일을 통해 생성된 주문은 기념일 당일 오전 9시에 발송됩니다.",
    "상품이 중단되거나 가격이 변경되면 기념일 발송이 자동으로 중단됩니다.",
)
"""What the form says: update on the day before, sent at 09:00, stops by itself (ANN-02, ANN-05)."""


class PlanTransaction(Protocol):
    """One transaction for an owner's request."""

    @property
    def uow(self) -> UnitOfWork: ...
    @property
    def plan_views(self) -> PlanViews: ...
    @property
    def keys(self) -> IdempotencyKeys: ...


@dataclass(frozen=True)
class PlanDesk:
    """What the views of plans need."""

    transaction: Callable[[], AbstractContextManager[PlanTransaction]]
    rules: PlanRules


def plans_blueprint(desk: PlanDesk) -> APIBlueprint:
    """The routes that read and switch plans."""
    blueprint = APIBlueprint("plans", __name__, abp_tags=[Tag(name="anniversary plans")])

    @blueprint.get("/v1/anniversary-plans", responses={200: PlanList})
    @members
    def cards(query: PlanListQuery) -> PlanList:
        """The member's own plans as cards, newest first."""
        cursor = read_cursor(query.cursor, UUID)
        with desk.transaction() as transaction:
            found = transaction.plan_views.page(viewer().member_id, cursor[0] if cursor else None, query.limit + 1)
        items, next_cursor = page_of(found, query.limit, key=lambda plan: (plan.plan_id,), show=PlanCard.of)
        return PlanList(items=items, next_cursor=next_cursor)

    @blueprint.get("/v1/anniversary-plans/calendar", responses={200: YearCalendar})
    @members
    def calendar(query: CalendarQuery) -> YearCalendar:
        """The coming sends of a year, of all the member's plans that are on."""
        with desk.transaction() as transaction:
            today = seoul_day(transaction.uow.now())
            year = today.year if query.year is None else query.year
            who, views = viewer().member_id, transaction.plan_views
            days = coming_days(who, year, today, views, desk.rules)
        return YearCalendar.of(year, days)

    @blueprint.get("/v1/anniversary-plans/<uuid:plan_id>", responses={200: PlanDetail})
    @members
    def show(path: PlanPath) -> PlanDetail:
        """One plan, its products with the prices accepted and the present ones."""
        with desk.transaction() as transaction:
            return _detail(path.plan_id, transaction)

    @blueprint.get("/v1/anniversary-plans/<uuid:plan_id>/recipients", responses={200: PlanRecipientList})
    @members
    def recipients(path: PlanPath, query: PlanListQuery) -> PlanRecipientList:
        """Recipients with their next days."""
        cursor = read_cursor(query.cursor, int)
        with desk.transaction() as transaction:
            plan = transaction.plan_views.plan(path.plan_id, viewer().member_id)
            after = cursor[0] if cursor else 0
            found = transaction.plan_views.recipients(plan.plan_id, after, query.limit + 1)
        items, next_cursor = page_of(
            found, query.limit, key=lambda one: (one.recipient.row_no,), show=PlanRecipientAnswer.of
        )
        return PlanRecipientList(items=items, next_cursor=next_cursor)

    @blueprint.get("/v1/anniversary-plans/<uuid:plan_id>/days", responses={200: PlanDayList})
    @members
    def days(path: PlanPath, query: PlanListQuery) -> PlanDayList:
        """What became of the plan's days, newest first: its orders, and why there was none (ANN-09)."""
        cursor = read_cursor(query.cursor, datetime)
        with desk.transaction() as transaction:
            plan = transaction.plan_views.plan(path.plan_id, viewer().member_id)
            found = transaction.plan_views.days(plan.plan_id, cursor[0].date() if cursor else None, query.limit + 1)
        items, next_cursor = page_of(
            found, query.limit, key=lambda one: (_midnight(one[0].day),), show=PlanDayAnswer.of
        )
        return PlanDayList(items=items, next_cursor=next_cursor)

    return blueprint


def plan_changes_blueprint(desk: PlanDesk) -> APIBlueprint:
    """The routes that register, edit and switch plans."""
    blueprint = APIBlueprint("plan_changes", __name__, abp_tags=[Tag(name="anniversary plans")])

    @blueprint.post("/v1/anniversary-plans", responses={201: PlanDetail})
    @members
    @keyed
    def register(body: NewPlan) -> tuple[PlanDetail, int, dict[str, str]]:
        """Register a plan, ON; each recipient's first day comes after today."""
        who = viewer()
        try:
            with desk.transaction() as transaction:
                once = transaction.keys.once(
                    scope=str(who.member_id),
                    key=idempotency_key(),
                    operation=REGISTER,
                    body=body,
                    create=lambda: register_plan(body.draft(who), transaction.uow, transaction.plan_views, desk.rules),
                )
                detail = _detail(once.resource_id, transaction)
        except RecipientsRefusedError as refused:
            raise BadRecipients.of(refused) from None
        return detail, HTTPStatus.CREATED, {"Location": f"/v1/anniversary-plans/{detail.plan_id}"}

    @blueprint.put("/v1/anniversary-plans/<uuid:plan_id>", responses={200: PlanDetail})
    @members
    def edit(path: PlanPath, body: EditedPlan) -> PlanDetail:
        """Give the plan other contents; what was created already goes on as it is (ANN-02)."""
        try:
            with desk.transaction() as transaction:
                edit_plan(path.plan_id, body.version, body.draft(viewer()), transaction.uow, desk.rules)
                return _detail(path.plan_id, transaction)
        except RecipientsRefusedError as refused:
            raise BadRecipients.of(refused) from None

    @blueprint.post("/v1/anniversary-plans/<uuid:plan_id>/on", responses={200: PlanDetail})
    @members
    def turn_on(path: PlanPath, body: SwitchedOn) -> PlanDetail:
        """ON, at prices that the owner accepts; 409 with the present ones when they are others (ANN-05)."""
        seen = {item.offer_id: item.sale_price_krw for item in body.items}
        with desk.transaction() as transaction:
            switch_on(path.plan_id, viewer().member_id, seen, transaction.uow, desk.rules)
            return _detail(path.plan_id, transaction)

    @blueprint.post("/v1/anniversary-plans/<uuid:plan_id>/off", responses={200: PlanDetail})
    @members
    def turn_off(path: PlanPath) -> PlanDetail:
        """OFF; days that pass are not made up for (ANN-04)."""
        with desk.transaction() as transaction:
            switch_off(path.plan_id, viewer().member_id, transaction.uow)
            return _detail(path.plan_id, transaction)

    return blueprint


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _detail(plan_id: UUID, transaction: PlanTransaction) -> PlanDetail:
    plan = transaction.plan_views.plan(plan_id, viewer().member_id)
    offers = {offer.offer_id: offer for offer in transaction.uow.copies.offers([item.offer_id for item in plan.items])}
    return PlanDetail.with_offers(plan, offers, transaction.uow.now(), NOTICES)
