"""What a refund costs, number by number (manual 6-1: 환불 신청)."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from wallet_builders import PAYBACK

from wallet.domain.day import within_days
from wallet.domain.lots import DatedRoom
from wallet.domain.month import SEOUL
from wallet.domain.payback_errors import RefundExceedsBalanceError, RefundTooSmallError
from wallet.domain.refund_figures import figures_of

RULES = PAYBACK.fee_rules
TODAY = datetime(2026, 3, 20, 12, 0, tzinfo=SEOUL)
OLD = TODAY - timedelta(days=30)
FRESH = TODAY - timedelta(days=1)


def room(amount_krw: int, at: datetime = OLD) -> DatedRoom:
    return DatedRoom(uuid4(), amount_krw, at)


@pytest.mark.rule("WAL-09")
@pytest.mark.parametrize(
    ("amount_krw", "payout_krw", "fee_krw"),
    [
        (1_001, 1, 1_000),
        (10_000, 9_000, 1_000),
        (10_001, 9_001, 1_000),
        (10_004, 9_004, 1_000),
        (10_005, 9_005, 1_000),
        (10_006, 9_005, 1_001),
        (20_000, 18_000, 2_000),
        (446_268, 401_641, 44_627),
    ],
)
def test_the_fee_is_1_000_krw_up_to_10_000_and_ten_percent_above(
    amount_krw: int, payout_krw: int, fee_krw: int
) -> None:
    figures, _ = figures_of(amount_krw, [room(500_000)], TODAY, RULES)

    assert (figures.payout_krw, figures.fee_krw, figures.fee_free_krw) == (payout_krw, fee_krw, 0)


@pytest.mark.rule("WAL-09")
@pytest.mark.parametrize(
    ("amount_krw", "fee_free_krw", "fee_krw"),
    [(20_000, 20_000, 0), (30_000, 30_000, 0), (30_400, 30_000, 400), (35_000, 30_000, 1_000), (50_000, 30_000, 2_000)],
)
def test_fee_free_money_is_taken_first_and_the_fee_judged_on_the_rest(
    amount_krw: int, fee_free_krw: int, fee_krw: int
) -> None:
    old, fresh = room(100_000, OLD), room(30_000, FRESH)

    figures, shares = figures_of(amount_krw, [old, fresh], TODAY, RULES)

    assert (figures.fee_free_krw, figures.fee_krw) == (fee_free_krw, fee_krw)
    assert shares[0].charge_id == fresh.charge_id
    assert sum(share.amount_krw for share in shares) == amount_krw


@pytest.mark.rule("WAL-09", "SCH-04")
@pytest.mark.parametrize(
    ("asked_at", "is_free"),
    [
        (datetime(2026, 3, 10, 0, 1, tzinfo=SEOUL), True),
        (datetime(2026, 3, 17, 23, 59, 59, 999_999, tzinfo=SEOUL), True),
        (datetime(2026, 3, 18, 0, 0, tzinfo=SEOUL), False),
    ],
)
def test_money_is_fee_free_to_the_last_moment_of_the_seventh_day_after_it_was_charged(
    asked_at: datetime, is_free: bool
) -> None:
    charged_at = datetime(2026, 3, 10, 0, 0, tzinfo=SEOUL)

    assert RULES.is_free(charged_at, asked_at) is is_free
    assert within_days(charged_at, 7, asked_at) is is_free


@pytest.mark.rule("WAL-07")
def test_more_than_1_000_krw_and_at_most_the_balance_can_be_refunded() -> None:
    PAYBACK.refund_rules.check(1_001, 1_001)
    with pytest.raises(RefundTooSmallError):
        PAYBACK.refund_rules.check(1_000, 50_000)
    with pytest.raises(RefundExceedsBalanceError):
        PAYBACK.refund_rules.check(50_001, 50_000)
