"""Receipts of charges and of their cancellations, made from the books' data at each asking (WAL-05)."""

from uuid import UUID

from wallet.application.ports import UnitOfWork
from wallet.domain.charge import Charge
from wallet.domain.receipt import Receipt, Supplier, cancellation_receipt_of, receipt_of


def charge_receipt(company_id: UUID, charge_id: UUID, supplier: Supplier, uow: UnitOfWork) -> Receipt:
    """결제 영수증 of a company's charge. Raises `PrepaidOnlyError`, `UnknownChargeError`, `ChargeStateError`."""
    uow.companies.get(company_id).must_be_prepaid()
    charge = uow.charges.of_company(company_id, charge_id)
    return receipt_of(charge, _payer(charge, uow), supplier, uow.at)


def cancellation_receipt(company_id: UUID, charge_id: UUID, supplier: Supplier, uow: UnitOfWork) -> Receipt:
    """결제 취소 영수증 of a company's charge. Raises `PrepaidOnlyError`, `UnknownChargeError`, `ChargeStateError`."""
    uow.companies.get(company_id).must_be_prepaid()
    charge = uow.charges.of_company(company_id, charge_id)
    cancellation = uow.cancellations.last_of(charge_id)
    return cancellation_receipt_of(charge, cancellation, _payer(charge, uow), supplier, uow.at)


def _payer(charge: Charge, uow: UnitOfWork) -> str:
    """주문자: the member who paid, and the company."""
    company, member = uow.companies.get(charge.company_id), uow.companies.member(charge.member_id)
    return company.name if member is None else f"{company.name} {member.name}"
