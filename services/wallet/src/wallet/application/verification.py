"""Proving the ledger: every company's sums, chain, balances, holds, captures, lots and monthly use (WAL-17, WAL-18)."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from wallet.domain.proof import CompanyProof, Finding, PostedLine, Totals

FINDINGS_MAX = 100
"""A broken ledger is told by its first findings; the rest would only repeat them."""


class CompanyBooks(Protocol):
    """One company's books, standing still while they are read."""

    def lines(self) -> Iterator[Sequence[PostedLine]]:
        """Its postings in order, in batches."""

    def totals(self) -> Totals:
        """The stored figures that have to agree with its postings."""


class Books(Protocol):
    """All books."""

    def company_ids(self) -> Iterator[UUID]:
        """Every company that has accounts."""

    def open(self, company_id: UUID) -> AbstractContextManager[CompanyBooks]:
        """A company's books as they stand at this moment."""


@dataclass(frozen=True)
class LedgerProof:
    """What was looked at, and what is wrong; no finding means proven."""

    companies: int
    postings: int
    findings: tuple[Finding, ...]


def prove_ledger(books: Books) -> LedgerProof:
    """Prove every company's books, one after another."""
    companies = 0
    postings = 0
    findings: list[Finding] = []
    for company_id in books.company_ids():
        proof = CompanyProof(company_id)
        with books.open(company_id) as company:
            for batch in company.lines():
                proof.feed(batch)
            findings.extend(proof.finish(company.totals()))
        companies += 1
        postings += proof.postings
        if len(findings) >= FINDINGS_MAX:
            break
    return LedgerProof(companies, postings, tuple(findings[:FINDINGS_MAX]))
