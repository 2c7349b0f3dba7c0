"""What companies and their banks do to a wallet on a real database, as data: acts that a test draws and performs."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError
from wallet_builders import (
    MONTH,
    NOON,
    PAYBACK,
    a_charge,
    an_order_placed,
    cancelled,
    failed,
    issued,
    revoked,
    withdrawn,
)
from wallet_fakes_charging import ScriptedProvider

from chassis.consumer import NotYet, Poison
from contracts.event import Event
from contracts.ordering.orders import OrderPlaced
from contracts.values import MemberRole, PaymentMethod
from wallet.application.cancellations import CancelCharge, CancelCharges, quote_cancellation
from wallet.application.crediting import settle_charge, take_back_deposit
from wallet.application.refund_decisions import (
    CompleteRefund,
    GiveBackRefund,
    cancel_refund,
    complete_refund,
    reject_refund,
    take_refund,
)
from wallet.application.refunds import RequestRefund, cancel_own_refund, quote_refund, request_refund
from wallet.domain.charge import ChargeMethod, ChargeState
from wallet.domain.company import CashLikeGrant, CreditContract
from wallet.domain.errors import LimitAboveCapError
from wallet.domain.month import seoul_month
from wallet.domain.payback_errors import (
    CancellationFiguresChangedError,
    CancellationRefusedError,
    RefundExceedsBalanceError,
    RefundFiguresChangedError,
    RefundStateError,
    RefundTooSmallError,
)
from wallet.domain.payment import Answered, Credit, Declined, Payment, PaymentStatus
from wallet.domain.refund import BankAccount, FileUse, RefundFile

CREDIT_LIMIT_KRW = 80_000
CASH_LIKE_LIMIT_KRW = 40_000
ACCOUNT = BankAccount("20", "11209172313614", "김대표")
REFUSALS = (
    Poison,
    NotYet,
    CancellationFiguresChangedError,
    CancellationRefusedError,
    LimitAboveCapError,
    RefundExceedsBalanceError,
    RefundFiguresChangedError,
    RefundStateError,
    RefundTooSmallError,
)
"""The ways in which an act is told no; none may leave anything behind."""

TRIES = 4


@dataclass(frozen=True)
class Act:
    """One act: what, on which of the things that are there, for how much."""

    name: str
    amount_krw: int = 0
    pick: int = 0
    part: int = 0


@dataclass
class Street:
    """A prepaid and a postpaid company with a sub-member each, and what they have done so far."""

    wallet: Any
    orders: list[OrderPlaced] = field(default_factory=list)
    charges: list[UUID] = field(default_factory=list)
    refunds: list[UUID] = field(default_factory=list)
    told: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.prepaid = self.wallet.a_company()
        self.postpaid = self.wallet.a_company(payment_method=PaymentMethod.POSTPAID)
        self.sub_member = uuid4()
        with self.wallet.begin() as uow:
            uow.companies.keep_contract(CreditContract(self.postpaid, CREDIT_LIMIT_KRW, NOON.date()))
            uow.companies.keep_cash_like(CashLikeGrant(self.prepaid, 1, True, CASH_LIKE_LIMIT_KRW))
            uow.spending_limits.set(self.prepaid, self.sub_member, 50_000, NOON)

    def perform(self, act: Act) -> None:
        """Do it; what collides with another worker comes again, as broker and people would bring it."""
        for _ in range(TRIES):
            try:
                with contextlib.suppress(*REFUSALS):
                    getattr(self, act.name)(act)
            except IntegrityError:
                continue
            return

    def charge(self, act: Act) -> None:
        charge = a_charge(act.amount_krw, company_id=self.prepaid, method=ChargeMethod.VIRTUAL_ACCOUNT)
        with self.wallet.begin() as uow:
            uow.charges.add(charge)
        for _ in range(2):
            self._settle(charge.id)
        self.charges.append(charge.id)

    def charge_by_card(self, act: Act) -> None:
        self.charges.append(self.wallet.credit(self.prepaid, act.amount_krw))

    def take_back(self, act: Act) -> None:
        self._on_charge(act, take_back_deposit)

    def deposit_again(self, act: Act) -> None:
        if self.charges:
            self._settle(self._picked(self.charges, act), only_taken_back=True)

    def order(self, act: Act) -> None:
        by_sub, company_id = act.part % 2 == 1, self.postpaid if act.part % 3 == 0 else self.prepaid
        cash_like_krw = act.amount_krw // 2 if act.part % 5 == 0 and company_id == self.prepaid else 0
        order = an_order_placed(
            company_id,
            act.amount_krw,
            member_id=self.sub_member,
            member_role=MemberRole.SUB if by_sub and company_id == self.prepaid else MemberRole.MASTER,
            cash_like_krw=cash_like_krw,
            month=seoul_month(self.wallet.clock.now()),
        )
        self._tell(order)
        self.orders.append(order)

    def issue(self, act: Act) -> None:
        self._of_order(act, lambda order: issued(order, self._part_of(order, act), act.part, act.pick))

    def fail(self, act: Act) -> None:
        self._of_order(act, lambda order: failed(order, self._part_of(order, act), act.part, act.pick))

    def withdraw(self, act: Act) -> None:
        self._of_order(act, withdrawn)

    def cancel_an_order(self, act: Act) -> None:
        self._of_order(act, cancelled)

    def revoke(self, act: Act) -> None:
        """Of what was issued, or before it was, or more than that; repaid or not."""
        self._of_order(
            act,
            lambda order: revoked(
                order,
                {MONTH: (1 + act.part % 2, self._part_of(order, act))},
                repaid=act.part % 3 != 0,
                cash_like_krw=min(order.cash_like_krw, self._part_of(order, act)) if act.part % 5 == 0 else 0,
            ),
        )

    def order_and_revoke_in_any_order(self, act: Act) -> None:
        """A prepaid order, its two chunks, and revocations that take all of it back, as a broker may bring them."""
        order = an_order_placed(self.prepaid, act.amount_krw + 1)
        chunks = [issued(order, act.amount_krw, 0), issued(order, 1, 1)]
        revocations = [
            revoked(order, {MONTH: (1, act.amount_krw)}, repaid=act.part % 3 != 0),
            revoked(order, {MONTH: (1, 1)}),
        ]
        arrivals = list(permutations([order, *chunks, *revocations]))
        for said in arrivals[(act.pick * 12 + act.part) % len(arrivals)]:
            self._tell(said)
            self.wallet.redeliver_parked()
        self.orders.append(order)

    def let_in_what_came_too_early(self, _: Act) -> None:
        self.wallet.redeliver_parked()

    def repeat(self, act: Act) -> None:
        if self.told:
            self.wallet.hear(self._picked(self.told, act))

    def turn_the_month(self, act: Act) -> None:
        self.wallet.clock.advance(timedelta(days=20 + act.part))

    def set_a_limit(self, act: Act) -> None:
        with self.wallet.begin() as uow:
            uow.spending_limits.set(self.prepaid, self.sub_member, act.amount_krw, uow.at)

    def cancel_a_charge(self, act: Act) -> None:
        if not self.charges:
            return
        with self.wallet.begin() as uow:
            charge = uow.charges.get(self._picked(self.charges, act))
            quote = quote_cancellation(charge.company_id, charge.id, PAYBACK.cancellation_rules, uow)
        payout_krw = quote.amount_krw - quote.fee_krw
        done = Payment(
            "pk", charge.provider_order_id, charge.amount_krw, PaymentStatus.CANCELED, "카드", NOON, None, payout_krw
        )
        answer = Answered(done) if act.part % 2 else Declined("NOT_CANCELABLE_PAYMENT", "")
        provider = ScriptedProvider(cancels=[answer])
        cancel = CancelCharges(
            self.wallet.begin, provider, PAYBACK.cancellation_rules, delays=[timedelta(1)], lease=timedelta(seconds=90)
        )
        cancel.cancel(CancelCharge(charge.company_id, charge.id, payout_krw))

    def ask_for_a_refund(self, act: Act) -> None:
        with self.wallet.begin() as uow:
            quote = quote_refund(self.prepaid, act.amount_krw, PAYBACK.refund_rules, uow)
            bank_book = RefundFile(
                uuid4(), self.prepaid, FileUse.BANK_BOOK, "b.pdf", "application/pdf", uuid4().hex, uow.at
            )
            uow.refunds.add_file(bank_book)
        command = RequestRefund(
            self.prepaid, uuid4(), act.amount_krw, quote.figures.payout_krw, ACCOUNT, bank_book.id, None, "사업 종료"
        )
        with self.wallet.begin() as uow:
            refund_id = request_refund(command, PAYBACK.refund_rules, PAYBACK.refund_form, uow)
        self.refunds.append(refund_id)

    def move_a_refund_on(self, act: Act) -> None:
        if not self.refunds:
            return
        refund_id = self._picked(self.refunds, act)
        giving_back = GiveBackRefund(refund_id, uuid4(), "사유")
        steps: tuple[Callable[[Any], object], ...] = (
            lambda uow: take_refund(refund_id, uuid4(), uow),
            lambda uow: complete_refund(CompleteRefund(refund_id, uuid4(), "T-1", NOON.date()), uow),
            lambda uow: reject_refund(giving_back, uow),
            lambda uow: cancel_refund(giving_back, uow),
            lambda uow: cancel_own_refund(self.prepaid, refund_id, uow),
        )
        with self.wallet.begin() as uow:
            steps[act.part % len(steps)](uow)

    def _settle(self, charge_id: UUID, *, only_taken_back: bool = False) -> None:
        with self.wallet.begin() as uow:
            charge = uow.charges.get(charge_id)
            if only_taken_back and charge.state is not ChargeState.TAKEN_BACK:
                return
            paid = Payment(
                f"pay-{charge.id}", charge.provider_order_id, charge.amount_krw, PaymentStatus.DONE, "", NOON, None
            )
            settle_charge(charge, Credit(paid), uow)

    def _on_charge(self, act: Act, work: Callable[[Any, Any], None]) -> None:
        if self.charges:
            with self.wallet.begin() as uow:
                work(uow.charges.get(self._picked(self.charges, act)), uow)

    def _of_order(self, act: Act, event_of: Callable[[OrderPlaced], Event]) -> None:
        if self.orders:
            self._tell(event_of(self._picked(self.orders, act)))

    def _tell(self, event: Event) -> None:
        self.told.append(event)
        self.wallet.hear(event, times=2)

    @staticmethod
    def _part_of(order: OrderPlaced, act: Act) -> int:
        return min(order.amount_krw, act.amount_krw)

    @staticmethod
    def _picked(things: list[Any], act: Act) -> Any:
        return things[act.pick % len(things)]
