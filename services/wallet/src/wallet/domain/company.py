"""Wallet's own copies of what identity says: companies, members, and the cash-like permission."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from wallet.domain.errors import PostpaidOnlyError, PrepaidOnlyError, SuspendedCompanyError
from wallet.domain.holds import PaymentMethod
from wallet.domain.invoice_errors import InvoicesForPostpaidError


@dataclass(frozen=True)
class Company:
    """A company as far as its money is concerned."""

    id: UUID
    version: int
    active: bool
    method: PaymentMethod
    master_id: UUID
    name: str = ""
    representative_name: str = ""

    def must_charge_in_advance(self) -> None:
        """Raises `SuspendedCompanyError` or `PrepaidOnlyError` (WAL-01)."""
        if not self.active:
            raise SuspendedCompanyError(self.id)
        self.must_be_prepaid()

    def must_be_prepaid(self) -> None:
        """Raises `PrepaidOnlyError` (WAL-01)."""
        if self.method is not PaymentMethod.PREPAID:
            raise PrepaidOnlyError(self.id)

    def must_pay_later(self) -> None:
        """Raises `PostpaidOnlyError` (WAL-01)."""
        if self.method is not PaymentMethod.POSTPAID:
            raise PostpaidOnlyError(self.id)

    def must_be_invoiced(self) -> None:
        """Raises `SuspendedCompanyError` or `InvoicesForPostpaidError` (WAL-01)."""
        if not self.active:
            raise SuspendedCompanyError(self.id)
        if self.method is not PaymentMethod.POSTPAID:
            raise InvoicesForPostpaidError(self.id)


@dataclass(frozen=True)
class CreditContract:
    """후불 계약: what a postpaid company may order in a Seoul month, in KRW (WAL-11)."""

    company_id: UUID
    monthly_limit_krw: int
    starts_on: date


@dataclass(frozen=True)
class SealedAddress:
    """A mail address that this service cannot read."""

    key_id: str
    ciphertext: str = field(repr=False)


@dataclass(frozen=True)
class Member:
    """A member, by whom limits are granted and used."""

    id: UUID
    company_id: UUID
    version: int
    role: str
    state: str
    name: str
    sealed_email: SealedAddress | None = None
    """Where mails about money go; sealed as it came, for only messaging opens it."""


@dataclass(frozen=True)
class CashLikeGrant:
    """The permission to buy cash-like products and its limit a Seoul month, in KRW (IDN-23)."""

    company_id: UUID
    version: int
    permitted: bool
    monthly_limit_krw: int
