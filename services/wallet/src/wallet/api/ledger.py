"""Operators' view of the books."""

from uuid import UUID

from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, Field

from chassis.access import operators
from chassis.paging import PageQuery, page_of, read_cursor
from wallet.api.wallet import EntryModel, WalletModel, entry_of, model_of
from wallet.application.ports import Transactions
from wallet.application.queries import balances_of
from wallet.application.verification import Books, LedgerProof, prove_ledger


class FindingModel(BaseModel):
    company_id: UUID
    check: str = Field(examples=["chain", "balance", "holds", "captures", "lots", "monthly_use"])
    detail: str


class ProofModel(BaseModel):
    """`proven` is true when nothing was found wrong."""

    proven: bool
    companies: int
    postings: int
    findings: list[FindingModel]


class CompanyPath(BaseModel):
    company_id: UUID


class CompanyLedger(BaseModel):
    wallet: WalletModel
    items: list[EntryModel]
    next_cursor: str | None


def ledger_blueprint(transactions: Transactions, books: Books) -> APIBlueprint:
    """The routes of the admin port about the books, for the roles `finance` and `admin`."""
    blueprint = APIBlueprint("ledger", __name__, abp_tags=[Tag(name="ledger")])

    @blueprint.get("/admin/ledger/verify", responses={200: ProofModel})
    @operators(roles={"finance", "admin"})
    def verify_ledger() -> ProofModel:
        """Prove sums, chains, balances, holds, captures, lots and monthly use of every company."""
        return proof_model(prove_ledger(books))

    @blueprint.get("/admin/companies/<uuid:company_id>/ledger", responses={200: CompanyLedger})
    @operators(roles={"finance", "admin", "support"})
    def read_company_ledger(path: CompanyPath, query: PageQuery) -> CompanyLedger:
        """A company's money and the movements of its balance, newest first."""
        key = read_cursor(query.cursor, int)
        with transactions() as uow:
            view = balances_of(path.company_id, uow)
            lines = uow.histories.lines(
                path.company_id, before_seq=None if key is None else key[0], rows_max=query.limit + 1
            )
        items, next_cursor = page_of(lines, query.limit, key=lambda line: (line.seq,), show=entry_of)
        wallet = model_of(view, by_sub_member=False)
        return CompanyLedger(wallet=wallet, items=items, next_cursor=next_cursor)

    return blueprint


def proof_model(proof: LedgerProof) -> ProofModel:
    """A proof as the API and the command show it."""
    findings = [
        FindingModel(company_id=finding.company_id, check=finding.check, detail=finding.detail)
        for finding in proof.findings
    ]
    return ProofModel(proven=not findings, companies=proof.companies, postings=proof.postings, findings=findings)
