"""Refunds as the API takes and shows them."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from wallet.domain.refund import FileUse, Refund, RefundState

_Text = StringConstraints(strip_whitespace=True, min_length=1, max_length=100)


class RefundPath(BaseModel):
    refund_id: UUID


class QuoteQuery(BaseModel):
    amount_krw: int | None = Field(default=None, description="absent: the whole balance (전액신청)")


class QuoteView(BaseModel):
    """환불 예상 금액, and what it is made of."""

    amount_krw: int
    fee_free_krw: int = Field(description="charged within the last 7 days, which bears no fee")
    fee_krw: int
    payout_krw: int = Field(description="환불 예상 금액: to be sent with the request")
    balance_krw: int


class NewAccount(BaseModel):
    """An account as typed in."""

    kind: Literal["new"] = "new"
    bank: str = Field(max_length=20, description="a code of GET /v1/refunds/banks")
    account_number: Annotated[str, Field(pattern=r"^\d{6,20}$", description="digits only", repr=False)]
    holder: Annotated[str, _Text, Field(repr=False)]
    bank_book_file_id: UUID


class PreviousAccount(BaseModel):
    """이전 등록 정보 불러오기: the account of an earlier refund, its bank book included."""

    kind: Literal["previous"]
    refund_id: UUID


class RefundRequest(BaseModel):
    amount_krw: Annotated[int, Field(strict=True, description="whole KRW")]
    payout_krw: Annotated[int, Field(strict=True, description="what was shown beforehand")]
    account: Annotated[NewAccount | PreviousAccount, Field(discriminator="kind")]
    proof_file_id: UUID | None = Field(default=None, description="needed when the holder is not the member")
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]


class BankView(BaseModel):
    code: str
    name: str


class Banks(BaseModel):
    items: list[BankView]


class FileQuery(BaseModel):
    use: FileUse


class FileView(BaseModel):
    file_id: UUID
    use: FileUse
    file_name: str
    content_type: str


class LastView(BaseModel):
    """What the last requests had: the account, and the proof. Absent where there was none."""

    account_refund_id: UUID | None
    bank: str | None
    account_number_masked: str | None
    holder: str | None
    bank_book: FileView | None
    proof: FileView | None


class RefundView(BaseModel):
    """One row of 환불 접수 현황."""

    refund_id: UUID
    state: RefundState
    requested_at: datetime
    bank: str
    bank_name: str
    account_number_masked: str
    holder: str
    reason: str
    amount_krw: int
    fee_free_krw: int
    fee_krw: int
    payout_krw: int = Field(description="paid to the account once it is completed")
    decided_at: datetime | None
    decision_reason: str | None
    may_cancel: bool


class RefundPage(BaseModel):
    items: list[RefundView]
    next_cursor: str | None


class OperatorRefundView(RefundView):
    """What operators see beside it."""

    company_id: UUID
    member_id: UUID
    operator_id: UUID | None
    payout_reference: str | None
    paid_on: date | None


class OperatorRefundPage(BaseModel):
    items: list[OperatorRefundView]
    next_cursor: str | None


class RefundPapers(OperatorRefundView):
    """The whole request: the account to pay, and short-lived links to its files."""

    account_number: str = Field(repr=False)
    bank_book_url: str
    proof_url: str | None


class PayoutBody(BaseModel):
    """The transfer that paid it."""

    payout_reference: Annotated[str, _Text]
    paid_on: date


class GivingBackBody(BaseModel):
    """Why; the member is told."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


def refund_fields(refund: Refund, bank_name: str) -> dict[str, object]:
    """The fields of a refund that everybody who may see it sees."""
    return {
        "refund_id": refund.id,
        "state": refund.state,
        "requested_at": refund.requested_at,
        "bank": refund.account.bank,
        "bank_name": bank_name,
        "account_number_masked": refund.account.masked_number,
        "holder": refund.account.holder,
        "reason": refund.reason,
        "amount_krw": refund.figures.amount_krw,
        "fee_free_krw": refund.figures.fee_free_krw,
        "fee_krw": refund.figures.fee_krw,
        "payout_krw": refund.figures.payout_krw,
        "decided_at": refund.decided_at,
        "decision_reason": refund.decision_reason,
        "may_cancel": refund.state is RefundState.REQUESTED,
    }


def operator_fields(refund: Refund, bank_name: str) -> dict[str, object]:
    """The fields that operators see."""
    return refund_fields(refund, bank_name) | {
        "company_id": refund.company_id,
        "member_id": refund.member_id,
        "operator_id": refund.operator_id,
        "payout_reference": refund.payout_reference,
        "paid_on": refund.paid_on,
    }
