"""Proving a company's books: sums, chain, running balances, holds, captures, lots and monthly use (WAL-17, WAL-18).

The proof is fed the postings in order, a batch at a time, and keeps only running figures, so its size does not
grow with the ledger.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from wallet.domain.ledger import GENESIS_HASH, MAY_GO_BELOW_ZERO, Account, Posting, link


@dataclass(frozen=True)
class Finding:
    """One thing in the books that is not as it must be."""

    company_id: UUID
    check: str
    detail: str


@dataclass(frozen=True)
class PostedEntry:
    """An entry as stored, with the balance that it left behind."""

    account: Account
    amount_krw: int
    balance_after_krw: int


@dataclass(frozen=True)
class PostedLine:
    """A posting as stored, with its place in the company's chain."""

    seq: int
    previous_hash: bytes
    hash: bytes
    posting: Posting | None
    """None when the stored entries are no balanced posting at all."""
    cause: str
    entries: tuple[PostedEntry, ...]


@dataclass(frozen=True)
class Totals:
    """The stored figures that have to agree with the postings."""

    head_seq: int
    head_hash: bytes
    balances: Mapping[Account, int]
    holds_open_krw: int
    holds_captured_krw: int
    uneven_holds: int
    captures_krw: int
    """What was counted as issued by month, less what was repaid of it."""
    uneven_captures: int
    """Sales without the count that invoices are made of, and the other way round."""
    lots_free_krw: int
    lots_held_krw: int
    lots_amount_krw: int
    uneven_lots: int
    prepaid_open_krw: int
    uneven_uses: int
    lots_paid_back_krw: int
    paybacks_open_krw: int
    paid_out_krw: int
    fees_krw: int
    cancelled_payout_krw: int
    taken_back_krw: int = 0
    recovered_krw: int = 0


@dataclass
class CompanyProof:
    """The running state of one company's proof."""

    company_id: UUID
    findings: list[Finding] = field(default_factory=list)
    postings: int = 0
    _seq: int = 0
    _hash: bytes = GENESIS_HASH
    _balances: dict[Account, int] = field(default_factory=lambda: defaultdict(int))

    def feed(self, lines: Iterable[PostedLine]) -> None:
        """Check postings that follow the ones fed before."""
        for line in lines:
            self._check_chain(line)
            self._check_running_balances(line)
            self.postings += 1

    def finish(self, totals: Totals) -> tuple[Finding, ...]:
        """Compare the stored figures with what the postings add up to."""
        if (totals.head_seq, totals.head_hash) != (self._seq, self._hash):
            self._find("chain", f"the head says {totals.head_seq}, the postings end at {self._seq}")
        for account in Account:
            self._must_equal("balance", account.value, totals.balances.get(account, 0), self._balances[account])
            if account not in MAY_GO_BELOW_ZERO and self._balances[account] < 0:
                self._find("below_zero", account.value)
        self._must_equal("holds", "open", totals.holds_open_krw, self._balances[Account.HOLDS])
        self._must_equal("holds", "captured", totals.holds_captured_krw, self._balances[Account.SALES])
        self._must_equal("holds", "without matching entries", totals.uneven_holds, 0)
        self._must_equal("captures", "counted by month", totals.captures_krw, self._balances[Account.SALES])
        self._must_equal("captures", "without matching sales", totals.uneven_captures, 0)
        self._must_equal("lots", "free", totals.lots_free_krw, self._balances[Account.BALANCE])
        self._must_equal("lots", "held", totals.lots_held_krw, totals.prepaid_open_krw)
        gone_krw = totals.cancelled_payout_krw + totals.taken_back_krw
        collected_krw = gone_krw - self._balances[Account.PROVIDER_CLEARING]
        self._must_equal("lots", "charged", totals.lots_amount_krw, collected_krw)
        self._must_equal("lots", "without matching holds", totals.uneven_lots, 0)
        self._must_equal("lots", "paid back", totals.lots_paid_back_krw, self._paid_back_krw(totals))
        self._must_equal("paybacks", "open", totals.paybacks_open_krw, self._balances[Account.PAYBACKS])
        self._must_equal("paybacks", "paid out", totals.paid_out_krw, self._balances[Account.PAID_OUT])
        self._must_equal("paybacks", "fees", totals.fees_krw, self._balances[Account.FEES])
        claims_krw = totals.recovered_krw - totals.taken_back_krw
        self._must_equal("claims", "owed", claims_krw, self._balances[Account.CLAIMS])
        self._must_equal("monthly_use", "without matching holds", totals.uneven_uses, 0)
        return tuple(self.findings)

    def _paid_back_krw(self, totals: Totals) -> int:
        accounts = (Account.PAYBACKS, Account.PAID_OUT, Account.FEES)
        return totals.cancelled_payout_krw + totals.recovered_krw + sum(self._balances[account] for account in accounts)

    def _check_chain(self, line: PostedLine) -> None:
        if line.seq != self._seq + 1 or line.previous_hash != self._hash:
            self._find("chain", f"posting {line.seq} does not follow posting {self._seq}")
        if line.posting is None:
            self._find("sum", f"posting {line.seq} ({line.cause}) is not balanced")
        elif link(line.previous_hash, line.posting) != line.hash:
            self._find("chain", f"posting {line.seq} ({line.cause}) is not what was hashed")
        self._seq, self._hash = line.seq, line.hash

    def _check_running_balances(self, line: PostedLine) -> None:
        for entry in line.entries:
            self._balances[entry.account] += entry.amount_krw
            if entry.balance_after_krw != self._balances[entry.account]:
                self._find("running_balance", f"posting {line.seq} on {entry.account.value}")

    def _must_equal(self, check: str, what: str, stored: int, proven: int) -> None:
        if stored != proven:
            self._find(check, f"{what}: stored {stored}, proven {proven}")

    def _find(self, check: str, detail: str) -> None:
        self.findings.append(Finding(self.company_id, check, detail))
