"""The operators' review queue of refunds (WAL-10)."""

from uuid import UUID

from flask_openapi3 import APIBlueprint, Tag
from pydantic import Field

from chassis.access import caller, operators
from chassis.paging import PageQuery, page_of, read_cursor
from contracts.audit import Act
from wallet.api.refund_models import (
    GivingBackBody,
    OperatorRefundPage,
    OperatorRefundView,
    PayoutBody,
    RefundPapers,
    RefundPath,
    operator_fields,
)
from wallet.application.ports import Transactions, UnitOfWork
from wallet.application.refund_decisions import (
    CompleteRefund,
    GiveBackRefund,
    cancel_refund,
    complete_refund,
    reject_refund,
    take_refund,
)
from wallet.application.refund_ports import FileStore
from wallet.domain.refund import FileUse, FormRules, Refund, RefundState

_READERS = {"support", "finance", "admin"}
_DECIDERS = {"finance", "admin"}
_ONE = "/admin/refunds/<uuid:refund_id>"


class QueueQuery(PageQuery):
    """Which refunds."""

    state: RefundState | None = Field(default=None, description="absent: all")


def admin_refunds_blueprint(
    transactions: Transactions, files: FileStore, form: FormRules, *, link_seconds: int
) -> APIBlueprint:
    """The routes of the admin port about refunds: `support` reads the queue, `finance` and `admin` decide."""
    blueprint = APIBlueprint("admin_refunds", __name__, abp_tags=[Tag(name="refunds")])

    def shown(refund: Refund) -> OperatorRefundView:
        return OperatorRefundView.model_validate(operator_fields(refund, form.banks.get(refund.account.bank, "")))

    def again(refund_id: UUID, uow: UnitOfWork) -> OperatorRefundView:
        return shown(uow.refunds.get(refund_id))

    @blueprint.get("/admin/refunds", responses={200: OperatorRefundPage})
    @operators(roles=_READERS)
    def list_refunds(query: QueueQuery) -> OperatorRefundPage:
        """Refunds, newest first; account numbers are masked."""
        key = read_cursor(query.cursor, UUID)
        before = None if key is None else key[0]
        with transactions() as uow:
            rows = uow.refunds.page(
                company_id=None,
                state=query.state,
                before_id=before,
                rows_max=query.limit + 1,
            )
        items, next_cursor = page_of(rows, query.limit, key=lambda refund: (refund.id,), show=shown)
        return OperatorRefundPage(items=items, next_cursor=next_cursor)

    @blueprint.get(_ONE, responses={200: RefundPapers})
    @operators(roles=_DECIDERS)
    def read_refund(path: RefundPath) -> RefundPapers:
        """The whole request with the account in clear and links to its files; that it was read is in the audit log."""
        with transactions() as uow:
            refund = uow.refunds.get(path.refund_id)
            bank_book = uow.refunds.file(refund.company_id, refund.bank_book_id, FileUse.BANK_BOOK)
            proof = refund.proof_id and uow.refunds.file(refund.company_id, refund.proof_id, FileUse.PROOF)
            act = Act("read_refund_account", "refund", str(refund.id), company_id=refund.company_id)
            uow.outbox.add_act(caller().subject_id, act)
        return RefundPapers.model_validate(
            operator_fields(refund, form.banks.get(refund.account.bank, ""))
            | {
                "account_number": refund.account.number,
                "bank_book_url": files.link(bank_book.store_key, link_seconds),
                "proof_url": proof and files.link(proof.store_key, link_seconds),
            }
        )

    @blueprint.post(f"{_ONE}/take", responses={200: OperatorRefundView})
    @operators(roles=_DECIDERS)
    def take(path: RefundPath) -> OperatorRefundView:
        """환불 검토."""
        with transactions() as uow:
            take_refund(path.refund_id, caller().subject_id, uow)
            return again(path.refund_id, uow)

    @blueprint.post(f"{_ONE}/complete", responses={200: OperatorRefundView})
    @operators(roles=_DECIDERS)
    def complete(path: RefundPath, body: PayoutBody) -> OperatorRefundView:
        """환불 완료: it was paid out; the member is mailed."""
        command = CompleteRefund(path.refund_id, caller().subject_id, body.payout_reference, body.paid_on)
        with transactions() as uow:
            complete_refund(command, uow)
            return again(path.refund_id, uow)

    @blueprint.post(f"{_ONE}/reject", responses={200: OperatorRefundView})
    @operators(roles=_DECIDERS)
    def reject(path: RefundPath, body: GivingBackBody) -> OperatorRefundView:
        """환불 반려: the whole amount is on the balance again; the member is mailed the reason."""
        with transactions() as uow:
            reject_refund(GiveBackRefund(path.refund_id, caller().subject_id, body.reason), uow)
            return again(path.refund_id, uow)

    @blueprint.post(f"{_ONE}/cancel", responses={200: OperatorRefundView})
    @operators(roles=_DECIDERS)
    def cancel(path: RefundPath, body: GivingBackBody) -> OperatorRefundView:
        """환불 취소 on the member's word."""
        with transactions() as uow:
            cancel_refund(GiveBackRefund(path.refund_id, caller().subject_id, body.reason), uow)
            return again(path.refund_id, uow)

    return blueprint
