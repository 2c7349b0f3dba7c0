"""What the rules of invoices and revocations refuse."""

from uuid import UUID

from wallet.domain.errors import PostpaidOnlyError, WalletError


class InvoicesForPostpaidError(PostpaidOnlyError):
    """후불 납부 관리 is for postpaid masters only (WAL-01)."""


class UnknownInvoiceError(WalletError):
    """The company has no invoice of this id, or it was kept as long as invoices are kept."""

    def __init__(self, invoice_id: UUID) -> None:
        super().__init__(f"no invoice {invoice_id}")
        self.invoice_id = invoice_id


class InvoicePaidError(WalletError):
    """The invoice was marked paid: carry-overs and restatements are over (WAL-14)."""

    def __init__(self, invoice_id: UUID) -> None:
        super().__init__(f"invoice {invoice_id} is paid")
        self.invoice_id = invoice_id


class UnknownIssuingMonthError(WalletError):
    """Ordering has not closed this month of the company."""

    def __init__(self, company_id: UUID, month: str) -> None:
        super().__init__(f"{month} of {company_id} is not closed")
        self.company_id = company_id
        self.month = month


class NothingToRestateError(WalletError):
    """Nothing was captured after the month was settled."""

    def __init__(self, company_id: UUID, month: str) -> None:
        super().__init__(f"{month} of {company_id} has nothing that is not invoiced")
        self.company_id = company_id
        self.month = month


class ContradictoryClosingError(WalletError):
    """A month that was closed was closed again with other figures."""

    def __init__(self, company_id: UUID, month: str) -> None:
        super().__init__(f"{month} of {company_id} was closed with other figures before")


class ContradictoryRevocationError(WalletError):
    """The months of a revocation do not add up to what was revoked."""

    def __init__(self, revocation_id: UUID) -> None:
        super().__init__(f"the months of revocation {revocation_id} do not add up")


class NotCapturedYetError(WalletError):
    """More coupons of an order were revoked than are known to have been issued: the rest is on its way."""

    def __init__(self, order_id: UUID) -> None:
        super().__init__(f"order {order_id} was not captured so far")
        self.order_id = order_id
