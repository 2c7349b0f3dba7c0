"""A company that was approved, and the business data that others know of it (IDN-23, IDN-25, IDN-27)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from identity.domain.business_number import BusinessNumber
from identity.domain.errors import CompanyStateRefusedError, InvalidValueError, StaleChangeError


class CompanyState(StrEnum):
    """Whether the company may use the service."""

    APPROVED = "approved"
    CHANGING_PAYMENT = "changing_payment"
    SUSPENDED = "suspended"


class CompanyAct(StrEnum):
    """What happens to a company and all of its members; only the first two are an operator's to choose."""

    SUSPEND = "suspend"
    RESUME = "resume"
    BEGIN_PAYMENT_CHANGE = "begin_payment_change"
    END_PAYMENT_CHANGE = "end_payment_change"


COMPANY_TRANSITIONS: Mapping[tuple[CompanyState, CompanyAct], CompanyState] = {
    (CompanyState.APPROVED, CompanyAct.SUSPEND): CompanyState.SUSPENDED,
    (CompanyState.APPROVED, CompanyAct.BEGIN_PAYMENT_CHANGE): CompanyState.CHANGING_PAYMENT,
    (CompanyState.CHANGING_PAYMENT, CompanyAct.END_PAYMENT_CHANGE): CompanyState.APPROVED,
    (CompanyState.CHANGING_PAYMENT, CompanyAct.SUSPEND): CompanyState.SUSPENDED,
    (CompanyState.SUSPENDED, CompanyAct.RESUME): CompanyState.APPROVED,
}
"""Whatever stands in no row is refused."""


class PaymentMethod(StrEnum):
    """선불 / 후불."""

    PREPAID = "prepaid"
    POSTPAID = "postpaid"


@dataclass(frozen=True)
class CashLike:
    """환금성 구매 권한: the limit in KRW a Seoul month at sale prices, shared by all members (IDN-23)."""

    permitted: bool = False
    monthly_limit_krw: int = 0
    version: int = 0
    """0 as long as no operator said anything."""

    def change(self, *, permitted: bool, monthly_limit_krw: int) -> "CashLike":
        """Granted with a limit, or revoked without one. Raises `InvalidValueError`."""
        if permitted != (monthly_limit_krw > 0):
            raise InvalidValueError(
                "monthly_limit_krw",
                "권한을 줄 때는 1원 이상의 한도를, 거둘 때는 0원을 정합니다.",
                "A grant comes with a limit of at least 1 KRW, a revocation with 0.",
            )
        return CashLike(permitted, monthly_limit_krw, self.version + 1)


@dataclass(frozen=True)
class Company:
    """One company with exactly one master; `generation` is the lowest valid one of its members' tokens."""

    id: UUID
    sign_up_id: UUID
    name: str
    representative_name: str
    business_number: BusinessNumber
    payment_method: PaymentMethod
    master_id: UUID
    approved_at: datetime
    state: CompanyState = CompanyState.APPROVED
    cash_like: CashLike = CashLike()
    generation: int = 1
    version: int = 1

    def act(self, act: CompanyAct) -> "Company":
        """The company after the act; a suspension makes every token of its members worthless.

        Raises `CompanyStateRefusedError`.
        """
        state = COMPANY_TRANSITIONS.get((self.state, act))
        if state is None:
            raise CompanyStateRefusedError(self.state.value)
        generation = self.generation + (act is CompanyAct.SUSPEND)
        return replace(self, state=state, generation=generation, version=self.version + 1)

    @property
    def lets_in(self) -> bool:
        """Whether its members log in; during a change of payment they only order nothing (IDN-28)."""
        return self.state is not CompanyState.SUSPENDED

    def pay_by(self, method: PaymentMethod) -> "Company":
        """The payment method that an operator changed to (IDN-28); the act that ends the change counts the version."""
        return replace(self, payment_method=method)

    def change_names(self, name: str, representative_name: str) -> "Company":
        """The business data that a review accepted."""
        return replace(self, name=name, representative_name=representative_name, version=self.version + 1)


class ChangeState(StrEnum):
    """Where a change of business data stands."""

    WAITING = "waiting"
    REPLACED = "replaced"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True)
class BusinessChange:
    """상호명 and 대표자명 as the master wants them, until an operator decides (IDN-25)."""

    id: UUID
    company_id: UUID
    requested_by: UUID
    name: str
    representative_name: str
    requested_at: datetime
    state: ChangeState = ChangeState.WAITING
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    reason: str | None = None

    def take_back(self) -> "BusinessChange":
        """The master entered something else before anybody decided."""
        return replace(self, state=ChangeState.REPLACED)

    def decide(self, operator_id: UUID, at: datetime, *, reason: str | None) -> "BusinessChange":
        """Approved, or rejected with a reason. Raises `StaleChangeError` when it does not wait any more."""
        if self.state is not ChangeState.WAITING:
            raise StaleChangeError
        state = ChangeState.APPROVED if reason is None else ChangeState.REJECTED
        return replace(self, state=state, decided_by=operator_id, decided_at=at, reason=reason)
