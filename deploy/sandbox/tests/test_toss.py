"""The payment provider as the adapter meets it."""

from __future__ import annotations

import base64
import threading

import httpx
import pytest


def test_a_confirmed_payment_is_done_and_can_be_asked_for_by_key_and_by_order(world):
    confirm = world.authenticated(amount=100_000)

    paid = world.toss("POST", "/payments/confirm", confirm).json()

    assert (paid["status"], paid["totalAmount"], paid["balanceAmount"]) == ("DONE", 100_000, 100_000)
    assert paid["approvedAt"].endswith("+09:00")
    assert paid["card"]["approveNo"].isdigit()
    assert world.toss("GET", f"/payments/{paid['paymentKey']}").json() == paid
    assert world.toss("GET", "/payments/orders/order-0001").json() == paid


def test_an_unknown_payment_is_not_found(world):
    for path in ("/payments/nothing", "/payments/orders/nothing-1"):
        answer = world.toss("GET", path)
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND_PAYMENT")


@pytest.mark.parametrize(
    ("header", "status", "code"),
    [
        ("", 403, "INCORRECT_BASIC_AUTH_FORMAT"),
        ("Bearer x", 403, "INCORRECT_BASIC_AUTH_FORMAT"),
        ("Basic " + base64.b64encode(b"test_sk_sandbox").decode(), 403, "INCORRECT_BASIC_AUTH_FORMAT"),
        ("Basic " + base64.b64encode(b"test_sk_other:").decode(), 401, "UNAUTHORIZED_KEY"),
    ],
)
def test_a_call_without_the_secret_key_and_its_colon_is_refused(world, header, status, code):
    answer = world.http.get("/toss/v1/payments/x", headers={"Authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_another_amount_than_the_payer_saw_is_not_confirmed(world):
    confirm = world.authenticated(amount=100_000)
    answer = world.toss("POST", "/payments/confirm", {**confirm, "amount": 1_000})
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_REQUEST")
    assert world.toss("POST", "/payments/confirm", confirm).status_code == 200


def test_a_payment_not_confirmed_within_ten_minutes_expires(world, inbox, eventually):
    confirm = world.authenticated()
    world.advance(10 * 60)

    answer = world.toss("POST", "/payments/confirm", confirm)

    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND_PAYMENT_SESSION")
    assert world.toss("GET", "/payments/orders/order-0001").json()["status"] == "EXPIRED"
    eventually(lambda: [body["data"]["status"] for body in inbox.bodies()] == ["EXPIRED"])


def test_the_same_idempotency_key_replays_the_first_answer_and_works_once(world):
    confirm = world.authenticated()
    first = world.toss("POST", "/payments/confirm", confirm, Idempotency_Key="charge:1:confirm")
    again = world.toss("POST", "/payments/confirm", {"paymentKey": "other"}, Idempotency_Key="charge:1:confirm")
    assert again.json() == first.json()
    assert world.toss("POST", "/payments/confirm", confirm).json()["code"] == "ALREADY_PROCESSED_PAYMENT"


def test_an_error_is_replayed_too_until_the_key_is_fifteen_days_old(world):
    confirm = world.authenticated()
    bad = {**confirm, "amount": 1}
    assert world.toss("POST", "/payments/confirm", bad, Idempotency_Key="k").json()["code"] == "INVALID_REQUEST"
    assert world.toss("POST", "/payments/confirm", confirm, Idempotency_Key="k").json()["code"] == "INVALID_REQUEST"
    world.advance(15 * 86_400)
    fresh = world.authenticated("order-0002")
    assert world.toss("POST", "/payments/confirm", fresh, Idempotency_Key="k").json()["status"] == "DONE"


def test_a_key_of_more_than_three_hundred_characters_is_refused(world):
    answer = world.toss("POST", "/payments/confirm", {}, Idempotency_Key="k" * 301)
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_IDEMPOTENCY_KEY")


def test_a_second_call_while_the_first_is_running_is_a_conflict(world, eventually):
    confirm = world.authenticated()
    world.sim("/faults", {"provider": "toss", "route": "confirm", "kind": "delay", "delay_seconds": 0.7})
    answers = []
    first = threading.Thread(
        target=lambda: answers.append(world.toss("POST", "/payments/confirm", confirm, Idempotency_Key="k"))
    )
    first.start()
    eventually(lambda: not world.sim("/faults")["items"])

    second = world.toss("POST", "/payments/confirm", confirm, Idempotency_Key="k")

    assert (second.status_code, second.json()["code"]) == (409, "IDEMPOTENT_REQUEST_PROCESSING")
    first.join()
    assert answers[0].json()["status"] == "DONE"
    assert world.toss("POST", "/payments/confirm", confirm, Idempotency_Key="k").json()["status"] == "DONE"


def test_partial_cancels_lower_the_balance_and_never_go_below_zero(world):
    paid = world.toss("POST", "/payments/confirm", world.authenticated(amount=100_000)).json()
    path = f"/payments/{paid['paymentKey']}/cancel"

    part = world.toss("POST", path, {"cancelReason": "환불", "cancelAmount": 30_000}).json()
    assert (part["status"], part["balanceAmount"]) == ("PARTIAL_CANCELED", 70_000)

    world.advance(2)
    over = world.toss("POST", path, {"cancelReason": "환불", "cancelAmount": 70_001})
    assert (over.status_code, over.json()["code"]) == (403, "NOT_CANCELABLE_AMOUNT")

    rest = world.toss("POST", path, {"cancelReason": "환불"}).json()
    assert (rest["status"], rest["balanceAmount"]) == ("CANCELED", 0)
    assert [cancel["cancelAmount"] for cancel in rest["cancels"]] == [30_000, 70_000]
    assert world.toss("POST", path, {"cancelReason": "환불"}).json()["code"] == "ALREADY_CANCELED_PAYMENT"


def test_two_cancels_within_a_second_are_one(world):
    paid = world.toss("POST", "/payments/confirm", world.authenticated()).json()
    path = f"/payments/{paid['paymentKey']}/cancel"
    world.toss("POST", path, {"cancelReason": "환불", "cancelAmount": 1_000})
    again = world.toss("POST", path, {"cancelReason": "환불", "cancelAmount": 1_000})
    assert (again.status_code, again.json()["code"]) == (403, "FORBIDDEN_CONSECUTIVE_REQUEST")


def test_a_virtual_account_is_paid_by_a_deposit_told_twice_and_may_be_taken_back(world, inbox, eventually):
    issue = {"amount": 50_000, "orderId": "va-000001", "orderName": "충전", "customerName": "홍길동", "bank": "20"}
    issued = world.toss("POST", "/virtual-accounts", issue).json()
    assert (issued["status"], issued["method"]) == ("WAITING_FOR_DEPOSIT", "가상계좌")
    assert issued["virtualAccount"]["accountNumber"].startswith("X")

    world.sim("/toss/deposit", {"orderId": "va-000001"})

    eventually(lambda: len(inbox.received) == 2)
    flat = next(body for body in inbox.bodies() if "eventType" not in body)
    assert set(flat) == {"createdAt", "secret", "status", "transactionKey", "orderId"}
    assert (flat["secret"], flat["status"]) == (issued["secret"], "DONE")
    assert world.toss("GET", "/payments/orders/va-000001").json()["status"] == "DONE"

    world.sim("/toss/reverse", {"orderId": "va-000001"})
    eventually(lambda: len(inbox.received) == 3)
    assert inbox.bodies()[-1]["status"] == "WAITING_FOR_DEPOSIT"
    assert world.toss("GET", "/payments/orders/va-000001").json()["approvedAt"] is None


def test_a_deposited_account_is_canceled_only_with_an_account_to_pay_back_to(world):
    issue = {"amount": 50_000, "orderId": "va-000001", "orderName": "충전", "customerName": "홍길동", "bank": "20"}
    path = f"/payments/{world.toss('POST', '/virtual-accounts', issue).json()['paymentKey']}/cancel"
    world.sim("/toss/deposit", {"orderId": "va-000001"})
    assert world.toss("POST", path, {"cancelReason": "환불"}).json()["code"] == "INVALID_REFUND_ACCOUNT_INFO"
    account = {"bank": "20", "accountNumber": "12345678", "holderName": "홍길동"}
    back = world.toss("POST", path, {"cancelReason": "환불", "refundReceiveAccount": account}).json()
    assert (back["status"], back["virtualAccount"]["refundStatus"]) == ("CANCELED", "COMPLETED")


def test_an_unpaid_account_expires_without_a_word(world, inbox):
    issue = {
        "amount": 5_000,
        "orderId": "va-000001",
        "orderName": "충전",
        "customerName": "홍",
        "bank": "20",
        "validHours": 1,
    }
    world.toss("POST", "/virtual-accounts", issue)
    world.advance(3601)
    assert world.toss("GET", "/payments/orders/va-000001").json()["status"] == "EXPIRED"
    assert inbox.received == []


def test_a_webhook_carries_a_transmission_id_no_signature_and_is_retried(world, inbox, eventually):
    inbox.answers[:] = [500]
    world.toss("POST", "/payments/confirm", world.authenticated())
    eventually(lambda: len(inbox.received) == 2)
    heads = [headers for headers, _ in inbox.received]
    assert heads[0]["tosspayments-webhook-transmission-id"] == heads[1]["tosspayments-webhook-transmission-id"]
    assert [head["tosspayments-webhook-transmission-retried-count"] for head in heads] == ["0", "1"]
    assert "tosspayments-webhook-signature" not in heads[0]
    assert inbox.bodies()[0]["eventType"] == "PAYMENT_STATUS_CHANGED"


def test_a_forged_webhook_looks_like_a_true_one(world, inbox, eventually):
    world.sim("/toss/webhook", {"body": {"eventType": "PAYMENT_STATUS_CHANGED", "data": {"status": "DONE"}}})
    eventually(lambda: len(inbox.received) == 1)
    assert "tosspayments-webhook-transmission-id" in inbox.received[0][0]


def test_the_test_header_brings_any_documented_error(world):
    confirm = world.authenticated()
    answer = world.toss("POST", "/payments/confirm", confirm, TossPayments_Test_Code="REJECT_CARD_COMPANY")
    assert (answer.status_code, answer.json()["code"]) == (403, "REJECT_CARD_COMPANY")
    english = world.toss(
        "POST", "/payments/confirm", confirm, TossPayments_Test_Code="REJECT_CARD_COMPANY", Accept_Language="en-US"
    )
    assert english.json()["message"] == "The card company declined the payment."


@pytest.mark.parametrize(
    ("ending", "status", "code"),
    [
        (901, 403, "REJECT_CARD_COMPANY"),
        (902, 400, "EXCEED_MAX_AMOUNT"),
        (903, 500, "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING"),
        (911, 403, "NOT_AVAILABLE_BANK"),
    ],
)
def test_an_amount_calls_for_a_refusal(world, ending, status, code):
    answer = world.toss("POST", "/payments/confirm", world.authenticated(amount=100_000 + ending))
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_an_amount_calls_for_an_answer_lost_after_the_work(world):
    confirm = world.authenticated(amount=100_904)
    assert world.toss("POST", "/payments/confirm", confirm).status_code == 500
    assert world.toss("GET", "/payments/orders/order-0001").json()["status"] == "DONE"

    hanging = world.authenticated("order-0002", amount=100_905)
    with pytest.raises(httpx.TimeoutException):
        world.http.post(
            "/toss/v1/payments/confirm",
            json=hanging,
            auth=("test_sk_sandbox", ""),
            timeout=0.3,
        )
    assert world.toss("GET", "/payments/orders/order-0002").json()["status"] == "DONE"


def test_an_amount_calls_for_one_failure_in_front_and_the_same_key_then_works(world):
    confirm = world.authenticated(amount=100_906)
    assert world.toss("POST", "/payments/confirm", confirm, Idempotency_Key="k").status_code == 500
    assert world.toss("POST", "/payments/confirm", confirm, Idempotency_Key="k").json()["status"] == "DONE"


def test_a_small_transfer_and_a_large_one_are_refused(world):
    small = world.authenticated("order-0001", 199, "계좌이체")
    large = world.authenticated("order-0002", 10_000_010, "계좌이체")
    assert world.toss("POST", "/payments/confirm", small).json()["code"] == "BELOW_MINIMUM_AMOUNT"
    assert world.toss("POST", "/payments/confirm", large).json()["code"] == "EXCEEDS_TRANSFER_AMOUNT_MAXIMUM"


def test_a_body_that_is_no_json_is_refused(world):
    answer = world.http.post("/toss/v1/payments/confirm", content=b"{", auth=("test_sk_sandbox", ""))
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_REQUEST")


def test_the_days_transactions_can_be_listed(world):
    paid = world.toss("POST", "/payments/confirm", world.authenticated(amount=100_000)).json()
    world.toss("POST", f"/payments/{paid['paymentKey']}/cancel", {"cancelReason": "환불", "cancelAmount": 400})
    found = world.toss("GET", "/transactions?startDate=2020-01-01T00:00:00&endDate=2100-01-01T00:00:00").json()
    assert [row["amount"] for row in found] == [100_000, -400]


@pytest.mark.parametrize(
    ("choice", "where", "expected"),
    [
        ("approve", "success", "DONE"),
        ("deny", "fail", "REJECT_CARD_COMPANY"),
        ("close", "fail", "PAY_PROCESS_CANCELED"),
        ("expire", "success", "NOT_FOUND_PAYMENT_SESSION"),
    ],
)
def test_a_person_in_the_window_approves_is_declined_or_leaves(world, choice, where, expected):
    fields = {
        "orderId": "order-0001",
        "amount": "100000",
        "orderName": "충전금 <100,000원>",
        "successUrl": "http://127.0.0.1:9/success?from=window",
        "failUrl": "http://127.0.0.1:9/fail",
    }
    shown = world.http.get("/toss/window", params=fields)
    assert shown.status_code == 200
    assert "충전금 &lt;100,000원&gt;" in shown.text

    answer = world.http.post("/toss/window", data={**fields, "choice": choice, "method": "카드"})

    assert answer.status_code == 303
    target = httpx.URL(answer.headers["Location"])
    assert target.path == f"/{where}"
    if where == "fail":
        assert target.params["code"] == expected
        return
    assert target.params["from"] == "window"
    confirm = {
        **{name: target.params[name] for name in ("paymentKey", "orderId")},
        "amount": int(target.params["amount"]),
    }
    body = world.toss("POST", "/payments/confirm", confirm).json()
    assert body.get("code", body.get("status")) == expected


def test_the_window_tells_what_it_cannot_work_with(world):
    assert world.http.get("/toss/window", params={"orderId": "x"}).status_code == 400


def test_a_person_pays_into_a_virtual_account_at_the_bank_and_the_bank_takes_it_back(world, inbox, eventually):
    issue = {"amount": 50_000, "orderId": "va-000001", "orderName": "충전", "customerName": "홍길동", "bank": "20"}
    issued = world.toss("POST", "/virtual-accounts", issue).json()
    listed = world.http.get("/toss/bank").text
    assert issued["virtualAccount"]["accountNumber"] in listed
    assert "50,000원" in listed

    for act, status, told in (("deposit", "DONE", 2), ("reverse", "WAITING_FOR_DEPOSIT", 3)):
        answer = world.http.post("/toss/bank", data={"orderId": "va-000001", "act": act})
        assert answer.status_code == 303
        assert world.toss("GET", "/payments/orders/va-000001").json()["status"] == status
        eventually(lambda told=told: len(inbox.received) == told)
    assert world.http.post("/toss/bank", data={"orderId": "va-000009", "act": "deposit"}).status_code == 400
    assert world.http.post("/toss/bank", data={"orderId": "va-000001", "act": "rob"}).status_code == 400


def test_a_bank_that_reports_another_amount_is_scripted(world):
    issue = {"amount": 50_000, "orderId": "va-000001", "orderName": "충전", "customerName": "홍길동", "bank": "20"}
    world.toss("POST", "/virtual-accounts", issue)

    world.sim("/toss/deposit", {"orderId": "va-000001", "amount": 49_000, "forced": True})

    paid = world.toss("GET", "/payments/orders/va-000001").json()
    assert (paid["status"], paid["totalAmount"], paid["balanceAmount"]) == ("DONE", 49_000, 49_000)
