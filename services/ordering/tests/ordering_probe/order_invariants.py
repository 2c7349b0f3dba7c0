"""What holds of orders at every moment, whatever happened (WAL-12, WAL-18, ORD-32, ORD-33)."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from hypothesis.stateful import invariant

from contracts.ordering.coupons import CouponsFailed, CouponsIssued, CouponsRevoked
from contracts.ordering.dispatches import DispatchPurpose, DispatchRequested
from contracts.ordering.orders import OrderCancelled, OrderPlaced, OrderSent
from ordering.domain.coupon import COUPON_STATES, CouponState
from ordering.domain.dispatch import DISPATCH_STATES
from ordering.domain.order import ORDER_STATES, OrderState
from ordering.domain.state_table import StateTable
from ordering_probe.fakes import Memory
from ordering_probe.suppliers import ScriptedSupplier


class OrderInvariants:
    """To be mixed into a machine that drives orders; `closed` holds each closed month's end and its coupons."""

    memory: Memory
    supplier: ScriptedSupplier
    before: dict[tuple[str, object], object]
    closed: list[tuple[datetime, set[str]]]

    @invariant()
    def money_adds_up(self) -> None:
        """Captured, paid back and still reserved are the order's amount (WAL-18)."""
        spent: dict[UUID, int] = defaultdict(int)
        reserved: dict[UUID, int] = {}
        for event in self.memory.said:
            match event:
                case OrderPlaced():
                    reserved[event.order_id] = event.amount_krw
                case CouponsIssued():
                    spent[event.order_id] += event.amount_krw + event.difference_krw
                case CouponsFailed() | OrderCancelled():
                    spent[event.order_id] += event.amount_krw
        for order_id, amount_krw in reserved.items():
            open_krw = 0
            if self.memory.stored[order_id].funding.state not in {OrderState.REJECTED, OrderState.CANCELLED}:
                order = self.memory.orders.sending(order_id)
                open_krw = sum(
                    order.held_krw(item_no)
                    for (line_id, item_no), coupon in self.memory.stored_coupons.items()
                    if self.memory.stored_lines[line_id].order_id == order_id
                    and coupon.state in {CouponState.WAITING, CouponState.AWAITING_CHOICE}
                )
                assert spent[order_id] + open_krw == amount_krw
            else:
                assert spent[order_id] in {0, amount_krw}

    @invariant()
    def what_is_confirmed_is_what_recipients_hold_and_what_was_revoked_was_said_once(self) -> None:
        held: dict[UUID, int] = defaultdict(int)
        revoked: dict[UUID, int] = defaultdict(int)
        for (line_id, item_no), coupon in self.memory.stored_coupons.items():
            order_id = self.memory.stored_lines[line_id].order_id
            price_krw = self.memory.orders.sending(order_id).items[item_no].sale_price_krw
            if coupon.state is CouponState.ISSUED:
                held[order_id] += price_krw
            if coupon.state is CouponState.REVOKED:
                revoked[order_id] += price_krw
        for order_id, order in self.memory.stored.items():
            assert order.confirmed_krw == held[order_id]
            said = [one for one in self.memory.said if isinstance(one, CouponsRevoked) and one.order_id == order_id]
            assert sum(one.amount_krw for one in said) == revoked[order_id]
            assert sum(month.amount_krw for one in said for month in one.months) == revoked[order_id]

    @invariant()
    def a_closed_month_never_changes(self) -> None:
        for ends_at, numbers in self.closed:
            assert self.numbers_before(ends_at) == numbers

    @invariant()
    def no_coupon_is_issued_twice_and_none_is_lost(self) -> None:
        """Every number that a recipient has lives at the supplier, under one key, and no two have the same (ORD-33)."""
        numbers = [coupon.number for coupon in self.memory.stored_coupons.values() if coupon.number]
        assert len(numbers) == len(set(numbers))
        usable = {
            coupon.number
            for key, coupon in self.memory.stored_coupons.items()
            if coupon.state is CouponState.ISSUED and not self.memory.revocations.is_open(key)
        }
        assert usable <= set(self.supplier.living())
        assert {attempt.tr_id for attempt in self.memory.attempts.values()} >= set(self.supplier.sold)

    @invariant()
    def nobody_is_told_twice_and_an_order_is_sent_once(self) -> None:
        firsts = [
            row.line_id
            for event in self.memory.said
            if isinstance(event, DispatchRequested) and event.purpose is DispatchPurpose.COUPONS
            for row in event.rows
        ]
        assert len(firsts) == len(set(firsts))
        ended = [event.order_id for event in self.memory.said if isinstance(event, OrderSent)]
        assert len(ended) == len(set(ended))

    @invariant()
    def waves_are_said_once(self) -> None:
        for kind in (CouponsIssued, CouponsFailed, DispatchRequested):
            subjects = [event.subject for event in self.memory.said if isinstance(event, kind)]
            assert len(subjects) == len(set(subjects))

    @invariant()
    def states_only_move_along_their_tables(self) -> None:
        now: dict[tuple[str, object], object] = {}
        for order_id, order in self.memory.stored.items():
            now["order", order_id] = order.funding.state
        for line_id, line in self.memory.stored_lines.items():
            now["dispatch", line_id] = line.dispatch
        for (line_id, item_no), coupon in self.memory.stored_coupons.items():
            is_choice = self.memory.stored[self.memory.stored_lines[line_id].order_id].placement.is_choice
            now["coupon", line_id if is_choice else (line_id, item_no)] = coupon.state
        tables: dict[str, StateTable] = {"order": ORDER_STATES, "dispatch": DISPATCH_STATES, "coupon": COUPON_STATES}
        for (subject, key), state in now.items():
            old = self.before.get((subject, key), state)
            assert state in _reachable(tables[subject], old)
        self.before = now

    def numbers_before(self, moment: datetime) -> set[str]:
        return {
            coupon.number
            for coupon in self.memory.stored_coupons.values()
            if coupon.number and coupon.issued_at is not None and coupon.issued_at < moment
        }


def _reachable(table: StateTable, state: object) -> set[object]:
    """Where any number of steps leads: between two looks there may be several."""
    reached = {state}
    for _ in table.moves:
        reached |= {target for (source, _), target in table.moves.items() if source in reached}
    return reached
