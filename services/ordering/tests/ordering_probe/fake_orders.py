"""Orders in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from contracts.catalog import OfferAvailability, OfferPublished
from ordering.application.ports import (
    Counted,
    OrderHead,
    OrderItem,
    Progress,
    SendingOrder,
    StoppedChoices,
    UnknownOrderError,
)
from ordering.application.sending_ports import CouponChange
from ordering.domain.coupon import COUPON_STATES, CouponState
from ordering.domain.order import ORDER_STATES, Funding, OrderState, OrderStep, OrderType, Tally
from ordering.domain.placement import Placement
from ordering.domain.prices import Offer, TimedPrice
from ordering_probe.stored import StoredLine, StoredOrder

if TYPE_CHECKING:
    from ordering_probe.fakes import Memory


class FakeOrders:
    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def next_number(self) -> tuple[int, datetime]:
        self._memory.running_number += 1
        return self._memory.running_number, self._memory.now()

    def add(self, placement: Placement) -> None:
        self._memory.stored[placement.order_id] = StoredOrder(placement, tally=Tally(len(placement.recipients)))
        for line_no, recipient in enumerate(placement.recipients, start=1):
            line_id = uuid4()
            self._memory.stored_lines[line_id] = StoredLine(
                placement.order_id, line_no, recipient.phone, recipient.name, recipient.company
            )
            if placement.default_item_no is not None:
                awaited = CouponChange(line_id, placement.default_item_no, CouponState.AWAITING_CHOICE)
                self._memory.stored_coupons[line_id, awaited.item_no] = awaited
                continue
            for item in placement.items:
                coupon = CouponChange(line_id, item.item_no, COUPON_STATES.initial)
                self._memory.stored_coupons[line_id, item.item_no] = coupon

    def lock(self, order_id: UUID) -> OrderHead:
        order = self._found(order_id)
        return OrderHead(
            order_id=order_id,
            company_id=order.placement.company_id,
            member_id=order.placement.member_id,
            recipients=len(order.placement.recipients),
            pay_amount_krw=order.placement.figures.pay_amount_krw,
            chunk_lines=order.placement.chunk_lines,
            funding=order.funding,
            cart_line_ids=order.placement.cart_line_ids,
            send_at=order.placement.send_at,
        )

    def change_funding(self, order_id: UUID, funding: Funding, at: datetime) -> None:  # noqa: ARG002 - the port has it
        self._found(order_id).funding = funding

    def sending(self, order_id: UUID) -> SendingOrder:
        placement = self._found(order_id).placement
        return SendingOrder(
            order_id=order_id,
            company_id=placement.company_id,
            send_title=placement.send_title,
            template_id=placement.template.template_id,
            template_version=placement.template.version,
            template_variables=placement.template.variables,
            typed_values=placement.typed_values,
            default_item_no=placement.default_item_no,
            items={
                item.item_no: OrderItem(
                    item_no=item.item_no,
                    offer_id=item.offer.offer_id,
                    sale_price_krw=item.sale_price_krw,
                    validity_days=item.offer.validity_days,
                    supplier=item.offer.supplier,
                    supplier_goods_code=item.offer.supplier_goods_code,
                    cash_like=item.offer.cash_like,
                    discontinued=not offer_of(self._memory.published_offers[item.offer.offer_id]).on_sale,
                )
                for item in placement.items
            },
        )

    def count(self, order_id: UUID, counted: Counted) -> Progress:
        order = self._found(order_id)
        order.tally = Tally(
            order.tally.recipients,
            order.tally.success + counted.success,
            order.tally.failed + counted.failed,
            order.tally.error + counted.error,
        )
        order.confirmed_krw += counted.confirmed_krw
        return Progress(
            order_id=order_id,
            order_type=OrderType(order.placement.order_type),
            company_id=order.placement.company_id,
            member_id=order.placement.member_id,
            state=order.funding.state,
            tally=order.tally,
            confirmed_krw=order.confirmed_krw,
        )

    def step(self, order_id: UUID, step: OrderStep, at: datetime) -> OrderHead | None:  # noqa: ARG002 - the port has it
        order = self._found(order_id)
        if not ORDER_STATES.allows(order.funding.state, step):
            return None
        order.funding = replace(order.funding, state=ORDER_STATES.next(order.funding.state, step))
        return self.lock(order_id)

    def stopped_choices(self, offer_id: UUID) -> Sequence[StoppedChoices]:
        return [found for order_id in self._memory.stored if (found := self._stopped(order_id, offer_id))]

    def _stopped(self, order_id: UUID, offer_id: UUID) -> StoppedChoices | None:
        order = self._memory.stored[order_id]
        placement = order.placement
        awaiting = sum(
            coupon.state is CouponState.AWAITING_CHOICE and self._memory.stored_lines[line_id].order_id == order_id
            for (line_id, _), coupon in self._memory.stored_coupons.items()
        )
        is_told = order.funding.state in {OrderState.SENDING, OrderState.SENT}
        has_offer = any(item.offer.offer_id == offer_id for item in placement.items)
        if not (awaiting and is_told and has_offer) or self.sending(order_id).prices_left:
            return None
        each_krw = placement.figures.pay_amount_krw // len(placement.recipients)
        return StoppedChoices(
            order_id=order_id,
            company_id=placement.company_id,
            member_id=placement.member_id,
            order_number=placement.order_number,
            order_name=placement.order_name,
            recipients=awaiting,
            amount_krw=awaiting * each_krw,
        )

    def end(self, order_id: UUID, state: OrderState, at: datetime) -> None:  # noqa: ARG002 - the port has it
        order = self._found(order_id)
        order.funding = replace(order.funding, state=state)

    def _found(self, order_id: UUID) -> StoredOrder:
        try:
            return self._memory.stored[order_id]
        except KeyError:
            raise UnknownOrderError(str(order_id)) from None


def offer_of(said: OfferPublished) -> Offer:
    """An offer as catalog said it."""
    return Offer(
        offer_id=said.offer_id,
        product_id=said.product_id,
        brand_name=said.brand_name,
        product_name=said.product_name,
        notice=said.notice,
        image_path=said.image_path,
        validity_days=said.validity_days,
        face_price_krw=said.face_price_krw,
        prices=tuple(TimedPrice(price.sale_price_krw, price.effective_at) for price in said.prices),
        on_sale=said.availability is OfferAvailability.ON_SALE,
        cash_like=said.cash_like,
        night_restricted=said.night_restricted,
        single_recipient=said.single_recipient,
        supplier=said.supplier,
        supplier_goods_code=said.supplier_goods_code,
    )
