"""What the use cases need of the world outside them."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from contracts.audit import Act
from contracts.event import Event
from wallet.application.cancellation_ports import Cancellations
from wallet.application.check_ports import DailyChecks, Reconciliations
from wallet.application.deposit_ports import Differences, TakeBacks
from wallet.application.invoice_ports import CarryOvers, Invoices
from wallet.application.issuing_ports import IssuingMonths, Revocations
from wallet.application.limit_ports import SpendingLimits
from wallet.application.notice_ports import Hint, Notices
from wallet.application.refund_ports import Refunds
from wallet.application.watch_ports import Watches
from wallet.domain.cancellation import Cancellation
from wallet.domain.charge import Charge
from wallet.domain.company import CashLikeGrant, Company, CreditContract, Member
from wallet.domain.funds import Funds, Refusal, UseScope
from wallet.domain.history import ALL_LINES, HistoryFilter, HistoryLine
from wallet.domain.holds import HeldFunds, Hold, OrderLabel, Outcome, PaymentMethod, Settlement
from wallet.domain.ledger import Posting
from wallet.domain.lots import DatedRoom, Lot, Share
from wallet.domain.payment import ProviderAnswer


class Ledger(Protocol):
    """The append-only books."""

    def open_accounts(self, company_id: UUID) -> None:
        """Give a company its accounts and the head of its chain; again changes nothing."""

    def stand_still(self, company_id: UUID) -> None:
        """From here to the end of the transaction no other posting of the company happens.

        Raises `UnknownCompanyError`.
        """

    def post(self, posting: Posting) -> bool:
        """Write a posting and move the balances; False when its cause was posted before.

        From here to the end of the transaction no other posting of the company happens. Raises `AccountShortError` when
        an account would go below zero, and `UnknownCompanyError` when it has no accounts.
        """


class Companies(Protocol):
    """Copies of identity's state; an older version than the one kept changes nothing."""

    def get(self, company_id: UUID) -> Company:
        """Raises `UnknownCompanyError`."""

    def keep(self, company: Company) -> None:
        """Keep a company's present state."""

    def contract(self, company_id: UUID) -> CreditContract | None:
        """A postpaid company's contract, its row held until the transaction ends; None before it was heard of."""

    def keep_contract(self, contract: CreditContract) -> None:
        """Keep a company's first contract; one that is there stays as operators left it."""

    def change_contract(self, contract: CreditContract) -> None:
        """Write a company's contract, whether one is there or not."""

    def member(self, member_id: UUID) -> Member | None:
        """A member; None when nothing was heard of it yet."""

    def keep_member(self, member: Member) -> None:
        """Keep a member's present state."""

    def keep_cash_like(self, grant: CashLikeGrant) -> None:
        """Keep the present cash-like permission of a company."""


class Figures(Protocol):
    """The figures that orders are judged by, as they stand now."""

    def of(self, company_id: UUID, method: PaymentMethod, member_id: UUID, month: str) -> Funds:
        """The figures of a company and a member in a Seoul month."""


class MonthlyUses(Protocol):
    """Use of limits by Seoul month; a month begins by having no row."""

    def take(self, hold: Hold, scope: UseScope, amount_krw: int) -> None:
        """Count a hold's amount in its month. Raises `LimitShortError` when the limit has less left."""

    def give_back(self, hold: Hold, scope: UseScope, amount_krw: int) -> None:
        """Take an amount off the use of the hold's own month."""


class Holds(Protocol):
    """What was decided about orders, and what they hold."""

    def outcome(self, order_id: UUID) -> Outcome | None:
        """How the order was decided; None when it was not."""

    def get(self, order_id: UUID) -> Hold:
        """Raises `UnknownHoldError` before the decision, `NeverHeldError` when it was another than a hold."""

    def add(self, hold: Hold, label: OrderLabel) -> None:
        """Decide an order by a hold."""

    def refuse(self, order_id: UUID, company_id: UUID, refusal: Refusal) -> None:
        """Decide an order by a refusal."""

    def withdraw(self, order_id: UUID, company_id: UUID) -> None:
        """Decide an order that was withdrawn before it was judged: the tombstone."""

    def held(self, order_id: UUID) -> HeldFunds:
        """The hold with what it has open in its lots. Raises as `get`."""

    def settle(self, settlement: Settlement) -> bool:
        """Write what a settlement does to a hold and its lots; False, and nothing written, when it has changed.

        Called under a posting of its company, so that it changes under nobody's hands.
        """


class Lots(Protocol):
    """Charge lots and what holds have taken from them; always asked for under a posting of the same company."""

    def add(self, lot: Lot) -> None:
        """Keep a newly credited charge as a lot."""

    def free(self, company_id: UUID) -> Sequence[DatedRoom]:
        """What is left of the company's lots, oldest first."""

    def hold(self, hold_id: UUID, shares: Sequence[Share]) -> None:
        """Set shares of free lots aside for a new hold."""

    def of_charge(self, charge_id: UUID) -> Lot | None:
        """The lot of a charge; None when it was never credited."""

    def take_out(self, shares: Sequence[Share]) -> None:
        """Turn free shares into ones that are paid back."""

    def put_back(self, shares: Sequence[Share]) -> None:
        """Turn shares that were to be paid back into free again."""


@dataclass(frozen=True)
class Attempt:
    """The one confirmation of a charge, claimed by whoever works on it."""

    charge_id: UUID
    owner: UUID
    tries: int


class Charges(Protocol):
    """Charges and the attempts to confirm them."""

    def add(self, charge: Charge) -> None:
        """Keep a new charge."""

    def get(self, charge_id: UUID) -> Charge:
        """The charge, its row held until the transaction ends. Raises `UnknownChargeError`."""

    def of_company(self, company_id: UUID, charge_id: UUID) -> Charge:
        """A company's own charge. Raises `UnknownChargeError`."""

    def waiting(self, company_id: UUID, *, after: datetime, rows_max: int) -> Sequence[Charge]:
        """The company's latest charges that wait for a deposit and can be paid after a time, newest first."""

    def save(self, charge: Charge) -> None:
        """Write a charge's new state. Raises `PaymentKeyTakenError` when its payment stands behind another charge."""

    def open_attempt(self, charge: Charge, owner: UUID, lease: timedelta) -> None:
        """Note that confirming is about to be called, before it is: claimed by `owner` until the lease ends."""

    def claim_due(self, owner: UUID, lease: timedelta) -> Attempt | None:
        """Claim one attempt that is due and nobody works on; None when there is none."""

    def postpone(self, attempt: Attempt, delay: timedelta | None, *, note: str) -> None:
        """Let go of an attempt until the delay is over; without a delay it waits for an operator.

        Whoever lost the claim to another changes nothing.
        """

    def settle_attempt(self, charge_id: UUID, note: str) -> None:
        """Close an attempt for good."""

    def wake_attempt(self, charge_id: UUID) -> None:
        """Make an open attempt due at once, unless somebody works on it."""


class Histories(Protocol):
    """Lines of balances (WAL-04)."""

    def lines(
        self, company_id: UUID, *, before_seq: int | None, rows_max: int, wanted: HistoryFilter = ALL_LINES
    ) -> Sequence[HistoryLine]:
        """Lines of a company's balance that are wanted, newest first, from before a posting on."""


class Outbox(Protocol):
    """Says events if, and only if, the transaction commits."""

    def add(self, event: Event) -> None:
        """Say one event."""

    def add_act(self, operator_id: UUID, act: Act) -> None:
        """Say what an operator did, for the audit log (IDN-24)."""


class UnitOfWork(Protocol):
    """One transaction of this service's database; whoever opened it commits."""

    ledger: Ledger
    companies: Companies
    figures: Figures
    uses: MonthlyUses
    holds: Holds
    lots: Lots
    charges: Charges
    notices: Notices
    histories: Histories
    spending_limits: SpendingLimits
    cancellations: Cancellations
    take_backs: TakeBacks
    differences: Differences
    daily_checks: DailyChecks
    reconciliations: Reconciliations
    watches: Watches
    refunds: Refunds
    issuing_months: IssuingMonths
    revocations: Revocations
    invoices: Invoices
    carry_overs: CarryOvers
    outbox: Outbox

    @property
    def at(self) -> datetime:
        """The moment of this work, aware and UTC."""

    def new_id(self) -> UUID:
        """A new id."""

    def once(
        self, *, scope: str, key: str, operation: str, body: Mapping[str, Any], create: Callable[[], UUID]
    ) -> UUID:
        """What a client's idempotency key stands for: made now, or found from the first request under the key.

        Raises what the chassis's idempotency keys raise.
        """

    def all_or_nothing(self) -> AbstractContextManager[object]:
        """A block that is undone as a whole, and alone, when it raises."""

    def wake_orders(self, key: str) -> None:
        """Let order events come again that were parked under the key (`company:…`, `order:…`, `captured:…`)."""

    def wake_questions(self, key: str) -> None:
        """Let identity's questions come again that were parked under the key (`company:…`)."""


Transactions = Callable[[], AbstractContextManager[UnitOfWork]]
"""Opens a unit of work: committed at the end of the block, rolled back on any error."""


class PaymentProvider(Protocol):
    """The payment provider. Nothing raises for what the provider answers or fails to answer."""

    def confirm(self, charge: Charge) -> ProviderAnswer:
        """Collect the payment, under the charge's one key."""

    def issue(self, charge: Charge) -> ProviderAnswer:
        """Issue the charge's virtual account, under the charge's one key."""

    def find(self, charge: Charge) -> ProviderAnswer:
        """Ask for the provider's own record of the charge."""

    def cancel(self, charge: Charge, cancellation: Cancellation) -> ProviderAnswer:
        """Send the try's sum back by the means that it came by, under the try's one key."""

    def hint_in(self, body: bytes) -> Hint | None:
        """Which charge a notice is about; None when it is none of ours or cannot be read."""
