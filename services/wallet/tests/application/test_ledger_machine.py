"""Whatever companies do in whatever order: the books stay proven, and nothing goes below zero (WAL-17, WAL-18)."""

import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule
from wallet_builders import LABEL, MONTH, NOON, PAYBACK, a_charge
from wallet_fakes import InMemory
from wallet_fakes_charging import ScriptedProvider

from contracts.wallet import FundsRefused, FundsReserved
from wallet.application.cancellations import CancelCharge, CancelCharges, quote_cancellation
from wallet.application.captures import CaptureChunk, ReleaseChunk, capture_chunk, release_chunk
from wallet.application.companies import keep_company
from wallet.application.crediting import settle_charge
from wallet.application.refund_decisions import (
    CompleteRefund,
    GiveBackRefund,
    cancel_refund,
    complete_refund,
    reject_refund,
    take_refund,
)
from wallet.application.refunds import RequestRefund, cancel_own_refund, quote_refund, request_refund
from wallet.application.reservations import (
    ReserveFunds,
    WithdrawReservation,
    preview_reservation,
    reserve_funds,
    withdraw_reservation,
)
from wallet.application.revocations import revoke_coupons
from wallet.domain.cancellation import Cancellation, CancellationState
from wallet.domain.company import CashLikeGrant, Company
from wallet.domain.errors import AccountShortError, HoldExceededError, NeverHeldError, UnknownHoldError
from wallet.domain.funds import Refusal, RefusalReason, UseScope
from wallet.domain.holds import PaymentMethod
from wallet.domain.invoice_errors import NotCapturedYetError
from wallet.domain.issuing import Issued, Revocation
from wallet.domain.ledger import Account
from wallet.domain.movements import Chunk
from wallet.domain.payback_errors import (
    CancellationRefusedError,
    RefundExceedsBalanceError,
    RefundStateError,
    RefundTooSmallError,
)
from wallet.domain.payment import Answered, Credit, Declined, Payment, PaymentStatus, Unknown
from wallet.domain.proof import CompanyProof, Totals
from wallet.domain.refund import BankAccount, Refund, RefundState

CREDIT_LIMIT_KRW = 80_000
CASH_LIKE_LIMIT_KRW = 40_000
SPENDING_LIMIT_KRW = 50_000
ACCOUNT = BankAccount("20", "11209172313614", "김대표")
OPEN = (RefundState.REQUESTED, RefundState.REVIEWING)
CONTRADICTIONS = (AccountShortError, HoldExceededError, NeverHeldError, NotCapturedYetError, UnknownHoldError)
Said = CaptureChunk | ReleaseChunk | Revocation
APPLY: dict[type, Callable[[Any, Any], None]] = {
    CaptureChunk: capture_chunk,
    ReleaseChunk: release_chunk,
    Revocation: revoke_coupons,
}

amounts = st.integers(1, 60_000)
months = st.sampled_from([MONTH, "2026-04"])


class LedgerMachine(RuleBasedStateMachine):
    """What a prepaid and a postpaid company do, and what is said of them: early, late, and repeatedly."""

    orders = Bundle("orders")
    refunds = Bundle("refunds")

    def __init__(self) -> None:
        super().__init__()
        self.uow = InMemory()
        self.chunk_no = 0
        self.repeats: list[Said] = []
        self.early: list[Revocation] = []

    @initialize()
    def open_companies(self) -> None:
        self.prepaid, self.postpaid = (
            Company(uuid4(), 1, True, method, uuid4()) for method in (PaymentMethod.PREPAID, PaymentMethod.POSTPAID)
        )
        self.sub_member = uuid4()
        for company in (self.prepaid, self.postpaid):
            keep_company(company, self.uow)
        self.uow.state.contracts[self.postpaid.id] = CREDIT_LIMIT_KRW
        self.uow.state.spending[self.sub_member] = SPENDING_LIMIT_KRW
        self.uow.state.grants[self.prepaid.id] = CashLikeGrant(self.prepaid.id, 1, True, CASH_LIKE_LIMIT_KRW)

    @rule(amount_krw=amounts)
    def charge(self, amount_krw: int) -> None:
        charge = a_charge(amount_krw, company_id=self.prepaid.id)
        paid = Payment("pk", charge.provider_order_id, amount_krw, PaymentStatus.DONE, "카드", NOON, None)
        self.uow.charges.add(charge)
        for _ in range(2):
            settle_charge(self.uow.charges.get(charge.id), Credit(paid), self.uow)

    @rule(target=orders, amount_krw=amounts, cash_part=st.integers(0, 60_000), by_sub=st.booleans(), month=months)
    def order_prepaid(self, amount_krw: int, cash_part: int, by_sub: bool, month: str) -> UUID:
        return self._order(self.prepaid, amount_krw, min(cash_part, amount_krw), by_sub, month)

    @rule(target=orders, amount_krw=amounts, month=months)
    def order_postpaid(self, amount_krw: int, month: str) -> UUID:
        return self._order(self.postpaid, amount_krw, 0, False, month)

    def _order(self, company: Company, amount_krw: int, cash_like_krw: int, by_sub: bool, month: str) -> UUID:
        member_id = self.sub_member if by_sub else company.master_id
        command = ReserveFunds(company.id, member_id, by_sub, amount_krw, cash_like_krw, month, uuid4(), NOON, LABEL)
        seen = preview_reservation(command, self.uow)
        reserve_funds(command, self.uow)
        reserve_funds(command, self.uow)
        answer = self.uow.state.said[-1]
        if isinstance(answer, FundsRefused):
            refused = Refusal(RefusalReason(answer.reason.value), answer.required_krw, answer.available_krw)
            assert seen.refusal == refused
        else:
            assert isinstance(answer, FundsReserved)
            assert seen.refusal is None
        return command.order_id

    @rule(data=st.data(), answer=st.sampled_from(["done", "refused", "unknown"]))
    def cancel_a_charge(self, data: st.DataObject, answer: str) -> None:
        if not self.uow.state.charges:
            return
        charge = self.uow.charges.get(data.draw(st.sampled_from(sorted(self.uow.state.charges))))
        try:
            quote = quote_cancellation(charge.company_id, charge.id, PAYBACK.cancellation_rules, self.uow)
        except CancellationRefusedError:
            return
        payout_krw = quote.amount_krw - quote.fee_krw
        sent_back = Payment(
            "pk", charge.provider_order_id, charge.amount_krw, PaymentStatus.CANCELED, "카드", NOON, None, payout_krw
        )
        answers = {
            "done": Answered(sent_back),
            "refused": Declined("NOT_CANCELABLE_PAYMENT", ""),
            "unknown": Unknown(""),
        }
        provider = ScriptedProvider(cancels=[answers[answer]], finds=[Answered(sent_back)])
        cancel = CancelCharges(
            self.uow.begin, provider, PAYBACK.cancellation_rules, delays=[timedelta(1)], lease=timedelta(seconds=90)
        )
        cancel.cancel(CancelCharge(charge.company_id, charge.id, payout_krw))
        if answer == "unknown":
            last = self.uow.cancellations.last_of(charge.id)
            self.uow.cancellations.due.append(last.id)
            cancel.step()

    @rule(target=refunds, amount_krw=amounts, days=st.integers(0, 9))
    def ask_for_a_refund(self, amount_krw: int, days: int) -> UUID:
        self.uow.at += timedelta(days=days)
        company_id = self.prepaid.id
        try:
            quote = quote_refund(company_id, amount_krw, PAYBACK.refund_rules, self.uow)
        except (RefundTooSmallError, RefundExceedsBalanceError):
            return multiple()
        assert 0 <= quote.figures.fee_krw <= amount_krw - quote.figures.fee_free_krw
        command = RequestRefund(
            company_id, uuid4(), amount_krw, quote.figures.payout_krw, ACCOUNT, uuid4(), uuid4(), "사업 종료"
        )
        return request_refund(command, PAYBACK.refund_rules, PAYBACK.refund_form, self.uow)

    @rule(refund_id=refunds, step=st.sampled_from(["take", "complete", "reject", "cancel", "cancel_own"]))
    def move_a_refund_on(self, refund_id: UUID, step: str) -> None:
        giving_back = GiveBackRefund(refund_id, uuid4(), "사유")
        steps = {
            "take": lambda: take_refund(refund_id, uuid4(), self.uow),
            "complete": lambda: complete_refund(CompleteRefund(refund_id, uuid4(), "T-1", NOON.date()), self.uow),
            "reject": lambda: reject_refund(giving_back, self.uow),
            "cancel": lambda: cancel_refund(giving_back, self.uow),
            "cancel_own": lambda: cancel_own_refund(self.prepaid.id, refund_id, self.uow),
        }
        with contextlib.suppress(RefundStateError), self.uow.all_or_nothing():
            steps[step]()

    @rule(order_id=orders, amount_krw=amounts)
    def issue(self, order_id: UUID, amount_krw: int) -> None:
        self._apply(CaptureChunk(self._chunk(order_id), amount_krw, 1, NOON))

    @rule(order_id=orders, amount_krw=amounts, cash_like_krw=st.none() | st.integers(0, 60_000))
    def fail(self, order_id: UUID, amount_krw: int, cash_like_krw: int | None) -> None:
        self._apply(ReleaseChunk(self._chunk(order_id), amount_krw, cash_like_krw))

    @rule(
        order_id=orders,
        amount_krw=amounts,
        coupons=st.integers(1, 2),
        repaid=st.booleans(),
        cash_like_krw=st.integers(0, 60_000),
    )
    def revoke(self, order_id: UUID, amount_krw: int, coupons: int, repaid: bool, cash_like_krw: int) -> None:
        """By chance also before the coupons were issued, or more of them than there are."""
        hold = self.uow.state.holds.get(order_id)
        company_id = self.prepaid.id if hold is None else hold.company_id
        revoked = Issued(coupons, amount_krw)
        said = Revocation(
            uuid4(), order_id, company_id, repaid, revoked, min(cash_like_krw, amount_krw), ((MONTH, revoked),), NOON
        )
        if not self._apply(said):
            self.early.append(said)

    @rule(data=st.data())
    def revoke_what_came_too_early(self, data: st.DataObject) -> None:
        if self.early:
            said = data.draw(st.sampled_from(self.early))
            if self._apply(said):
                self.early.remove(said)

    @rule(order_id=orders)
    def withdraw(self, order_id: UUID) -> None:
        company_id = self.prepaid.id
        withdraw_reservation(WithdrawReservation(order_id, company_id), self.uow)

    @rule()
    def withdraw_an_order_that_never_comes(self) -> None:
        withdraw_reservation(WithdrawReservation(uuid4(), self.prepaid.id), self.uow)

    @rule(data=st.data())
    def repeat_what_was_applied(self, data: st.DataObject) -> None:
        if self.repeats:
            before = dict(self.uow.state.balances)
            self._apply(data.draw(st.sampled_from(self.repeats)))
            assert self.uow.state.balances == before

    def _chunk(self, order_id: UUID) -> Chunk:
        self.chunk_no += 1
        return Chunk(order_id, self.chunk_no, 0)

    def _apply(self, said: Said) -> bool:
        try:
            with self.uow.all_or_nothing():
                APPLY[type(said)](said, self.uow)
        except CONTRADICTIONS:
            return False
        self.repeats.append(said)
        return True

    @invariant()
    def the_books_are_proven(self) -> None:
        for company_id, lines in self.uow.state.lines.items():
            proof = CompanyProof(company_id)
            proof.feed(lines)
            assert proof.finish(self._totals(company_id)) == ()

    @invariant()
    def no_limit_is_passed(self) -> None:
        limits = {
            UseScope.CREDIT_LINE: CREDIT_LIMIT_KRW,
            UseScope.SPENDING: SPENDING_LIMIT_KRW,
            UseScope.CASH_LIKE: CASH_LIKE_LIMIT_KRW,
        }
        for (_, scope, _), used_krw in self.uow.state.uses.items():
            assert 0 <= used_krw <= limits[scope]

    def _totals(self, company_id: UUID) -> Totals:
        state = self.uow.state
        lines = state.lines[company_id]
        holds = [hold for hold in state.holds.values() if hold.company_id == company_id]
        lots = [lot for lot in state.lots.values() if lot.company_id == company_id]
        return Totals(
            head_seq=len(lines),
            head_hash=lines[-1].hash if lines else bytes(32),
            balances={account: self.uow.balance(company_id, account) for account in Account},
            holds_open_krw=sum(hold.open_krw for hold in holds),
            holds_captured_krw=sum(hold.captured_krw for hold in holds),
            uneven_holds=0,
            captures_krw=sum(each.issued.amount_krw for each in state.captures if each.company_id == company_id)
            - sum(
                each.issued.amount_krw
                for each in state.revocations.values()
                if each.company_id == company_id and each.repaid
            ),
            uneven_captures=0,
            lots_free_krw=sum(lot.free_krw for lot in lots),
            lots_held_krw=sum(lot.held_krw for lot in lots),
            lots_amount_krw=sum(lot.amount_krw for lot in lots),
            uneven_lots=0,
            prepaid_open_krw=sum(hold.open_krw for hold in holds if hold.method is PaymentMethod.PREPAID),
            uneven_uses=0,
            lots_paid_back_krw=sum(lot.paid_back_krw for lot in lots),
            paybacks_open_krw=sum(each.figures.amount_krw for each in self._refunds(company_id, *OPEN))
            + sum(each.amount_krw for each in self._cancellations(company_id, CancellationState.OPEN)),
            paid_out_krw=sum(each.figures.payout_krw for each in self._refunds(company_id, RefundState.COMPLETED)),
            fees_krw=sum(each.figures.fee_krw for each in self._refunds(company_id, RefundState.COMPLETED))
            + sum(each.fee_krw for each in self._cancellations(company_id, CancellationState.DONE)),
            cancelled_payout_krw=sum(
                each.payout_krw for each in self._cancellations(company_id, CancellationState.DONE)
            ),
        )

    def _cancellations(self, company_id: UUID, state: CancellationState) -> list[Cancellation]:
        return [
            each
            for each in self.uow.state.cancellations.values()
            if each.company_id == company_id and each.state is state
        ]

    def _refunds(self, company_id: UUID, *states: RefundState) -> list[Refund]:
        return [
            refund
            for refund in self.uow.state.refunds.values()
            if refund.company_id == company_id and refund.state in states
        ]


LedgerMachine.TestCase.settings = hypothesis_settings(max_examples=60, stateful_step_count=40, deadline=None)
TestLedgerMachine = pytest.mark.rule("WAL-17", "WAL-18", "WAL-06", "WAL-09", "WAL-10", "ORD-15", "ORD-32")(
    LedgerMachine.TestCase
)
