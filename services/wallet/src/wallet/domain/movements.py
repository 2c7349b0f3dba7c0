"""The postings of this service: which accounts each movement of money touches, and what names it for ever."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wallet.domain.cancellation import Cancellation
from wallet.domain.charge import Charge
from wallet.domain.funds import UseScope
from wallet.domain.holds import Hold, PaymentMethod
from wallet.domain.ledger import Account, Entry, Posting, PostingKind, transfer
from wallet.domain.refund import Refund
from wallet.domain.take_back import TakeBack


@dataclass(frozen=True)
class Chunk:
    """Part of an order that was worked on together; (order, chunk, wave) is never used for two."""

    order_id: UUID
    chunk_no: int
    wave: int

    @property
    def cause(self) -> str:
        """The beginning of the causes that a chunk's outcomes are posted under."""
        return f"order:{self.order_id}:chunk:{self.chunk_no}:wave:{self.wave}"


@dataclass(frozen=True)
class Release:
    """Money on its way from a hold back to where it came from, of it so much for cash-like products."""

    kind: PostingKind
    cause: str
    amount_krw: int
    cash_like_krw: int


def crediting(charge: Charge, posting_id: UUID, at: datetime) -> Posting:
    """A charge: from the provider's clearing to the balance."""
    return Posting(
        id=posting_id,
        company_id=charge.company_id,
        kind=PostingKind.CHARGE,
        cause=f"charge:{charge.id}:credit",
        at=at,
        entries=transfer(Account.PROVIDER_CLEARING, Account.BALANCE, charge.amount_krw),
        charge_id=charge.id,
    )


def reserving(hold: Hold, posting_id: UUID, at: datetime) -> Posting:
    """A placed order: from the balance, or on credit, to the holds."""
    return Posting(
        id=posting_id,
        company_id=hold.company_id,
        kind=PostingKind.RESERVE,
        cause=f"order:{hold.order_id}:reserve",
        at=at,
        entries=transfer(_source(hold), Account.HOLDS, hold.amount_krw),
        order_id=hold.order_id,
    )


def capturing(hold: Hold, chunk: Chunk, amount_krw: int, posting_id: UUID, at: datetime) -> Posting:
    """A chunk's issued coupons: from the holds to sales."""
    return Posting(
        id=posting_id,
        company_id=hold.company_id,
        kind=PostingKind.CAPTURE,
        cause=f"{chunk.cause}:issued",
        at=at,
        entries=transfer(Account.HOLDS, Account.SALES, amount_krw),
        order_id=hold.order_id,
    )


def releasing(hold: Hold, release: Release, posting_id: UUID, at: datetime) -> Posting:
    """What comes back of an order: from the holds to where it was taken."""
    return Posting(
        id=posting_id,
        company_id=hold.company_id,
        kind=release.kind,
        cause=release.cause,
        at=at,
        entries=transfer(Account.HOLDS, _source(hold), release.amount_krw),
        order_id=hold.order_id,
    )


def revoking(hold: Hold, cause: str, amount_krw: int, posting_id: UUID, at: datetime) -> Posting:
    """Revoked coupons that are repaid: from sales to where their price was taken (ORD-32)."""
    return Posting(
        id=posting_id,
        company_id=hold.company_id,
        kind=PostingKind.REVOCATION,
        cause=cause,
        at=at,
        entries=transfer(Account.SALES, _source(hold), amount_krw),
        order_id=hold.order_id,
    )


def cancelling_charge(cancellation: Cancellation, posting_id: UUID, at: datetime) -> Posting:
    """충전취소: the credit leaves the balance before the provider is asked (WAL-06)."""
    return Posting(
        id=posting_id,
        company_id=cancellation.company_id,
        kind=PostingKind.CHARGE_CANCEL,
        cause=f"{cancellation.key}:request",
        at=at,
        entries=transfer(Account.BALANCE, Account.PAYBACKS, cancellation.amount_krw),
        charge_id=cancellation.charge_id,
    )


def paying_back_charge(cancellation: Cancellation, posting_id: UUID, at: datetime) -> Posting:
    """The provider sent back what the fee leaves, out of what it collects for us."""
    parts = (
        Entry(Account.PAYBACKS, -cancellation.amount_krw),
        Entry(Account.PROVIDER_CLEARING, cancellation.payout_krw),
        Entry(Account.FEES, cancellation.fee_krw),
    )
    return Posting(
        id=posting_id,
        company_id=cancellation.company_id,
        kind=PostingKind.CHARGE_CANCEL_PAYOUT,
        cause=f"{cancellation.key}:payout",
        at=at,
        entries=_moved(*parts),
        charge_id=cancellation.charge_id,
    )


def keeping_charge(cancellation: Cancellation, posting_id: UUID, at: datetime) -> Posting:
    """The provider refused: the credit is on the balance again."""
    return Posting(
        id=posting_id,
        company_id=cancellation.company_id,
        kind=PostingKind.CHARGE_CANCEL_RETURN,
        cause=f"{cancellation.key}:return",
        at=at,
        entries=transfer(Account.PAYBACKS, Account.BALANCE, cancellation.amount_krw),
        charge_id=cancellation.charge_id,
    )


def taking_back(take_back: TakeBack, posting_id: UUID, at: datetime) -> Posting:
    """입금취소: off the balance as far as it goes; what was spent already is owed by the company (WAL-02)."""
    return Posting(
        id=posting_id,
        company_id=take_back.company_id,
        kind=PostingKind.TAKE_BACK,
        cause=take_back.key,
        at=at,
        entries=_parts_of(take_back, 1),
        charge_id=take_back.charge_id,
    )


def returning_take_back(take_back: TakeBack, posting_id: UUID, at: datetime) -> Posting:
    """The deposit came again: what it was recovered from is free again, and nothing is owed any more."""
    return Posting(
        id=posting_id,
        company_id=take_back.company_id,
        kind=PostingKind.TAKE_BACK_RETURN,
        cause=f"{take_back.key}:return",
        at=at,
        entries=_parts_of(take_back, -1),
        charge_id=take_back.charge_id,
    )


def settling_claim(take_back: TakeBack, charge: Charge, amount_krw: int, posting_id: UUID, at: datetime) -> Posting:
    """What a company owes is taken off its next charge."""
    return Posting(
        id=posting_id,
        company_id=take_back.company_id,
        kind=PostingKind.CLAIM_SETTLEMENT,
        cause=f"{take_back.key}:settled-by:{charge.id}",
        at=at,
        entries=transfer(Account.BALANCE, Account.CLAIMS, amount_krw),
        charge_id=take_back.charge_id,
    )


def requesting_refund(refund: Refund, posting_id: UUID, at: datetime) -> Posting:
    """환불신청: the whole amount leaves the balance at once (WAL-07)."""
    return Posting(
        id=posting_id,
        company_id=refund.company_id,
        kind=PostingKind.REFUND_REQUEST,
        cause=f"refund:{refund.id}:request",
        at=at,
        entries=transfer(Account.BALANCE, Account.PAYBACKS, refund.figures.amount_krw),
        refund_id=refund.id,
    )


def paying_out_refund(refund: Refund, posting_id: UUID, at: datetime) -> Posting:
    """환불 완료: what was paid to the bank account, and the fee kept."""
    figures = refund.figures
    parts = (
        Entry(Account.PAYBACKS, -figures.amount_krw),
        Entry(Account.PAID_OUT, figures.payout_krw),
        Entry(Account.FEES, figures.fee_krw),
    )
    return Posting(
        id=posting_id,
        company_id=refund.company_id,
        kind=PostingKind.REFUND_PAYOUT,
        cause=f"refund:{refund.id}:payout",
        at=at,
        entries=_moved(*parts),
        refund_id=refund.id,
    )


def returning_refund(refund: Refund, kind: PostingKind, posting_id: UUID, at: datetime) -> Posting:
    """환불반려, 환불취소: the whole amount is on the balance again (WAL-10)."""
    return Posting(
        id=posting_id,
        company_id=refund.company_id,
        kind=kind,
        cause=f"refund:{refund.id}:return",
        at=at,
        entries=transfer(Account.PAYBACKS, Account.BALANCE, refund.figures.amount_krw),
        refund_id=refund.id,
    )


def uses(hold: Hold, amount_krw: int, cash_like_krw: int) -> tuple[tuple[UseScope, int], ...]:
    """The monthly limits that an amount of a hold counts against, and by how much."""
    counted = (
        (UseScope.CREDIT_LINE, amount_krw if hold.method is PaymentMethod.POSTPAID else 0),
        (UseScope.SPENDING, amount_krw if hold.by_sub_member else 0),
        (UseScope.CASH_LIKE, cash_like_krw),
    )
    return tuple((scope, used_krw) for scope, used_krw in counted if used_krw > 0)


def use_subject(hold: Hold, scope: UseScope) -> UUID:
    """Whose limit a use counts against: the sub-member's own, else the company's."""
    return hold.member_id if scope is UseScope.SPENDING else hold.company_id


def _parts_of(take_back: TakeBack, sign: int) -> tuple[Entry, ...]:
    parts = (
        Entry(Account.PROVIDER_CLEARING, sign * take_back.amount_krw),
        Entry(Account.BALANCE, -sign * take_back.recovered_krw),
        Entry(Account.CLAIMS, -sign * take_back.claim_krw),
    )
    return _moved(*parts)


def _moved(*parts: Entry) -> tuple[Entry, ...]:
    return tuple(entry for entry in parts if entry.amount_krw != 0)


def _source(hold: Hold) -> Account:
    return Account.BALANCE if hold.method is PaymentMethod.PREPAID else Account.RECEIVABLE
