"""충전 over HTTP: asked for, paid, confirmed, looked at, and every refusal of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from chassis.clock import FixedClock
from contracts.values import PaymentMethod as SaidMethod
from wallet.application.charges import ConfirmCharges
from wallet.main import _provider, create_worker
from wallet.storage.unit_of_work import transactions


@pytest.fixture
def settle_due(wallet, settings) -> Callable[[], None]:
    """Lets the confirm loop of a worker take up what is due, as if its wait were over."""

    def settle() -> None:
        begin = transactions(wallet.database, FixedClock(datetime.now(UTC) + timedelta(hours=1)))
        loop = ConfirmCharges(begin, _provider(settings), delays=[], lease=timedelta(seconds=90))
        assert loop.step()

    return settle


def code_of(answer) -> str:
    assert answer.content_type == "application/problem+json"
    assert set(answer.json["message"]) == {"ko", "en"}
    return answer.json["code"]


@pytest.mark.rule("WAL-02")
def test_a_charge_waits_to_be_paid_in_the_window(office) -> None:
    answer = office.charge(100_000)

    assert answer.status_code == 201
    charge = answer.json
    assert (charge["state"], charge["amount_krw"], charge["method"]) == ("requested", 100_000, "card")
    assert charge["provider_order_id"] == charge["charge_id"]
    assert charge["payment"]["window_url"].startswith("http://pay.test/window?orderId=" + charge["charge_id"])
    assert "amount=100000" in charge["payment"]["window_url"]


@pytest.mark.rule("WAL-03")
def test_a_paid_charge_is_confirmed_and_on_the_balance(office, provider) -> None:
    charge_id = office.charge().json["charge_id"]
    key = provider.paid_in_window(charge_id, 100_000)

    answer = office.confirm(charge_id, key)

    assert answer.status_code == 200
    assert (answer.json["state"], answer.json["receipt_url"]) == ("credited", "https://provider.test/receipt")
    assert answer.json["payment"] is None
    wallet = office.api.get("/v1/wallet", headers=office.master()).json
    assert (wallet["balance_krw"], wallet["held_krw"], wallet["usable_krw"]) == (100_000, 0, 100_000)
    shown = office.api.get(f"/v1/charges/{charge_id}", headers=office.master())
    assert (shown.status_code, shown.json["state"]) == (200, "credited")


@pytest.mark.rule("WAL-03")
def test_confirming_twice_credits_once(office, provider) -> None:
    charge_id = office.charge().json["charge_id"]
    key = provider.paid_in_window(charge_id, 100_000)

    states = [office.confirm(charge_id, key).json["state"] for _ in range(2)]

    assert states == ["credited", "credited"]
    assert office.api.get("/v1/wallet", headers=office.master()).json["balance_krw"] == 100_000
    assert len(provider.confirm_calls()) == 1


@pytest.mark.rule("WAL-03")
@pytest.mark.parametrize("fault", ["lost", "garbled", (500, "FAILED_INTERNAL_SYSTEM_PROCESSING")])
def test_a_lost_answer_is_202_and_settled_by_asking(fault, office, provider, settle_due) -> None:
    charge_id = office.charge().json["charge_id"]
    key = provider.paid_in_window(charge_id, 100_000)
    provider.script = [fault]

    answer = office.confirm(charge_id, key)
    assert (answer.status_code, answer.json["state"]) == (202, "confirming")
    settle_due()

    shown = office.api.get(f"/v1/charges/{charge_id}", headers=office.master()).json
    assert shown["state"] == "credited"
    assert provider.collected == [charge_id]
    assert office.api.get("/v1/wallet", headers=office.master()).json["balance_krw"] == 100_000


def test_a_declined_payment_fails_with_the_providers_words(office, provider) -> None:
    charge_id = office.charge().json["charge_id"]
    key = provider.paid_in_window(charge_id, 100_000)
    provider.script = [(403, "REJECT_CARD_COMPANY")]

    answer = office.confirm(charge_id, key)

    assert (answer.status_code, answer.json["state"]) == (200, "failed")
    assert answer.json["failure"] == {"code": "REJECT_CARD_COMPANY", "message": "REJECT_CARD_COMPANY 메시지"}


def test_the_same_key_answers_with_the_same_charge(office) -> None:
    first, second = office.charge(key="k"), office.charge(key="k")

    assert first.json["charge_id"] == second.json["charge_id"]
    differing = office.charge(20_000, key="k")
    assert (differing.status_code, code_of(differing)) == (422, "idempotency_key_reused")
    assert differing.json["fields"] == ["amount_krw"]


def test_a_charge_needs_an_idempotency_key(office) -> None:
    answer = office.api.post("/v1/charges", json={"amount_krw": 10_000}, headers=office.master())

    assert (answer.status_code, code_of(answer)) == (400, "idempotency_key_missing")


@pytest.mark.rule("WAL-02")
@pytest.mark.parametrize(
    ("amount_krw", "is_charged"), [(999, False), (1_000, True), (10_000_000, True), (10_000_001, False)]
)
def test_the_amount_is_from_1_000_to_10_000_000_krw(amount_krw: int, is_charged: bool, office) -> None:
    answer = office.charge(amount_krw)

    if is_charged:
        assert answer.status_code == 201
    else:
        assert (answer.status_code, code_of(answer)) == (422, "charge_amount_out_of_range")
        assert (answer.json["min_krw"], answer.json["max_krw"]) == (1_000, 10_000_000)


@pytest.mark.rule("WAL-02")
@pytest.mark.parametrize("method", ["transfer", "virtual_account"])
def test_means_that_are_switched_off_are_refused(method: str, office) -> None:
    answer = office.charge(method=method)

    assert (answer.status_code, code_of(answer)) == (422, "charge_method_off")


@pytest.mark.parametrize(
    "body",
    [{}, {"amount_krw": "100000"}, {"amount_krw": 1.5}, {"amount_krw": None}, {"amount_krw": 10_000, "method": "cash"}],
)
def test_a_body_that_is_no_charge_is_refused(body: dict[str, object], office) -> None:
    headers = office.master() | {"Idempotency-Key": "k"}
    answer = office.api.post("/v1/charges", json=body, headers=headers)

    assert (answer.status_code, code_of(answer)) == (422, "invalid_request")


def test_an_amount_beyond_64_bits_is_refused_and_named_as_it_came(office) -> None:
    headers = office.master() | {"Idempotency-Key": "k"}
    content = f'{{"amount_krw": {10**30}}}'
    answer = office.api.post("/v1/charges", data=content, content_type="application/json", headers=headers)

    assert (answer.status_code, code_of(answer)) == (422, "charge_amount_out_of_range")
    assert str(10**30) in answer.text


@pytest.mark.parametrize("amount_krw", [2**63, -(2**63)])
def test_an_absurd_amount_is_refused_not_a_fault(amount_krw: int, office) -> None:
    assert office.charge(amount_krw).status_code == 422
    charge_id = office.charge().json["charge_id"]
    assert code_of(office.confirm(charge_id, "pk", amount_krw)) == "charge_amount_differs"


@pytest.mark.rule("WAL-03")
def test_another_amount_than_requested_is_refused(office, provider) -> None:
    charge_id = office.charge().json["charge_id"]

    answer = office.confirm(charge_id, "pk", 99_999)

    assert (answer.status_code, code_of(answer)) == (409, "charge_amount_differs")
    assert (answer.json["requested_krw"], answer.json["confirmed_krw"]) == (100_000, 99_999)
    assert provider.calls == []


def test_a_charge_is_confirmed_under_one_payment_only(office, provider) -> None:
    charge_id = office.charge().json["charge_id"]
    office.confirm(charge_id, provider.paid_in_window(charge_id, 100_000))

    answer = office.confirm(charge_id, "another")

    assert (answer.status_code, code_of(answer)) == (409, "payment_key_differs")


def test_a_payment_stands_behind_one_charge_only(office, provider) -> None:
    first, second = (office.charge().json["charge_id"] for _ in range(2))
    key = provider.paid_in_window(first, 100_000)
    office.confirm(first, key)

    answer = office.confirm(second, key)

    assert (answer.status_code, code_of(answer)) == (409, "payment_key_taken")


def test_an_expired_charge_is_not_confirmed(office, wallet) -> None:
    charge_id = office.charge().json["charge_id"]
    wallet.sql("UPDATE charges SET state = 'expired' WHERE id = :id", id=charge_id)

    answer = office.confirm(charge_id, "pk")

    assert (answer.status_code, code_of(answer)) == (409, "charge_state_forbids")
    assert answer.json["state"] == "expired"


@pytest.mark.rule("IDN-22")
def test_another_companys_charge_does_not_exist(office, wallet, callers) -> None:
    charge_id = office.charge().json["charge_id"]
    stranger = callers.member("master", tenant_id=wallet.a_company())

    read = office.api.get(f"/v1/charges/{charge_id}", headers=stranger)
    confirmed = office.api.post(
        f"/v1/charges/{charge_id}/confirm", json={"payment_key": "pk", "amount_krw": 100_000}, headers=stranger
    )

    assert (read.status_code, code_of(read)) == (404, "charge_not_found")
    assert (confirmed.status_code, code_of(confirmed)) == (404, "charge_not_found")
    assert office.api.get(f"/v1/charges/{uuid4()}", headers=office.master()).status_code == 404


@pytest.mark.rule("WAL-01")
def test_sub_members_and_postpaid_masters_do_not_charge(office, wallet, callers) -> None:
    keyed = {"Idempotency-Key": "k"}
    body = {"amount_krw": 10_000, "method": "card"}
    postpaid = callers.member("master", tenant_id=wallet.a_company(payment_method=SaidMethod.POSTPAID))
    suspended = callers.member("master", tenant_id=wallet.a_company(state="suspended"))
    unknown = callers.member("master")

    for headers, status, code in (
        (office.sub(), 403, "forbidden"),
        (postpaid, 403, "prepaid_only"),
        (suspended, 403, "company_suspended"),
        (unknown, 409, "wallet_not_ready"),
        ({}, 401, "unauthenticated"),
    ):
        answer = office.api.post("/v1/charges", json=body, headers=headers | keyed)
        assert (answer.status_code, code_of(answer)) == (status, code)


@pytest.mark.rule("WAL-01")
def test_a_master_whose_company_pays_later_now_reaches_no_charge_of_before(office, wallet) -> None:
    charge_id = wallet.credit(office.company_id, 10_000)
    paths = [f"/v1/charges/{charge_id}{more}" for more in ("", "/cancellation", "/receipt", "/cancellation-receipt")]
    wallet.sql("UPDATE companies SET method = 'postpaid'")

    for path in paths:
        answer = office.api.get(path, headers=office.master())
        assert (answer.status_code, code_of(answer)) == (403, "prepaid_only"), path


def test_the_worker_has_a_handler_for_every_queue(settings) -> None:
    assert {consumer.queue.lane for consumer in create_worker(settings).consumers} == {
        "control",
        "state",
        "orders",
        "timers",
        "calendar",
    }
