"""결제 영수증 and 결제 취소 영수증 of a charge (WAL-05)."""

from dataclasses import dataclass
from datetime import datetime

from wallet.domain.cancellation import Cancellation, CancellationState
from wallet.domain.charge import Charge, ChargeMethod, ChargeState
from wallet.domain.errors import ChargeStateError

METHODS = {
    ChargeMethod.CARD: "신용카드",
    ChargeMethod.TRANSFER: "실시간 계좌이체",
    ChargeMethod.VIRTUAL_ACCOUNT: "가상계좌",
}


@dataclass(frozen=True)
class Supplier:
    """공급자, as it stands on every document (ORD-31)."""

    business_number: str
    name: str
    address: str
    representative_name: str


@dataclass(frozen=True)
class Receipt:
    """What a receipt says; with `cancellation` it is the one of the cancellation."""

    issued_at: datetime
    supplier: Supplier
    provider_order_id: str
    payer: str
    paid_at: datetime
    method_ko: str
    amount_krw: int
    cancellation: Cancellation | None = None

    @property
    def title(self) -> str:
        """What stands at its top."""
        return "결제 영수증" if self.cancellation is None else "결제 취소 영수증"


def receipt_of(charge: Charge, payer: str, supplier: Supplier, at: datetime) -> Receipt:
    """결제 영수증. Raises `ChargeStateError` for a charge that was never paid."""
    if charge.credited_at is None:
        raise ChargeStateError(charge.id, charge.state.value)
    return Receipt(
        issued_at=at,
        supplier=supplier,
        provider_order_id=charge.provider_order_id,
        payer=payer,
        paid_at=charge.credited_at,
        method_ko=METHODS[charge.method],
        amount_krw=charge.amount_krw,
    )


def cancellation_receipt_of(
    charge: Charge, cancellation: Cancellation | None, payer: str, supplier: Supplier, at: datetime
) -> Receipt:
    """결제 취소 영수증. Raises `ChargeStateError` for a charge that is not cancelled."""
    is_done = cancellation is not None and cancellation.state is CancellationState.DONE
    if charge.credited_at is None or charge.state is not ChargeState.CANCELLED or not is_done:
        raise ChargeStateError(charge.id, charge.state.value)
    return Receipt(
        issued_at=at,
        supplier=supplier,
        provider_order_id=charge.provider_order_id,
        payer=payer,
        paid_at=charge.credited_at,
        method_ko=METHODS[charge.method],
        amount_krw=charge.amount_krw,
        cancellation=cancellation,
    )
