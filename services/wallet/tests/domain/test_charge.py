"""What may be charged, and every step of a charge that exists (WAL-02, WAL-03)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from wallet_builders import NOON, a_charge

from wallet.domain.charge import STEPS, Charge, ChargeMethod, ChargeRules, ChargeState, next_delay
from wallet.domain.errors import (
    ChargeAmountDiffersError,
    ChargeAmountRangeError,
    ChargeMethodOffError,
    ChargeStateError,
    DepositBankError,
    PaymentKeyDiffersError,
)
from wallet.domain.payment import DepositAccount, Payment, PaymentStatus

RULES = ChargeRules(1_000, 10_000_000, frozenset({ChargeMethod.CARD}), timedelta(minutes=40))


METHODS = frozenset({ChargeMethod.VIRTUAL_ACCOUNT})
BY_DEPOSIT = ChargeRules(1_000, 10_000_000, METHODS, timedelta(minutes=40), deposit_banks={"20": "우리은행"})


def paid(charge: Charge) -> Payment:
    account = DepositAccount("20", "X1234", NOON + timedelta(days=3), "ps_secret")
    done = Payment("pk", charge.provider_order_id, charge.amount_krw, PaymentStatus.DONE, "카드", NOON, "https://r")
    return replace(done, account=account)


@pytest.mark.rule("WAL-02")
@pytest.mark.parametrize("amount_krw", [1_000, 12_222, 10_000_000])
def test_any_won_of_the_range_may_be_charged(amount_krw: int) -> None:
    RULES.check(amount_krw, ChargeMethod.CARD)


@pytest.mark.rule("WAL-02")
@pytest.mark.parametrize("amount_krw", [-1_000, 0, 999, 10_000_001])
def test_other_amounts_are_refused(amount_krw: int) -> None:
    with pytest.raises(ChargeAmountRangeError):
        RULES.check(amount_krw, ChargeMethod.CARD)


@pytest.mark.rule("WAL-02")
@pytest.mark.parametrize("method", [ChargeMethod.TRANSFER, ChargeMethod.VIRTUAL_ACCOUNT])
def test_means_that_are_switched_off_are_refused(method: ChargeMethod) -> None:
    with pytest.raises(ChargeMethodOffError):
        RULES.check(10_000, method)


@pytest.mark.rule("WAL-03")
def test_a_confirmation_of_another_amount_is_refused() -> None:
    with pytest.raises(ChargeAmountDiffersError) as refused:
        a_charge(100_000).confirming("pk", 99_999, NOON)

    assert (refused.value.requested_krw, refused.value.confirmed_krw) == (100_000, 99_999)


def test_a_charge_is_confirmed_under_one_payment_only() -> None:
    charge = a_charge().confirming("pk", 100_000, NOON)

    with pytest.raises(PaymentKeyDiffersError):
        charge.confirming("another", 100_000, NOON)


def test_a_payer_who_comes_back_too_late_is_refused() -> None:
    charge = a_charge()

    assert charge.confirming("pk", 100_000, charge.expires_at - timedelta(microseconds=1))
    with pytest.raises(ChargeStateError) as refused:
        charge.confirming("pk", 100_000, charge.expires_at)
    assert refused.value.state == "expired"


@pytest.mark.rule("WAL-03")
@pytest.mark.parametrize("state", list(ChargeState))
@pytest.mark.parametrize("step", list(ChargeState))
def test_only_the_steps_of_the_table_exist(state: ChargeState, step: ChargeState) -> None:
    charge = a_charge(state=state)
    again = {ChargeState.CANCELLING: charge.kept, ChargeState.TAKEN_BACK: lambda: charge.restored(paid(charge))}
    steps = {
        ChargeState.CONFIRMING: lambda: charge.confirming("pk", charge.amount_krw, NOON),
        ChargeState.ISSUING: charge.issuing,
        ChargeState.WAITING: lambda: charge.waiting(paid(charge)),
        ChargeState.TAKEN_BACK: charge.taken_back,
        ChargeState.CREDITED: again.get(state, lambda: charge.credited(paid(charge), NOON)),
        ChargeState.FAILED: lambda: charge.failed("CODE", "message"),
        ChargeState.EXPIRED: charge.expired,
        ChargeState.CANCELLING: charge.cancelling,
        ChargeState.CANCELLED: charge.cancelled,
    }
    if step is ChargeState.REQUESTED:
        assert all(ChargeState.REQUESTED not in following for following in STEPS.values())
    elif step is state is ChargeState.WAITING:
        assert charge.waiting(paid(charge)) == charge
    elif step in STEPS[state]:
        assert steps[step]().state is step
    else:
        with pytest.raises(ChargeStateError):
            steps[step]()


@pytest.mark.rule("WAL-03")
def test_a_credited_charge_is_never_credited_again() -> None:
    charge = a_charge(state=ChargeState.CONFIRMING)

    with pytest.raises(ChargeStateError):
        charge.credited(paid(charge), NOON).credited(paid(charge), NOON)


@pytest.mark.rule("WAL-03")
@pytest.mark.parametrize("given_up", [ChargeState.FAILED, ChargeState.EXPIRED])
def test_money_that_was_collected_after_all_is_credited_late(given_up: ChargeState) -> None:
    charge = a_charge(state=given_up, failure_code="X", failure_message="x")

    credited = charge.credited(paid(charge), NOON)

    assert (credited.state, credited.failure_code, credited.receipt_url) == (ChargeState.CREDITED, None, "https://r")


def test_fruitless_tries_wait_longer_and_longer_and_then_for_an_operator() -> None:
    delays = [timedelta(seconds=10), timedelta(minutes=1)]

    assert [next_delay(asked, delays) for asked in range(3)] == [*delays, None]


@pytest.mark.rule("WAL-03", "WAL-06")
@pytest.mark.parametrize("state", [ChargeState.CREDITED, ChargeState.CANCELLING, ChargeState.CANCELLED])
def test_what_was_credited_is_never_credited_again_however_its_cancellation_goes(state: ChargeState) -> None:
    charge = a_charge(state=state, credited_at=NOON)

    with pytest.raises(ChargeStateError):
        charge.credited(paid(charge), NOON)


@pytest.mark.rule("WAL-02")
def test_a_virtual_account_is_issued_at_a_bank_of_the_list_and_can_be_paid_for_3_days() -> None:
    BY_DEPOSIT.check(1_000, ChargeMethod.VIRTUAL_ACCOUNT, "20")

    for bank_code in ("99", None):
        with pytest.raises(DepositBankError):
            BY_DEPOSIT.check(1_000, ChargeMethod.VIRTUAL_ACCOUNT, bank_code)
    assert BY_DEPOSIT.window_of(ChargeMethod.VIRTUAL_ACCOUNT) == timedelta(days=3)
    assert BY_DEPOSIT.window_of(ChargeMethod.TRANSFER) == timedelta(minutes=40)


@pytest.mark.rule("WAL-02")
def test_a_charge_by_virtual_account_keeps_where_and_until_when_to_pay() -> None:
    waiting = a_charge(method=ChargeMethod.VIRTUAL_ACCOUNT).issuing().waiting(paid(a_charge()))

    assert (waiting.bank_code, waiting.account_number, waiting.expires_at) == ("20", "X1234", NOON + timedelta(days=3))
    assert "ps_secret" not in repr(waiting)


def test_a_charge_by_virtual_account_is_not_confirmed_from_the_payment_window() -> None:
    with pytest.raises(ChargeStateError):
        a_charge(method=ChargeMethod.VIRTUAL_ACCOUNT).confirming("pk", 100_000, NOON)
