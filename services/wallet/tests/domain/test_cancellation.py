"""When a charge can be cancelled, for what fee, and what the provider's answers mean (manual 6-1: 충전취소)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from wallet_builders import PAYBACK, a_charge

from wallet.domain.cancellation import (
    AskAgain,
    Contradiction,
    PaidBack,
    Refused,
    cancel_verdict,
)
from wallet.domain.charge import Charge, ChargeMethod, ChargeState
from wallet.domain.lots import Lot
from wallet.domain.month import SEOUL
from wallet.domain.payback_errors import CancellationRefusedError
from wallet.domain.payment import Answered, Declined, Missing, NotDone, Payment, PaymentStatus, Unknown

PAID_AT = datetime(2026, 3, 10, 15, 0, tzinfo=SEOUL)
RULES = PAYBACK.cancellation_rules


def credited(amount_krw: int = 100_000, **changes: object) -> Charge:
    return a_charge(amount_krw, **({"state": ChargeState.CREDITED, "credited_at": PAID_AT} | changes))


def lot_of(charge: Charge, free_krw: int | None = None) -> Lot:
    free = charge.amount_krw if free_krw is None else free_krw
    return Lot(charge.id, charge.company_id, PAID_AT, charge.amount_krw, free, held_krw=charge.amount_krw - free)


def last_moment(days: int) -> datetime:
    return (PAID_AT + timedelta(days=days)).replace(hour=23, minute=59, second=59, microsecond=999_999)


@pytest.mark.rule("WAL-06", "SCH-04")
def test_a_charge_is_cancelled_free_until_the_seventh_day_and_for_ten_percent_later() -> None:
    charge = credited(100_000)

    assert RULES.fee_krw(charge, lot_of(charge), PAID_AT) == 0
    assert RULES.fee_krw(charge, lot_of(charge), last_moment(7)) == 0
    assert RULES.fee_krw(charge, lot_of(charge), last_moment(7) + timedelta(microseconds=1)) == 10_000


@pytest.mark.rule("WAL-06", "WAL-09")
@pytest.mark.parametrize(("amount_krw", "fee_krw"), [(1_001, 1_000), (10_000, 1_000), (10_005, 1_000), (12_222, 1_222)])
def test_a_late_cancellation_keeps_the_fee_of_refunds(amount_krw: int, fee_krw: int) -> None:
    charge = credited(amount_krw)

    assert RULES.fee_krw(charge, lot_of(charge), last_moment(30)) == fee_krw


@pytest.mark.rule("WAL-06", "SCH-04")
def test_a_charge_can_be_cancelled_to_the_last_moment_of_the_93rd_day() -> None:
    charge = credited()

    assert RULES.fee_krw(charge, lot_of(charge), last_moment(93)) == 10_000
    with pytest.raises(CancellationRefusedError) as refused:
        RULES.fee_krw(charge, lot_of(charge), last_moment(93) + timedelta(microseconds=1))
    assert refused.value.reason == "too_late"


@pytest.mark.rule("WAL-06")
@pytest.mark.parametrize(
    ("charge", "free_krw", "days", "reason"),
    [
        (credited(method=ChargeMethod.VIRTUAL_ACCOUNT), None, 0, "method"),
        (credited(), 99_999, 0, "used"),
        (credited(state=ChargeState.CANCELLED), None, 0, "not_credited"),
        (credited(state=ChargeState.CANCELLING), None, 0, "not_credited"),
        (credited(state=ChargeState.REQUESTED, credited_at=None), None, 0, "not_credited"),
        (credited(1_000), None, 8, "nothing_left"),
    ],
)
def test_what_cannot_be_cancelled_says_why(charge: Charge, free_krw: int | None, days: int, reason: str) -> None:
    with pytest.raises(CancellationRefusedError) as refused:
        RULES.fee_krw(charge, lot_of(charge, free_krw), last_moment(days))
    assert refused.value.reason == reason


@pytest.mark.rule("WAL-06")
def test_a_transfer_can_be_cancelled_too() -> None:
    charge = credited(method=ChargeMethod.TRANSFER)

    assert RULES.fee_krw(charge, lot_of(charge), PAID_AT) == 0


RECORD = Payment("pk", "order", 100_000, PaymentStatus.DONE, "카드", PAID_AT, None)


@pytest.mark.rule("WAL-06")
@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (Answered(replace(RECORD, status=PaymentStatus.PARTIALLY_CANCELED, cancelled_krw=90_000)), PaidBack),
        (Answered(RECORD), AskAgain),
        (Answered(replace(RECORD, status=PaymentStatus.CANCELED, cancelled_krw=100_000)), Contradiction),
        (Answered(replace(RECORD, status=PaymentStatus.ABORTED)), Contradiction),
        (Declined("NOT_CANCELABLE_PAYMENT", ""), Refused),
        (NotDone("FORBIDDEN_CONSECUTIVE_REQUEST"), AskAgain),
        (Missing(), AskAgain),
        (Unknown("ReadTimeout"), AskAgain),
    ],
)
def test_only_the_provider_s_record_of_the_very_sum_means_that_it_went_back(answer, verdict: type) -> None:
    assert isinstance(cancel_verdict(answer, 90_000), verdict)
