"""환불 신청 and 환불 접수 현황, for prepaid masters."""

from http import HTTPStatus
from uuid import UUID

from flask_openapi3 import APIBlueprint, Tag

from chassis.access import caller, members
from chassis.files import UnknownFileType, sniff
from chassis.idempotency import idempotency_key, keyed
from chassis.paging import PageQuery, page_of, read_cursor
from chassis.uploads import read_upload
from wallet.api.refund_models import (
    Banks,
    BankView,
    FileQuery,
    FileView,
    LastView,
    PreviousAccount,
    QuoteQuery,
    QuoteView,
    RefundPage,
    RefundPath,
    RefundRequest,
    RefundView,
    refund_fields,
)
from wallet.api.tenancy import own_company_id
from wallet.application.ports import Transactions, UnitOfWork
from wallet.application.refund_files import KeepFile, keep_file
from wallet.application.refund_ports import FileStore
from wallet.application.refunds import RequestRefund, cancel_own_refund, quote_refund, request_refund
from wallet.domain.refund import BankAccount, FileUse, FormRules, Refund, RefundFile
from wallet.domain.refund_figures import RefundRules

OF_NO_TYPE = "application/octet-stream"


def refunds_blueprint(
    transactions: Transactions, files: FileStore, rules: RefundRules, form: FormRules, *, file_bytes_max: int
) -> APIBlueprint:
    """The routes under /v1/refunds."""
    blueprint = APIBlueprint("refunds", __name__, abp_tags=[Tag(name="refunds")])
    _add_form(blueprint, transactions, rules, form)
    _add_files(blueprint, transactions, files, file_bytes_max=file_bytes_max)
    _add_requests(blueprint, transactions, rules, form)
    return blueprint


def _add_form(blueprint: APIBlueprint, transactions: Transactions, rules: RefundRules, form: FormRules) -> None:
    """What the form shows before anything is asked for."""

    @blueprint.get("/v1/refunds/banks", responses={200: Banks})
    @members(roles={"master"})
    def list_banks() -> Banks:
        """The banks to choose from."""
        return Banks(items=[BankView(code=code, name=name) for code, name in form.banks.items()])

    @blueprint.get("/v1/refunds/quote", responses={200: QuoteView})
    @members(roles={"master"})
    def read_quote(query: QuoteQuery) -> QuoteView:
        """환불 예상 금액 of an amount, or of the whole balance; a refusal says why not."""
        with transactions() as uow:
            quote = quote_refund(own_company_id(), query.amount_krw, rules, uow)
        figures = quote.figures
        return QuoteView(
            amount_krw=figures.amount_krw,
            fee_free_krw=figures.fee_free_krw,
            fee_krw=figures.fee_krw,
            payout_krw=figures.payout_krw,
            balance_krw=quote.balance_krw,
        )

    @blueprint.get("/v1/refunds/last", responses={200: LastView})
    @members(roles={"master"})
    def read_last() -> LastView:
        """이전 등록 정보 불러오기: account and bank book of the last request, and the last proof."""
        company_id = own_company_id()
        with transactions() as uow:
            uow.companies.get(company_id).must_charge_in_advance()
            return _last_view(company_id, uow)


def _add_files(blueprint: APIBlueprint, transactions: Transactions, files: FileStore, *, file_bytes_max: int) -> None:
    """What is uploaded before a refund is asked for."""

    @blueprint.post("/v1/refunds/files", responses={201: FileView})
    @members(roles={"master"})
    def upload_file(query: FileQuery) -> tuple[FileView, int]:
        """Upload 통장사본 or a proof as multipart field `file`: jpg, pdf or png, a proof also as zip; 10 MB."""
        company_id = own_company_id()
        with transactions() as uow:
            uow.companies.get(company_id).must_charge_in_advance()
        upload = read_upload(bytes_max=file_bytes_max)
        command = KeepFile(company_id, query.use, upload.file_name, _content_type(upload.content), upload.content)
        return _file_view(keep_file(command, transactions, files)), HTTPStatus.CREATED


def _add_requests(blueprint: APIBlueprint, transactions: Transactions, rules: RefundRules, form: FormRules) -> None:
    """Requests and what became of them."""

    def shown(refund: Refund) -> RefundView:
        return RefundView.model_validate(refund_fields(refund, form.banks.get(refund.account.bank, "")))

    @blueprint.post("/v1/refunds", responses={201: RefundView})
    @members(roles={"master"})
    @keyed
    def create_refund(body: RefundRequest) -> tuple[RefundView, int]:
        """Ask for a refund; its amount leaves the balance at once."""
        company_id, member_id = own_company_id(), caller().subject_id

        def create(uow: UnitOfWork) -> UUID:
            account, bank_book_id = _account_of(body, company_id, uow)
            command = RequestRefund(
                company_id=company_id,
                member_id=member_id,
                amount_krw=body.amount_krw,
                shown_payout_krw=body.payout_krw,
                account=account,
                bank_book_id=bank_book_id,
                proof_id=body.proof_file_id,
                reason=body.reason,
            )
            return request_refund(command, rules, form, uow)

        with transactions() as uow:
            refund_id = uow.once(
                scope=str(company_id),
                key=idempotency_key(),
                operation="create_refund",
                body=body.model_dump(mode="json"),
                create=lambda: create(uow),
            )
            refund = uow.refunds.of_company(company_id, refund_id)
        return shown(refund), HTTPStatus.CREATED

    @blueprint.get("/v1/refunds", responses={200: RefundPage})
    @members(roles={"master"})
    def list_refunds(query: PageQuery) -> RefundPage:
        """환불 접수 현황, newest first."""
        key = read_cursor(query.cursor, UUID)
        before = None if key is None else key[0]
        with transactions() as uow:
            uow.companies.get(own_company_id()).must_charge_in_advance()
            rows = uow.refunds.page(
                company_id=own_company_id(),
                state=None,
                before_id=before,
                rows_max=query.limit + 1,
            )
        items, next_cursor = page_of(rows, query.limit, key=lambda refund: (refund.id,), show=shown)
        return RefundPage(items=items, next_cursor=next_cursor)

    @blueprint.get("/v1/refunds/<uuid:refund_id>", responses={200: RefundView})
    @members(roles={"master"})
    def read_refund(path: RefundPath) -> RefundView:
        """One refund of the company."""
        with transactions() as uow:
            return shown(uow.refunds.of_company(own_company_id(), path.refund_id))

    @blueprint.post("/v1/refunds/<uuid:refund_id>/cancel", responses={200: RefundView})
    @members(roles={"master"})
    def cancel_refund(path: RefundPath) -> RefundView:
        """[취소], while nobody has looked at it."""
        with transactions() as uow:
            cancel_own_refund(own_company_id(), path.refund_id, uow)
            return shown(uow.refunds.of_company(own_company_id(), path.refund_id))


def _account_of(body: RefundRequest, company_id: UUID, uow: UnitOfWork) -> tuple[BankAccount, UUID]:
    if isinstance(body.account, PreviousAccount):
        previous = uow.refunds.of_company(company_id, body.account.refund_id)
        return previous.account, previous.bank_book_id
    account = BankAccount(body.account.bank, body.account.account_number, body.account.holder)
    return account, body.account.bank_book_file_id


def _last_view(company_id: UUID, uow: UnitOfWork) -> LastView:
    last, proven = uow.refunds.last(company_id), uow.refunds.last(company_id, with_proof=True)
    bank_book = proof = None
    if last is not None:
        bank_book = _file_view(uow.refunds.file(company_id, last.bank_book_id, FileUse.BANK_BOOK))
    if proven is not None and proven.proof_id is not None:
        proof = _file_view(uow.refunds.file(company_id, proven.proof_id, FileUse.PROOF))
    return LastView(
        account_refund_id=last and last.id,
        bank=last and last.account.bank,
        account_number_masked=last and last.account.masked_number,
        holder=last and last.account.holder,
        bank_book=bank_book,
        proof=proof,
    )


def _file_view(file: RefundFile) -> FileView:
    return FileView(file_id=file.id, use=file.use, file_name=file.file_name, content_type=file.content_type)


def _content_type(content: bytes) -> str:
    try:
        return sniff(content)
    except UnknownFileType:
        return OF_NO_TYPE
