"""The payment provider over its wire protocol: every class of answer, and what it means (outside-api table)."""

import base64

import pytest
from pydantic import SecretStr
from wallet_builders import NOON, SECRET_KEY, a_charge
from wallet_provider import Provider

from chassis.http import HttpClient
from wallet.adapters.toss import TossPayments, classified
from wallet.application.notice_ports import Hint
from wallet.domain.charge import Charge
from wallet.domain.payment import Answered, Declined, Missing, NotDone, PaymentStatus, ProviderAnswer, Unknown


@pytest.fixture
def toss(provider: Provider) -> TossPayments:
    return connected(provider.url)


def connected(url: str, secret_key: str = SECRET_KEY) -> TossPayments:
    client = HttpClient(url, name="payment provider", read_timeout_seconds=0.3, connect_timeout_seconds=0.5)
    return TossPayments(client, SecretStr(secret_key))


def a_paid_charge(provider: Provider, amount_krw: int = 100_000) -> Charge:
    charge = a_charge(amount_krw)
    key = provider.paid_in_window(charge.provider_order_id, amount_krw)
    return charge.confirming(key, amount_krw, NOON)


@pytest.mark.rule("WAL-03")
def test_confirming_sends_key_order_amount_and_the_charges_one_idempotency_key(toss, provider) -> None:
    charge = a_paid_charge(provider)

    answer = toss.confirm(charge)

    (call,) = provider.calls
    assert call.path == "/v1/payments/confirm"
    assert call.body == {
        "paymentKey": charge.payment_key,
        "orderId": charge.provider_order_id,
        "amount": 100_000,
    }
    assert call.headers["idempotency-key"] == f"charge:{charge.id}:confirm"
    assert base64.b64decode(call.headers["authorization"].split()[1]) == b"test_sk_wallet:"
    assert isinstance(answer, Answered)
    payment = answer.payment
    assert (payment.status, payment.amount_krw, payment.means) == (PaymentStatus.DONE, 100_000, "카드")
    assert (payment.approved_at, payment.receipt_url) == (NOON, "https://provider.test/receipt")


@pytest.mark.rule("WAL-03")
def test_confirming_again_under_the_same_key_collects_once(toss, provider) -> None:
    charge = a_paid_charge(provider)

    assert toss.confirm(charge) == toss.confirm(charge)

    assert provider.collected == [charge.provider_order_id]


@pytest.mark.rule("WAL-03")
@pytest.mark.parametrize(
    "code",
    [
        "ALREADY_PROCESSED_PAYMENT",
        "ALREADY_COMPLETED_PAYMENT",
        "ALREADY_CANCELED_PAYMENT",
        "ALREADY_REFUND_PAYMENT",
        "DUPLICATED_ORDER_ID",
    ],
)
def test_what_was_done_already_is_asked_for_and_adopted(code: str, toss, provider) -> None:
    charge = a_paid_charge(provider)
    provider.payments[charge.provider_order_id]["status"] = "DONE"
    provider.script = [(400, code)]

    answer = toss.confirm(charge)

    assert isinstance(answer, Answered)
    assert answer.payment.status is PaymentStatus.DONE


@pytest.mark.parametrize(
    ("status", "code", "meaning"),
    [
        (500, "FAILED_INTERNAL_SYSTEM_PROCESSING", Unknown),
        (500, "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING", Unknown),
        (500, "FAILED_METHOD_HANDLING", Unknown),
        (500, "COMMON_ERROR", Unknown),
        (500, "UNKNOWN_ERROR", Unknown),
        (502, "HTTP 502", Unknown),
        (400, "PROVIDER_ERROR", Unknown),
        (400, "ALREADY_REFUNDING_PAYMENT", Unknown),
        (409, "IDEMPOTENT_REQUEST_PROCESSING", Unknown),
        (400, "A_CODE_OF_TOMORROW", Unknown),
        (404, "NOT_FOUND_PAYMENT", Unknown),
        (429, "TOO_MANY_REQUESTS", NotDone),
        (403, "FORBIDDEN_CONSECUTIVE_REQUEST", NotDone),
        (403, "NOT_AVAILABLE_BANK", NotDone),
        (403, "REJECT_CARD_COMPANY", Declined),
        (403, "REJECT_CARD_PAYMENT", Declined),
        (403, "REJECT_ACCOUNT_PAYMENT", Declined),
        (400, "INVALID_CARD_EXPIRATION", Declined),
        (400, "INVALID_STOPPED_CARD", Declined),
        (400, "EXCEED_MAX_DAILY_PAYMENT_COUNT", Declined),
        (400, "EXCEED_MAX_AMOUNT", Declined),
        (403, "EXCEEDS_TRANSFER_AMOUNT_MAXIMUM", Declined),
        (400, "BELOW_MINIMUM_AMOUNT", Declined),
        (404, "NOT_FOUND_PAYMENT_SESSION", Declined),
        (401, "UNAUTHORIZED_KEY", NotDone),
        (403, "FORBIDDEN_REQUEST", NotDone),
        (403, "INCORRECT_BASIC_AUTH_FORMAT", NotDone),
        (400, "INVALID_REQUEST", NotDone),
    ],
)
@pytest.mark.rule("WAL-03")
def test_every_refusal_has_its_class(status: int, code: str, meaning: type[ProviderAnswer], toss, provider) -> None:
    provider.script = [(status, code)]

    answer = toss.confirm(a_paid_charge(provider))

    assert isinstance(answer, meaning)
    assert answer == classified(status, code, f"{code} 메시지")
    assert provider.collected == []


@pytest.mark.parametrize(
    "code", ["UNAUTHORIZED_KEY", "FORBIDDEN_REQUEST", "INCORRECT_BASIC_AUTH_FORMAT", "INVALID_REQUEST"]
)
def test_what_an_operator_has_to_mend_raises_an_alarm(code: str) -> None:
    assert classified(403, code, "") == NotDone(code, alarm=True)


def test_a_wrong_key_is_ours_to_mend(provider) -> None:
    assert connected(provider.url, "test_sk_wrong").confirm(a_paid_charge(provider)) == NotDone(
        "UNAUTHORIZED_KEY", alarm=True
    )


@pytest.mark.rule("WAL-03")
@pytest.mark.parametrize("fault", ["lost", "dropped", "garbled"])
def test_an_answer_that_does_not_come_or_cannot_be_read_leaves_the_outcome_unknown(fault, toss, provider) -> None:
    charge = a_paid_charge(provider)
    provider.script = [fault]

    assert isinstance(toss.confirm(charge), Unknown)


def test_a_provider_that_cannot_be_reached_has_surely_done_nothing() -> None:
    assert isinstance(connected("http://127.0.0.1:9").confirm(a_charge()), NotDone)


@pytest.mark.parametrize(
    ("shown", "status"),
    [
        ("READY", PaymentStatus.READY),
        ("IN_PROGRESS", PaymentStatus.IN_PROGRESS),
        ("WAITING_FOR_DEPOSIT", PaymentStatus.WAITING_FOR_DEPOSIT),
        ("DONE", PaymentStatus.DONE),
        ("CANCELED", PaymentStatus.CANCELED),
        ("PARTIAL_CANCELED", PaymentStatus.PARTIALLY_CANCELED),
        ("ABORTED", PaymentStatus.ABORTED),
        ("EXPIRED", PaymentStatus.EXPIRED),
    ],
)
def test_asking_tells_where_a_payment_stands(shown: str, status: PaymentStatus, toss, provider) -> None:
    charge = a_paid_charge(provider)
    provider.payments[charge.provider_order_id]["status"] = shown

    answer = toss.find(charge)

    assert isinstance(answer, Answered)
    assert answer.payment.status is status
    assert provider.calls[-1].path == f"/v1/payments/orders/{charge.provider_order_id}"


def test_asking_for_what_the_provider_does_not_know(toss) -> None:
    assert toss.find(a_charge()) == Missing()


@pytest.mark.parametrize(("status", "code"), [(500, "UNKNOWN_ERROR"), (401, "UNAUTHORIZED_KEY"), (404, "NOT_FOUND")])
def test_asking_in_vain_settles_nothing(status: int, code: str, toss, provider) -> None:
    provider.find_script = [(status, code)]

    assert toss.find(a_paid_charge(provider)) == Unknown(code)


@pytest.mark.parametrize("field", [{"status": "MOON"}, {"currency": "USD"}, {"totalAmount": "100000"}])
def test_a_record_that_is_not_understood_settles_nothing(field: dict[str, object], toss, provider) -> None:
    charge = a_paid_charge(provider)
    provider.payments[charge.provider_order_id] |= field

    assert isinstance(toss.find(charge), Unknown)


def test_a_notice_names_its_charge_in_either_form(toss) -> None:
    charge = a_charge()
    status = f'{{"eventType": "PAYMENT_STATUS_CHANGED", "data": {{"orderId": "{charge.id}"}}}}'
    deposit = f'{{"status": "DONE", "orderId": "{charge.id}", "secret": "s"}}'

    assert toss.hint_in(status.encode()) == Hint(charge.id)
    assert toss.hint_in(deposit.encode()) == Hint(charge.id, of_deposit=True, secret="s")


@pytest.mark.parametrize(
    "body", [b"", b"no json", b"[]", b"{}", b'{"orderId": 7}', b'{"data": {"orderId": "order-1"}}', b"\xff\xfe"]
)
def test_a_notice_of_anything_else_names_none(body: bytes, toss) -> None:
    assert toss.hint_in(body) is None


def test_the_secret_key_shows_nowhere(toss) -> None:
    assert "test_sk_wallet" not in repr(toss.__dict__)
