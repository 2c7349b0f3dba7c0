"""Orders in PostgreSQL; lines and coupons go in by COPY."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.orm import Session

from chassis.clock import Clock
from chassis.columns import KeyedHash, encrypt_text
from chassis.database import copy_rows
from chassis.ids import new_id
from ordering.application.ports import (
    Counted,
    OpenOrders,
    OrderHead,
    OrderItem,
    Progress,
    SendingOrder,
    StoppedChoices,
    UnknownOrderError,
)
from ordering.domain.dispatch import DISPATCH_STATES
from ordering.domain.order import ORDER_STATES, Funding, OrderState, OrderStep, OrderType, Tally
from ordering.domain.placement import Placement
from ordering.storage.copies import offers
from ordering.storage.open_orders import count_open
from ordering.storage.order_rows import coupon_rows, item_rows, order_row
from ordering.storage.stopped_choices import find_stopped
from ordering.storage.tables import (
    PHONE_PURPOSE,
    coupons,
    order_items,
    order_lines,
    order_running_number,
    orders,
)

_NUMBERING_LOCK = "ordering.order_running_number"
_LINE_COLUMNS = (
    "id",
    "order_id",
    "line_no",
    "phone",
    "phone_hash",
    "phone_ending_hash",
    "name",
    "company",
    "title",
    "dispatch",
)


class PostgresOrders:
    """`Orders` in the transaction of a session."""

    def __init__(self, session: Session, clock: Clock, keyed_hash: KeyedHash) -> None:
        self._session = session
        self._clock = clock
        self._keyed_hash = keyed_hash

    def next_number(self) -> tuple[int, datetime]:
        """The next running number, and the time of placing: numbers and times grow together (ORD-16).

        Number and time are taken under one lock. It ends with the savepoint and not with the transaction, so that
        large orders do not wait for each other; rolling back gives no number back.
        """
        savepoint = self._session.begin_nested()
        self._session.execute(select(func.pg_advisory_xact_lock(func.hashtext(_NUMBERING_LOCK))))
        running_number = self._session.execute(order_running_number.next_value().select()).scalar_one()
        placed_at = self._clock.now()
        savepoint.rollback()
        return running_number, placed_at

    def add(self, placement: Placement) -> None:
        """Store a pending order with its items, lines and coupons."""
        self._session.execute(insert(orders), [order_row(placement)])
        if placement.items:
            self._session.execute(insert(order_items), list(item_rows(placement)))
        line_ids = [new_id() for _ in placement.recipients]
        copy_rows(self._session, order_lines, _LINE_COLUMNS, self._line_rows(placement, line_ids))
        copy_rows(self._session, coupons, ("line_id", "item_no", "state"), coupon_rows(placement, line_ids))

    def lock(self, order_id: UUID) -> OrderHead:
        """The order, locked. Raises `UnknownOrderError`."""
        row = self._session.execute(select(orders).where(orders.c.id == order_id).with_for_update()).one_or_none()
        if row is None:
            raise UnknownOrderError(str(order_id))
        return _head(row)

    def request_of(self, order_id: UUID) -> UUID | None:
        """The request that placed the order; None when there is no such order."""
        found: UUID | None = self._session.scalar(select(orders.c.correlation_id).where(orders.c.id == order_id))
        return found

    def change_funding(self, order_id: UUID, funding: Funding, at: datetime) -> None:
        """Store what wallet's answer, or giving up, made of a locked order."""
        values: dict[str, Any] = {"state": funding.state.value, "withdrawn_at": funding.withdrawn_at}
        if funding.state is OrderState.SENDING:
            values["started_at"] = at
        if funding.shortfall is not None:
            values |= {
                "shortfall_reason": funding.shortfall.reason,
                "required_krw": funding.shortfall.required_krw,
                "available_krw": funding.shortfall.available_krw,
                "ended_at": at,
            }
        self._change(order_id, values)

    def sending(self, order_id: UUID) -> SendingOrder:
        """What a chunk needs. Raises `UnknownOrderError`."""
        row = self._session.execute(select(orders).where(orders.c.id == order_id)).one_or_none()
        if row is None:
            raise UnknownOrderError(str(order_id))
        items = select(order_items, offers.c.on_sale).outerjoin(offers, offers.c.id == order_items.c.offer_id)
        return SendingOrder(
            order_id=row.id,
            company_id=row.company_id,
            send_title=row.send_title,
            template_id=row.template_id,
            template_version=row.template_version,
            template_variables=tuple(row.template_variables),
            typed_values=row.typed_values,
            default_item_no=row.default_item_no,
            sender_profile_id=row.sender_profile_id,
            items={
                item.item_no: _item(item)
                for item in self._session.execute(items.where(order_items.c.order_id == order_id))
            },
        )

    def count(self, order_id: UUID, counted: Counted) -> Progress:
        """Change the counts, and lock. Raises `UnknownOrderError`."""
        changed = (
            update(orders)
            .where(orders.c.id == order_id)
            .values(
                success=orders.c.success + counted.success,
                failed=orders.c.failed + counted.failed,
                error=orders.c.error + counted.error,
                confirmed_amount_krw=orders.c.confirmed_amount_krw + counted.confirmed_krw,
                version=orders.c.version + 1,
            )
            .returning(orders)
        )
        row = self._session.execute(changed).one_or_none()
        if row is None:
            raise UnknownOrderError(str(order_id))
        return Progress(
            order_id=row.id,
            order_type=OrderType(row.order_type),
            company_id=row.company_id,
            member_id=row.member_id,
            state=OrderState(row.state),
            tally=Tally(row.recipients, row.success, row.failed, row.error),
            confirmed_krw=row.confirmed_amount_krw,
        )

    def step(self, order_id: UUID, step: OrderStep, at: datetime) -> OrderHead | None:
        """Move the order by one conditional update; None when it stands where the step leads nowhere."""
        sources = ORDER_STATES.sources(step)
        target = ORDER_STATES.next(sources[0], step)
        moment = "started_at" if target is OrderState.SENDING else "ended_at"
        moved = (
            update(orders)
            .where(orders.c.id == order_id, orders.c.state.in_([source.value for source in sources]))
            .values({"state": target.value, "version": orders.c.version + 1, moment: at})
            .returning(orders)
        )
        row = self._session.execute(moved).one_or_none()
        if row is None and self._session.execute(select(orders.c.id).where(orders.c.id == order_id)).first() is None:
            raise UnknownOrderError(str(order_id))
        return None if row is None else _head(row)

    def end(self, order_id: UUID, state: OrderState, at: datetime) -> None:
        """Store that a locked order ended."""
        self._change(order_id, {"state": state.value, "ended_at": at})

    def stopped_choices(self, offer_id: UUID) -> Sequence[StoppedChoices]:
        """Orders with this offer that are sent or being sent, with open choices of which nothing can be had."""
        return find_stopped(self._session, offer_id)

    def open_of(self, company_id: UUID, member_id: UUID | None) -> OpenOrders:
        """What is open of a member's orders, or of the whole company's."""
        return count_open(self._session, company_id, member_id)

    def _change(self, order_id: UUID, values: dict[str, Any]) -> None:
        changed = update(orders).where(orders.c.id == order_id)
        self._session.execute(changed.values(version=orders.c.version + 1, **values))

    def _line_rows(self, placement: Placement, line_ids: list[UUID]) -> Iterator[tuple[object, ...]]:
        dispatch = DISPATCH_STATES.initial.value
        for line_no, (line_id, recipient) in enumerate(zip(line_ids, placement.recipients, strict=True), start=1):
            yield (
                line_id,
                placement.order_id,
                line_no,
                encrypt_text(PHONE_PURPOSE, recipient.phone),
                self._keyed_hash.of(recipient.phone),
                self._keyed_hash.ending(recipient.phone),
                recipient.name,
                recipient.company,
                recipient.title,
                dispatch,
            )


def _head(row: Row[Any]) -> OrderHead:
    return OrderHead(
        order_id=row.id,
        company_id=row.company_id,
        member_id=row.member_id,
        recipients=row.recipients,
        pay_amount_krw=row.pay_amount_krw,
        chunk_lines=row.chunk_lines,
        funding=Funding(OrderState(row.state), row.withdrawn_at),
        cart_line_ids=tuple(row.cart_line_ids),
        send_at=row.send_at,
        order_name=row.order_name,
        plan_id=row.plan_id,
        sender_profile_id=row.sender_profile_id,
    )


def _item(row: Row[Any]) -> OrderItem:
    return OrderItem(
        item_no=row.item_no,
        offer_id=row.offer_id,
        sale_price_krw=row.sale_price_krw,
        validity_days=row.validity_days,
        supplier=row.supplier,
        supplier_goods_code=row.supplier_goods_code,
        cash_like=row.cash_like,
        discontinued=row.on_sale is False,
    )
