"""What turns plans off without their owner: prices, discontinued products, a withdrawal (ANN-05)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.catalog import OfferPublished
from contracts.ordering.plans import PlanStopped, PlanStopReason
from contracts.scheduler import SetTimer
from ordering.application.placing import SERVICE
from ordering.application.ports import UnitOfWork
from ordering.application.profile_uses import use_profile
from ordering.domain.errors import OfferNotOnSaleError
from ordering.domain.plan import Plan, StopReason
from ordering.domain.prices import Offer

PRICE_TIMER = "price/"
"""What the key of a timer begins with whose offer gets another price then; the offer's id follows, and a number."""


@dataclass(frozen=True)
class Stop:
    """Why a plan stops, and by which product."""

    reason: StopReason
    product_name: str


def stop_of(plan: Plan, uow: UnitOfWork) -> Stop | None:
    """The first product of the plan that is not to be had at the accepted price any more; None while all are."""
    offers = {offer.offer_id: offer for offer in uow.copies.offers([item.offer_id for item in plan.items])}
    at = uow.now()
    for item in plan.items:
        offer = offers.get(item.offer_id)
        present_krw = None if offer is None or not offer.on_sale else _price_krw(offer, at)
        if present_krw != item.accepted_krw:
            reason = StopReason.DISCONTINUED if present_krw is None else StopReason.PRICE_CHANGED
            return Stop(reason, "" if offer is None else offer.product_name)
    return None


def stop_plan(plan: Plan, stop: Stop, uow: UnitOfWork) -> None:
    """Turn a locked plan off, and tell its owner why. Orders already created go on."""
    stopped = plan.off(stop.reason, stop.product_name)
    uow.plans.save(stopped)
    use_profile(plan.company_id, plan.sender_profile_id, -1, uow)
    uow.outbox.add(
        PlanStopped(
            plan_id=stopped.plan_id,
            version=stopped.version,
            company_id=stopped.company_id,
            member_id=stopped.member_id,
            order_name=stopped.order_name,
            reason=PlanStopReason(stop.reason.value),
            product_name=stop.product_name,
            stopped_at=uow.now(),
        )
    )


def stop_plans_of_offer(offer_id: UUID, uow: UnitOfWork) -> None:
    """Stop the plans that use the offer and whose owners accepted another price, or nothing that is to be had."""
    for plan in uow.plans.using(offer_id):
        stop = stop_of(plan, uow)
        if stop is not None:
            stop_plan(plan, stop, uow)


def follow_offer(event: OfferPublished, uow: UnitOfWork) -> None:
    """Stop plans by the offer's present state, and look again when each of its prices to come begins."""
    stop_plans_of_offer(event.offer_id, uow)
    now = uow.now()
    uow.outbox.add_all(
        SetTimer(
            asker=SERVICE,
            key=f"{PRICE_TIMER}{event.offer_id}/{position}",
            version=event.version,
            due_at=price.effective_at,
        )
        for position, price in enumerate(event.prices)
        if price.effective_at > now
    )


def end_plans_of(member_id: UUID, uow: UnitOfWork) -> None:
    """The owner withdrew: its plans are off for good, and whom they were for is forgotten."""
    for plan in uow.plans.owned_by(member_id):
        if plan.is_on:
            use_profile(plan.company_id, plan.sender_profile_id, -1, uow)
        if plan.stop_reason is not StopReason.OWNER_WITHDREW:
            uow.plans.save(plan.off(StopReason.OWNER_WITHDREW))
            uow.plans.forget_recipients(plan.plan_id)


def _price_krw(offer: Offer, at: datetime) -> int | None:
    try:
        return offer.sale_price_krw_at(at)
    except OfferNotOnSaleError:
        return None
