"""What the rules of money refuse. Each error carries its subject; none knows of HTTP or of a queue."""

from uuid import UUID


class WalletError(Exception):
    """The base of every error of this domain."""


class UnknownCompanyError(WalletError):
    """No copy of the company has arrived from identity yet."""

    def __init__(self, company_id: UUID) -> None:
        super().__init__(f"company {company_id} is not known yet")
        self.company_id = company_id


class SuspendedCompanyError(WalletError):
    """The company may not move money at present."""

    def __init__(self, company_id: UUID) -> None:
        super().__init__(f"company {company_id} is suspended")
        self.company_id = company_id


class PrepaidOnlyError(WalletError):
    """Charging and its history belong to prepaid masters (WAL-01)."""

    def __init__(self, company_id: UUID) -> None:
        super().__init__(f"company {company_id} does not pay in advance")
        self.company_id = company_id


class PostpaidOnlyError(WalletError):
    """Contract and invoices belong to postpaid companies (WAL-01)."""

    def __init__(self, company_id: UUID) -> None:
        super().__init__(f"company {company_id} does not pay later")
        self.company_id = company_id


class CompanyNotFrozenError(WalletError):
    """The state that lets a company begin nothing new has not been heard yet (IDN-28)."""

    def __init__(self, company_id: UUID) -> None:
        super().__init__(f"company {company_id} can still begin something")
        self.company_id = company_id


class UnbalancedPostingError(WalletError):
    """The entries of a posting are too few, or do not sum to zero (WAL-17)."""

    def __init__(self, cause: str, sum_krw: int) -> None:
        super().__init__(f"posting {cause} sums to {sum_krw} KRW")
        self.cause = cause
        self.sum_krw = sum_krw


class AccountShortError(WalletError):
    """A posting would take an account below zero (WAL-17)."""

    def __init__(self, company_id: UUID, cause: str) -> None:
        super().__init__(f"posting {cause} would take an account of {company_id} below zero")
        self.company_id = company_id
        self.cause = cause


class LimitShortError(WalletError):
    """A monthly limit has less left than is asked of it."""

    def __init__(self, scope: str, subject_id: UUID) -> None:
        super().__init__(f"the {scope} limit of {subject_id} is too small")
        self.scope = scope
        self.subject_id = subject_id


class LotsShortError(WalletError):
    """The charge lots hold less than the balance that they make up: the books are broken."""

    def __init__(self, missing_krw: int) -> None:
        super().__init__(f"{missing_krw} KRW are in no charge lot")
        self.missing_krw = missing_krw


class UnknownHoldError(WalletError):
    """Nothing was decided about the order yet: what refers to its hold came too early."""

    def __init__(self, order_id: UUID) -> None:
        super().__init__(f"order {order_id} has no hold yet")
        self.order_id = order_id


class NeverHeldError(WalletError):
    """The order was refused or withdrawn, so nothing of it can be captured or released."""

    def __init__(self, order_id: UUID) -> None:
        super().__init__(f"order {order_id} was decided without a hold")
        self.order_id = order_id


class HoldExceededError(WalletError):
    """More would be captured or released than the hold still has open (WAL-18)."""

    def __init__(self, order_id: UUID, amount_krw: int, open_krw: int) -> None:
        super().__init__(f"order {order_id}: {amount_krw} KRW asked of {open_krw} KRW open")
        self.order_id = order_id
        self.amount_krw = amount_krw
        self.open_krw = open_krw


class ContendedFundsError(WalletError):
    """The figures changed under every judgement; the order is judged again by redelivery."""

    def __init__(self, order_id: UUID) -> None:
        super().__init__(f"the figures of order {order_id} kept changing")
        self.order_id = order_id


class UnknownChargeError(WalletError):
    """The company has no charge of this id."""

    def __init__(self, charge_id: UUID) -> None:
        super().__init__(f"no charge {charge_id}")
        self.charge_id = charge_id


class ChargeAmountRangeError(WalletError):
    """A charge lies outside what may be charged at once (WAL-02)."""

    def __init__(self, amount_krw: int, min_krw: int, max_krw: int) -> None:
        super().__init__(f"{amount_krw} KRW is not within {min_krw} to {max_krw} KRW")
        self.amount_krw = amount_krw
        self.min_krw = min_krw
        self.max_krw = max_krw


class ChargeMethodOffError(WalletError):
    """The means of payment is switched off (WAL-02)."""

    def __init__(self, method: str) -> None:
        super().__init__(f"charging by {method} is switched off")
        self.method = method


class DepositBankError(WalletError):
    """Virtual accounts are not issued at this bank (WAL-02)."""

    def __init__(self, bank_code: str | None) -> None:
        super().__init__(f"no virtual accounts at bank {bank_code}")
        self.bank_code = bank_code


class ChargeAmountDiffersError(WalletError):
    """The amount to confirm is not the amount that was requested (WAL-03)."""

    def __init__(self, charge_id: UUID, requested_krw: int, confirmed_krw: int) -> None:
        super().__init__(f"charge {charge_id}: {confirmed_krw} KRW instead of {requested_krw} KRW")
        self.charge_id = charge_id
        self.requested_krw = requested_krw
        self.confirmed_krw = confirmed_krw


class ChargeStateError(WalletError):
    """The charge is in a state from which the asked step does not exist."""

    def __init__(self, charge_id: UUID, state: str) -> None:
        super().__init__(f"charge {charge_id} is {state}")
        self.charge_id = charge_id
        self.state = state


class PaymentKeyDiffersError(WalletError):
    """The charge is being confirmed under another payment of the provider."""

    def __init__(self, charge_id: UUID) -> None:
        super().__init__(f"charge {charge_id} is confirmed under another payment")
        self.charge_id = charge_id


class PaymentKeyTakenError(WalletError):
    """The provider's payment stands behind another charge already."""

    def __init__(self, charge_id: UUID) -> None:
        super().__init__(f"the payment given for charge {charge_id} belongs to another charge")
        self.charge_id = charge_id


class LimitAboveCapError(WalletError):
    """A sub-member's limit is from 0 to what the master has when it is set (WAL-16)."""

    def __init__(self, limit_krw: int, cap_krw: int) -> None:
        super().__init__(f"{limit_krw} KRW is not within 0 to {cap_krw} KRW")
        self.limit_krw = limit_krw
        self.cap_krw = cap_krw


class UnknownSubMemberError(WalletError):
    """The company has no sub-member of this id."""

    def __init__(self, member_id: UUID) -> None:
        super().__init__(f"no sub-member {member_id}")
        self.member_id = member_id


class TooManyLinesError(WalletError):
    """A workbook would have more lines than it takes: a shorter period has to be asked for."""

    def __init__(self, rows_max: int) -> None:
        super().__init__(f"more than {rows_max} lines")
        self.rows_max = rows_max
