"""The use cases' ports in memory: small, strict, and undone as a whole like a savepoint."""

# ruff: noqa: ARG002 - a fake takes what its port takes

import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4

from wallet_builders import NOON
from wallet_fakes_charging import InMemoryCancellations, InMemoryCharges
from wallet_fakes_deposits import InMemoryDifferences, InMemoryTakeBacks
from wallet_fakes_issuing import InMemoryIssuingMonths, InMemoryRevocations, rooms_of
from wallet_fakes_refunds import InMemoryRefunds

from contracts.audit import Act, OperatorActed
from contracts.event import Event
from wallet.domain.cancellation import Cancellation
from wallet.domain.charge import Charge
from wallet.domain.company import CashLikeGrant, Company, Member
from wallet.domain.difference import PaymentDifference
from wallet.domain.errors import (
    AccountShortError,
    LimitShortError,
    NeverHeldError,
    UnknownCompanyError,
    UnknownHoldError,
)
from wallet.domain.funds import Funds, MonthlyLimit, Refusal, UseScope
from wallet.domain.holds import HeldFunds, Hold, OrderLabel, Outcome, PaymentMethod, Settlement
from wallet.domain.issuing import Capture, Revocation
from wallet.domain.ledger import GENESIS_HASH, MAY_GO_BELOW_ZERO, Account, Posting, link
from wallet.domain.lots import DatedRoom, Lot, Room, Share
from wallet.domain.movements import use_subject
from wallet.domain.proof import PostedEntry, PostedLine
from wallet.domain.refund import Refund
from wallet.domain.take_back import TakeBack


@dataclass
class State:
    """Everything that a transaction can change."""

    balances: dict[tuple[UUID, Account], int] = field(default_factory=dict)
    lines: dict[UUID, list[PostedLine]] = field(default_factory=dict)
    companies: dict[UUID, Company] = field(default_factory=dict)
    members: dict[UUID, Member] = field(default_factory=dict)
    grants: dict[UUID, CashLikeGrant] = field(default_factory=dict)
    contracts: dict[UUID, int] = field(default_factory=dict)
    spending: dict[UUID, int | None] = field(default_factory=dict)
    uses: dict[tuple[UUID, UseScope, str], int] = field(default_factory=dict)
    outcomes: dict[UUID, Outcome] = field(default_factory=dict)
    holds: dict[UUID, Hold] = field(default_factory=dict)
    lots: dict[UUID, Lot] = field(default_factory=dict)
    shares: dict[tuple[UUID, UUID], int] = field(default_factory=dict)
    spent_shares: dict[tuple[UUID, UUID], int] = field(default_factory=dict)
    charges: dict[UUID, Charge] = field(default_factory=dict)
    attempts: dict[UUID, str] = field(default_factory=dict)
    cancellations: dict[UUID, Cancellation] = field(default_factory=dict)
    refunds: dict[UUID, Refund] = field(default_factory=dict)
    refund_shares: dict[UUID, Sequence[Share]] = field(default_factory=dict)
    take_backs: dict[UUID, TakeBack] = field(default_factory=dict)
    take_back_shares: dict[UUID, list[Share]] = field(default_factory=dict)
    differences: dict[str, PaymentDifference] = field(default_factory=dict)
    captures: list[Capture] = field(default_factory=list)
    revocations: dict[UUID, Revocation] = field(default_factory=dict)
    said: list[Event] = field(default_factory=list)
    woken: list[str] = field(default_factory=list)


class InMemory:
    """A unit of work over `State`; the ports are parts of one object because they share it."""

    def __init__(self, at: datetime = NOON) -> None:
        self.state = State()
        self.at = at
        self.lost_races = 0
        self.ledger = self.companies = self.figures = self.uses = self
        self.holds = _Holds(self)
        self.lots = _Lots(self)
        self.charges = InMemoryCharges(self)
        self.cancellations = InMemoryCancellations(self)
        self.take_backs = InMemoryTakeBacks(self)
        self.differences = InMemoryDifferences(self)
        self.refunds = InMemoryRefunds(self)
        self.issuing_months = InMemoryIssuingMonths(self)
        self.revocations = InMemoryRevocations(self)
        self.outbox = self

    def new_id(self) -> UUID:
        return uuid4()

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        before = copy.deepcopy(self.state)
        try:
            yield
        except BaseException:
            self.state = before
            raise

    @contextmanager
    def begin(self) -> Iterator["InMemory"]:
        with self.all_or_nothing():
            yield self

    def wake_orders(self, key: str) -> None:
        self.state.woken.append(key)

    def wake_questions(self, key: str) -> None:
        self.state.woken.append(key)

    def add(self, event: Event) -> None:
        self.state.said.append(event)

    def add_act(self, operator_id: UUID, act: Act) -> None:
        acted = {"act_id": uuid4(), "service": "wallet", "operator_id": operator_id, "acted_at": self.at}
        self.add(OperatorActed(**acted, **vars(act)))

    # Ledger
    def open_accounts(self, company_id: UUID) -> None:
        self.state.lines.setdefault(company_id, [])

    def stand_still(self, company_id: UUID) -> None:
        if company_id not in self.state.lines:
            raise UnknownCompanyError(company_id)

    def post(self, posting: Posting) -> bool:
        lines = self.state.lines.get(posting.company_id)
        if lines is None:
            raise UnknownCompanyError(posting.company_id)
        if any(line.cause == posting.cause for line in lines):
            return False
        if self.lost_races:
            self.lost_races -= 1
            raise AccountShortError(posting.company_id, posting.cause)
        entries = []
        for entry in posting.entries:
            key = (posting.company_id, entry.account)
            balance = self.state.balances.get(key, 0) + entry.amount_krw
            if balance < 0 and entry.account not in MAY_GO_BELOW_ZERO:
                raise AccountShortError(posting.company_id, posting.cause)
            self.state.balances[key] = balance
            entries.append(PostedEntry(entry.account, entry.amount_krw, balance))
        previous = lines[-1].hash if lines else GENESIS_HASH
        hashed = link(previous, posting)
        lines.append(PostedLine(len(lines) + 1, previous, hashed, posting, posting.cause, tuple(entries)))
        return True

    # Companies
    def get(self, company_id: UUID) -> Company:
        if company_id not in self.state.companies:
            raise UnknownCompanyError(company_id)
        return self.state.companies[company_id]

    def keep(self, company: Company) -> None:
        kept = self.state.companies.get(company.id)
        if kept is None or kept.version < company.version:
            self.state.companies[company.id] = company

    def member(self, member_id: UUID) -> Member | None:
        return self.state.members.get(member_id)

    # Figures
    def of(self, company_id: UUID, method: PaymentMethod, member_id: UUID, month: str) -> Funds:
        state = self.state
        grant = state.grants.get(company_id)

        def limit(limit_krw: int | None, subject_id: UUID, scope: UseScope) -> MonthlyLimit:
            return MonthlyLimit(limit_krw, state.uses.get((subject_id, scope, month), 0))

        return Funds(
            method=method,
            balance_krw=self.balance(company_id, Account.BALANCE),
            held_krw=self.balance(company_id, Account.HOLDS),
            credit=limit(state.contracts[company_id], company_id, UseScope.CREDIT_LINE)
            if company_id in state.contracts
            else None,
            spending=limit(state.spending[member_id], member_id, UseScope.SPENDING)
            if member_id in state.spending
            else None,
            cash_like=limit(grant.monthly_limit_krw, company_id, UseScope.CASH_LIKE)
            if grant is not None and grant.permitted
            else None,
        )

    def balance(self, company_id: UUID, account: Account) -> int:
        return self.state.balances.get((company_id, account), 0)

    # MonthlyUses
    def take(self, hold: Hold, scope: UseScope, amount_krw: int) -> None:
        funds = self.of(hold.company_id, hold.method, hold.member_id, hold.month)
        limits = {
            UseScope.CREDIT_LINE: funds.credit,
            UseScope.SPENDING: funds.spending,
            UseScope.CASH_LIKE: funds.cash_like,
        }
        limit = limits[scope]
        if limit is None or (limit.left_krw is not None and limit.left_krw < amount_krw):
            raise LimitShortError(scope.value, use_subject(hold, scope))
        self._use(hold, scope, amount_krw)

    def give_back(self, hold: Hold, scope: UseScope, amount_krw: int) -> None:
        self._use(hold, scope, -amount_krw)

    def _use(self, hold: Hold, scope: UseScope, amount_krw: int) -> None:
        key = (use_subject(hold, scope), scope, hold.month)
        used_krw = self.state.uses.get(key, 0) + amount_krw
        assert used_krw >= 0
        self.state.uses[key] = used_krw


@dataclass
class _Holds:
    memory: InMemory

    def outcome(self, order_id: UUID) -> Outcome | None:
        return self.memory.state.outcomes.get(order_id)

    def get(self, order_id: UUID) -> Hold:
        hold = self.memory.state.holds.get(order_id)
        if hold is None:
            raise UnknownHoldError(order_id) if self.outcome(order_id) is None else NeverHeldError(order_id)
        return hold

    def add(self, hold: Hold, label: OrderLabel) -> None:
        self._decide(hold.order_id, Outcome.RESERVED)
        self.memory.state.holds[hold.order_id] = hold

    def refuse(self, order_id: UUID, company_id: UUID, refusal: Refusal) -> None:
        self._decide(order_id, Outcome.REFUSED)

    def withdraw(self, order_id: UUID, company_id: UUID) -> None:
        self._decide(order_id, Outcome.WITHDRAWN)

    def held(self, order_id: UUID) -> HeldFunds:
        hold = self.get(order_id)
        return HeldFunds(hold, tuple(self.memory.lots.held_by(hold.id)))

    def settle(self, settlement: Settlement) -> bool:
        hold = settlement.after
        if self.memory.state.holds[hold.order_id] != settlement.before:
            return False
        self.memory.lots.spend(hold.id, settlement.spent)
        self.memory.lots.return_(hold.id, settlement.returned)
        assert hold.amount_krw == hold.captured_krw + hold.released_krw + hold.open_krw
        assert min(hold.captured_krw, hold.released_krw, hold.open_krw) >= 0
        self.memory.state.holds[hold.order_id] = hold
        return True

    def _decide(self, order_id: UUID, outcome: Outcome) -> None:
        assert order_id not in self.memory.state.outcomes
        self.memory.state.outcomes[order_id] = outcome


@dataclass
class _Lots:
    memory: InMemory

    def add(self, lot: Lot) -> None:
        assert lot.charge_id not in self.memory.state.lots
        self.memory.state.lots[lot.charge_id] = lot

    def _oldest_first(self) -> list[Lot]:
        return sorted(self.memory.state.lots.values(), key=lambda lot: (lot.credited_at, lot.charge_id))

    def free(self, company_id: UUID) -> Sequence[DatedRoom]:
        return [
            DatedRoom(lot.charge_id, lot.free_krw, lot.credited_at)
            for lot in self._oldest_first()
            if lot.company_id == company_id
        ]

    def held_by(self, hold_id: UUID) -> Sequence[Room]:
        return rooms_of(self.memory.state.shares, hold_id, [lot.charge_id for lot in self._oldest_first()])

    def spent_by(self, hold_id: UUID) -> Sequence[Room]:
        return rooms_of(self.memory.state.spent_shares, hold_id, [lot.charge_id for lot in self._oldest_first()])

    def hold(self, hold_id: UUID, shares: Sequence[Share]) -> None:
        for share in shares:
            self.memory.state.shares[hold_id, share.charge_id] = share.amount_krw
            self._move(share, free_krw=-share.amount_krw, held_krw=share.amount_krw)

    def spend(self, hold_id: UUID, shares: Sequence[Share]) -> None:
        self._take(self.memory.state.shares, hold_id, shares)
        spent = self.memory.state.spent_shares
        for share in shares:
            spent[hold_id, share.charge_id] = spent.get((hold_id, share.charge_id), 0) + share.amount_krw
            self._move(share, held_krw=-share.amount_krw, spent_krw=share.amount_krw)

    def unspend(self, hold_id: UUID, shares: Sequence[Share]) -> None:
        self._take(self.memory.state.spent_shares, hold_id, shares)
        for share in shares:
            self._move(share, spent_krw=-share.amount_krw, free_krw=share.amount_krw)

    def return_(self, hold_id: UUID, shares: Sequence[Share]) -> None:
        self._take(self.memory.state.shares, hold_id, shares)
        for share in shares:
            self._move(share, held_krw=-share.amount_krw, free_krw=share.amount_krw)

    def of_charge(self, charge_id: UUID) -> Lot | None:
        return self.memory.state.lots.get(charge_id)

    def take_out(self, shares: Sequence[Share]) -> None:
        for share in shares:
            self._move(share, free_krw=-share.amount_krw, paid_back_krw=share.amount_krw)

    def put_back(self, shares: Sequence[Share]) -> None:
        for share in shares:
            self._move(share, free_krw=share.amount_krw, paid_back_krw=-share.amount_krw)

    @staticmethod
    def _take(taken: dict[tuple[UUID, UUID], int], hold_id: UUID, shares: Sequence[Share]) -> None:
        for share in shares:
            left_krw = taken[hold_id, share.charge_id] - share.amount_krw
            assert left_krw >= 0
            taken[hold_id, share.charge_id] = left_krw

    def _move(self, share: Share, **by: int) -> None:
        lot = self.memory.state.lots[share.charge_id]
        lot = replace(lot, **{name: getattr(lot, name) + amount for name, amount in by.items()})
        parts = (lot.free_krw, lot.held_krw, lot.spent_krw, lot.paid_back_krw)
        assert min(parts) >= 0
        assert lot.amount_krw == sum(parts)
        self.memory.state.lots[share.charge_id] = lot
