"""What the provider's answers mean for a charge: credited only on the provider's own word (WAL-03)."""

from dataclasses import replace

import pytest
from wallet_builders import NOON

from wallet.domain.payment import (
    Answered,
    Await,
    Credit,
    Declined,
    DepositAccount,
    Escalate,
    Expire,
    Fail,
    LateVerdict,
    Missing,
    NotDone,
    Payment,
    PaymentStatus,
    ProviderAnswer,
    TakeBack,
    Unknown,
    Verdict,
    Wait,
    late_verdict,
    verdict,
)

PAID = Payment("pk", "order-1", 100_000, PaymentStatus.DONE, "카드", None, None)
ACCOUNT = DepositAccount("20", "X1234", NOON, "ps_secret")
OVER = replace(PAID, status=PaymentStatus.EXPIRED)
BACK = replace(PAID, status=PaymentStatus.CANCELED)
ISSUED = replace(PAID, status=PaymentStatus.WAITING_FOR_DEPOSIT, account=ACCOUNT)


@pytest.mark.rule("WAL-03")
@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (Answered(PAID), Credit(PAID)),
        (Answered(replace(PAID, amount_krw=99_999)), Escalate("amount_differs", 99_999)),
        (Answered(replace(PAID, provider_order_id="another")), Escalate("order_id_differs")),
        (Answered(replace(PAID, status=PaymentStatus.PARTIALLY_CANCELED)), Escalate("partially_canceled")),
        (Answered(replace(PAID, status=PaymentStatus.EXPIRED)), Expire()),
        (Answered(replace(PAID, status=PaymentStatus.READY)), Wait("ready", call=True)),
        (Answered(replace(PAID, status=PaymentStatus.IN_PROGRESS)), Wait("in_progress", call=True)),
        (Answered(replace(PAID, status=PaymentStatus.WAITING_FOR_DEPOSIT)), Wait("waiting_for_deposit")),
        (Answered(ISSUED), Await(ISSUED)),
        (Answered(replace(ISSUED, amount_krw=99_999)), Escalate("amount_differs", 99_999)),
        (Declined("REJECT_CARD_COMPANY", "거절"), Fail("REJECT_CARD_COMPANY", "거절")),
        (NotDone("429"), Wait("429", call=True)),
        (NotDone("UNAUTHORIZED_KEY", alarm=True), Wait("UNAUTHORIZED_KEY", call=True, alarm=True)),
        (Missing(), Wait("not_found", call=True)),
        (Unknown("timeout"), Wait("timeout")),
    ],
)
def test_what_an_answer_means(answer: ProviderAnswer, meaning: Verdict) -> None:
    assert verdict(answer, provider_order_id="order-1", amount_krw=100_000) == meaning


@pytest.mark.parametrize("status", [PaymentStatus.ABORTED, PaymentStatus.CANCELED])
def test_a_payment_that_ended_without_money_fails_the_charge(status: PaymentStatus) -> None:
    meaning = verdict(Answered(replace(PAID, status=status)), provider_order_id="order-1", amount_krw=100_000)

    assert isinstance(meaning, Fail)
    assert meaning.code == status.value.upper()


@pytest.mark.rule("WAL-02")
@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (Answered(PAID), Credit(PAID)),
        (Answered(ISSUED), TakeBack(ISSUED)),
        (Answered(OVER), TakeBack(OVER)),
        (Answered(BACK), TakeBack(BACK)),
        (Answered(replace(PAID, status=PaymentStatus.PARTIALLY_CANCELED)), Escalate("partially_canceled")),
        (Answered(replace(PAID, provider_order_id="another")), Escalate("order_id_differs")),
        (Answered(replace(PAID, status=PaymentStatus.READY)), Wait("ready")),
        (Missing(), Wait("the provider does not say")),
        (Unknown("timeout"), Wait("the provider does not say")),
    ],
)
def test_only_the_providers_own_record_takes_a_credited_deposit_back(
    answer: ProviderAnswer, meaning: LateVerdict
) -> None:
    assert late_verdict(answer, provider_order_id="order-1", amount_krw=100_000) == meaning
