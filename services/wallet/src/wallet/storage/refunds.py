"""Refunds, what they took from which charge, and the files that go with them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, delete, exists, func, insert, or_, select, update

from wallet.domain.lots import Share
from wallet.domain.payback_errors import UnknownRefundError, UnknownRefundFileError
from wallet.domain.refund import BankAccount, FileUse, Refund, RefundFile, RefundState
from wallet.domain.refund_figures import RefundFigures
from wallet.storage.refund_tables import refund_files, refund_lots, refunds


class SqlRefunds:
    """`Refunds` over their tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, refund: Refund, shares: Sequence[Share]) -> None:
        """Keep a new refund and what it takes from which charge."""
        self._connection.execute(insert(refunds).values(**_row(refund)))
        rows = [
            {"refund_id": refund.id, "charge_id": share.charge_id, "amount_krw": share.amount_krw} for share in shares
        ]
        self._connection.execute(insert(refund_lots), rows)

    def get(self, refund_id: UUID) -> Refund:
        """The refund, its row held until the transaction ends. Raises `UnknownRefundError`."""
        return self._one(select(refunds).where(refunds.c.id == refund_id).with_for_update(), refund_id)

    def of_company(self, company_id: UUID, refund_id: UUID) -> Refund:
        """A company's own refund. Raises `UnknownRefundError`."""
        found = select(refunds).where(refunds.c.id == refund_id, refunds.c.company_id == company_id)
        return self._one(found, refund_id)

    def save(self, refund: Refund) -> None:
        """Write a refund's new state."""
        self._connection.execute(
            update(refunds)
            .where(refunds.c.id == refund.id)
            .values(
                state=refund.state.value,
                operator_id=refund.operator_id,
                decided_at=refund.decided_at,
                decision_reason=refund.decision_reason,
                payout_reference=refund.payout_reference,
                paid_on=refund.paid_on,
            )
        )

    def shares(self, refund_id: UUID) -> Sequence[Share]:
        """What the refund took from which charge."""
        rows = self._connection.execute(select(refund_lots).where(refund_lots.c.refund_id == refund_id))
        return [Share(row.charge_id, row.amount_krw) for row in rows]

    def last(self, company_id: UUID, *, with_proof: bool = False) -> Refund | None:
        """The company's latest request (with a proof); None when there is none."""
        found = select(refunds).where(refunds.c.company_id == company_id).order_by(refunds.c.id.desc()).limit(1)
        if with_proof:
            found = found.where(refunds.c.proof_id.is_not(None))
        row = self._connection.execute(found).one_or_none()
        return None if row is None else _refund(row)

    def page(
        self, *, company_id: UUID | None, state: RefundState | None, before_id: UUID | None, rows_max: int
    ) -> Sequence[Refund]:
        """Refunds of a company, or of all, newest first, from before one on."""
        found = select(refunds).order_by(refunds.c.id.desc()).limit(rows_max)
        if company_id is not None:
            found = found.where(refunds.c.company_id == company_id)
        if state is not None:
            found = found.where(refunds.c.state == state.value)
        if before_id is not None:
            found = found.where(refunds.c.id < before_id)
        return [_refund(row) for row in self._connection.execute(found)]

    def count_open(self, company_id: UUID) -> int:
        """How many refunds of a company are requested or under review."""
        is_open = refunds.c.state.in_([RefundState.REQUESTED.value, RefundState.REVIEWING.value])
        found = select(func.count()).select_from(refunds).where(refunds.c.company_id == company_id, is_open)
        return self._connection.scalar(found) or 0

    def add_file(self, file: RefundFile) -> None:
        """Keep that a file was uploaded."""
        self._connection.execute(
            insert(refund_files).values(
                id=file.id,
                company_id=file.company_id,
                use=file.use.value,
                file_name=file.file_name,
                content_type=file.content_type,
                store_key=file.store_key,
                uploaded_at=file.uploaded_at,
            )
        )

    def file(self, company_id: UUID, file_id: UUID, use: FileUse) -> RefundFile:
        """A company's own file of that use, kept from being discarded. Raises `UnknownRefundFileError`."""
        found = (
            select(refund_files)
            .where(
                refund_files.c.id == file_id,
                refund_files.c.company_id == company_id,
                refund_files.c.use == use.value,
                refund_files.c.discarded.is_(False),
            )
            .with_for_update(read=True)
        )
        row = self._connection.execute(found).one_or_none()
        if row is None:
            raise UnknownRefundFileError(file_id)
        return _file(row)

    def discard_strays(self, before: datetime, rows_max: int) -> Sequence[RefundFile]:
        """Discard files uploaded before a time that no refund refers to; none will be able to any more."""
        names_it = or_(refunds.c.bank_book_id == refund_files.c.id, refunds.c.proof_id == refund_files.c.id)
        strays = (
            select(refund_files.c.id)
            .where(refund_files.c.uploaded_at < before, ~exists().where(names_it))
            .limit(rows_max)
            .with_for_update(skip_locked=True)
        )
        discarded = update(refund_files).where(refund_files.c.id.in_(strays)).values(discarded=True)
        return [_file(row) for row in self._connection.execute(discarded.returning(refund_files))]

    def remove_file(self, file_id: UUID) -> None:
        """Forget a discarded file."""
        self._connection.execute(delete(refund_files).where(refund_files.c.id == file_id, refund_files.c.discarded))

    def _one(self, found: Select[Any], refund_id: UUID) -> Refund:
        row = self._connection.execute(found).one_or_none()
        if row is None:
            raise UnknownRefundError(refund_id)
        return _refund(row)


def _row(refund: Refund) -> dict[str, object]:
    return {
        "id": refund.id,
        "company_id": refund.company_id,
        "member_id": refund.member_id,
        "state": refund.state.value,
        "amount_krw": refund.figures.amount_krw,
        "fee_free_krw": refund.figures.fee_free_krw,
        "fee_krw": refund.figures.fee_krw,
        "bank": refund.account.bank,
        "account_number": refund.account.number,
        "account_holder": refund.account.holder,
        "bank_book_id": refund.bank_book_id,
        "proof_id": refund.proof_id,
        "reason": refund.reason,
        "requested_at": refund.requested_at,
    }


def _refund(row: Row[Any]) -> Refund:
    return Refund(
        id=row.id,
        company_id=row.company_id,
        member_id=row.member_id,
        state=RefundState(row.state),
        figures=RefundFigures(row.amount_krw, row.fee_free_krw, row.fee_krw),
        account=BankAccount(row.bank, row.account_number, row.account_holder),
        bank_book_id=row.bank_book_id,
        proof_id=row.proof_id,
        reason=row.reason,
        requested_at=row.requested_at,
        operator_id=row.operator_id,
        decided_at=row.decided_at,
        decision_reason=row.decision_reason,
        payout_reference=row.payout_reference,
        paid_on=row.paid_on,
    )


def _file(row: Row[Any]) -> RefundFile:
    return RefundFile(
        id=row.id,
        company_id=row.company_id,
        use=FileUse(row.use),
        file_name=row.file_name,
        content_type=row.content_type,
        store_key=row.store_key,
        uploaded_at=row.uploaded_at,
    )
