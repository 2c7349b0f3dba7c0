"""이월취소: what is taken off open invoices, and what is left over for the next one (WAL-14)."""

from dataclasses import dataclass, replace
from uuid import UUID

from contracts.audit import Act
from wallet.application.ports import UnitOfWork
from wallet.domain.invoice import CarriedPart, CarryOver, Invoice, allot

REVOKED_REASON = "청구서 발행 후 쿠폰 폐기"


@dataclass(frozen=True)
class EnterCarryOver:
    """An operator takes so many KRW off an invoice that is not paid yet, and says why."""

    invoice_id: UUID
    operator_id: UUID
    amount_krw: int
    reason: str


def enter_carry_over(command: EnterCarryOver, uow: UnitOfWork) -> UUID:
    """Take the amount off the invoice, the rest off later open ones, and keep what is left for the next; its id.

    Raises `UnknownInvoiceError`, `InvoicePaidError`.
    """
    # Invoices of a company change under its standstill only, as when they are made.
    uow.ledger.stand_still(uow.invoices.get(command.invoice_id).company_id)
    invoice = uow.invoices.get(command.invoice_id)
    invoice.must_be_open()
    entered = CarryOver(
        id=uow.new_id(),
        company_id=invoice.company_id,
        amount_krw=command.amount_krw,
        reason=command.reason,
        entered_at=uow.at,
        left_krw=0,
        operator_id=command.operator_id,
    )
    carry_over(entered, invoice.month, uow)
    act = Act(
        action="enter_carry_over",
        target_kind="invoice",
        target_id=str(invoice.id),
        company_id=invoice.company_id,
        reason=command.reason,
        before={"billed_krw": invoice.billed_krw},
        after={"billed_krw": uow.invoices.get(invoice.id).billed_krw, "amount_krw": command.amount_krw},
    )
    uow.outbox.add_act(command.operator_id, act)
    return entered.id


def carry_revoked_over(revocation_id: UUID, company_id: UUID, month: str, amount_krw: int, uow: UnitOfWork) -> None:
    """Coupons of an invoiced month were revoked: their price is carried over."""
    if amount_krw == 0:
        return
    entered = CarryOver(
        id=uow.new_id(),
        company_id=company_id,
        amount_krw=amount_krw,
        reason=REVOKED_REASON,
        entered_at=uow.at,
        left_krw=0,
        revocation_id=revocation_id,
    )
    carry_over(entered, month, uow)


def carry_over(entered: CarryOver, month: str, uow: UnitOfWork) -> None:
    """Spread a new carry-over over the open invoices from a month on; what is left waits for the next one."""
    open_invoices = [each for each in uow.invoices.unpaid(entered.company_id) if each.month >= month]
    parts, left_krw = allot(entered.amount_krw, open_invoices)
    uow.carry_overs.add(replace(entered, left_krw=left_krw), parts)
    of_id = {invoice.id: invoice for invoice in open_invoices}
    for part in parts:
        invoice = of_id[part.invoice_id]
        uow.invoices.save(replace(invoice, carried_krw=invoice.carried_krw + part.amount_krw))


def take_up_waiting(invoice: Invoice, uow: UnitOfWork) -> Invoice:
    """The invoice once it took up what is left of earlier carry-overs, as far as it asks for money."""
    for waiting in uow.carry_overs.waiting(invoice.company_id):
        part = CarriedPart(invoice.id, min(waiting.left_krw, invoice.billed_krw))
        if part.amount_krw > 0:
            uow.carry_overs.take_up(waiting, part)
            invoice = replace(invoice, carried_krw=invoice.carried_krw + part.amount_krw)
    uow.invoices.save(invoice)
    return invoice
