"""충전취소 over HTTP, with a provider on the wire (WAL-06)."""

from typing import Any
from uuid import uuid4

import pytest
from wallet_builders import an_order_placed

from wallet.main import create_worker


@pytest.fixture
def paid(office, provider) -> str:
    """A credited charge of 100,000 KRW by card."""
    charge_id = office.charge().json["charge_id"]
    assert office.confirm(charge_id, provider.paid_in_window(charge_id, 100_000)).json["state"] == "credited"
    return charge_id


def age(wallet, days: int) -> None:
    wallet.sql("UPDATE charges SET credited_at = credited_at - make_interval(days => :days)", days=days)


def cancel(office, charge_id: str, payout_krw: int = 100_000) -> Any:
    body = {"payout_krw": payout_krw}
    return office.api.post(f"/v1/charges/{charge_id}/cancel", json=body, headers=office.master())


def quote(office, charge_id: str) -> Any:
    return office.api.get(f"/v1/charges/{charge_id}/cancellation", headers=office.master())


def balance(wallet, office) -> int:
    return wallet.balances(office.company_id)["balance"]


@pytest.mark.rule("WAL-06", "WAL-04")
def test_a_charge_is_cancelled_whole_and_free_and_the_history_tells_it(office, wallet, provider, paid) -> None:
    assert quote(office, paid).json == {"amount_krw": 100_000, "fee_krw": 0, "payout_krw": 100_000}

    answer = cancel(office, paid)

    assert (answer.status_code, answer.json["state"]) == (200, "cancelled")
    assert provider.sent_back == [(paid, 100_000)]
    assert balance(wallet, office) == 0
    lines = office.api.get("/v1/wallet/entries", headers=office.master()).json["items"]
    assert [(line["kind_ko"], line["amount_krw"]) for line in lines] == [("충전취소", -100_000), ("충전", 100_000)]
    wallet.assert_proven()


@pytest.mark.rule("WAL-06")
def test_after_the_seventh_day_the_fee_is_kept_and_the_rest_goes_back(office, wallet, provider, paid) -> None:
    age(wallet, 20)
    assert quote(office, paid).json == {"amount_krw": 100_000, "fee_krw": 10_000, "payout_krw": 90_000}
    stale = cancel(office, paid, 100_000)
    assert (stale.status_code, stale.json["code"], stale.json["payout_krw"]) == (
        409,
        "cancellation_figures_changed",
        90_000,
    )

    assert cancel(office, paid, 90_000).json["state"] == "cancelled"

    balances = wallet.balances(office.company_id)
    assert provider.sent_back == [(paid, 90_000)]
    assert (balances["balance"], balances["fees"], balances["provider_clearing"]) == (0, 10_000, -10_000)
    wallet.assert_proven()


@pytest.mark.rule("WAL-06")
def test_cancelling_again_sends_nothing_twice(office, provider, paid) -> None:
    assert cancel(office, paid).json == cancel(office, paid).json
    assert provider.sent_back == [(paid, 100_000)]
    assert quote(office, paid).json["reason"] == "not_credited"


@pytest.mark.rule("WAL-06")
def test_a_charge_whose_money_is_held_is_not_cancelled(office, wallet, provider, paid) -> None:
    wallet.hear(an_order_placed(office.company_id, 1_000))

    answer = cancel(office, paid)

    assert (answer.status_code, answer.json["code"], answer.json["reason"]) == (409, "charge_not_cancellable", "used")
    assert provider.sent_back == []
    assert balance(wallet, office) == 99_000


@pytest.mark.rule("WAL-06")
def test_a_refusal_of_the_provider_returns_the_credit_and_a_later_try_has_a_key_of_its_own(
    office, wallet, provider, paid
) -> None:
    provider.cancel_script = [(403, "NOT_CANCELABLE_PAYMENT")]

    refused = cancel(office, paid)

    assert (refused.status_code, refused.json["state"]) == (200, "credited")
    assert balance(wallet, office) == 100_000
    wallet.assert_proven()
    assert cancel(office, paid).json["state"] == "cancelled"
    wallet.assert_proven()


@pytest.mark.rule("WAL-06", "WAL-03")
def test_a_lost_answer_leaves_the_credit_taken_until_asking_settles_it(
    office, wallet, provider, settings, paid
) -> None:
    provider.cancel_script = ["lost"]

    unknown = cancel(office, paid)

    assert (unknown.status_code, unknown.json["state"]) == (202, "cancelling")
    assert wallet.balances(office.company_id)["paybacks"] == 100_000
    wallet.assert_proven()
    _take_up(wallet, office)
    assert office.api.get(f"/v1/charges/{paid}", headers=office.master()).json["state"] == "cancelled"
    assert provider.sent_back == [(paid, 100_000)]
    wallet.assert_proven()


@pytest.mark.rule("WAL-06", "WAL-03")
def test_what_was_surely_not_done_is_called_again_under_the_same_key(office, wallet, provider, paid) -> None:
    provider.cancel_script = [(503, "FAILED_INTERNAL_SYSTEM_PROCESSING")]
    assert cancel(office, paid).status_code == 202
    provider.answers_by_key.clear()

    _take_up(wallet, office)

    keys = [call.headers["idempotency-key"] for call in provider.calls if call.path.endswith("/cancel")]
    assert keys == [f"charge:{paid}:cancel:1"] * 2
    assert provider.sent_back == [(paid, 100_000)]


@pytest.mark.rule("WAL-06", "IDN-22")
def test_another_companys_charge_is_not_cancelled(office, wallet, callers, paid) -> None:
    stranger = callers.member("master", tenant_id=wallet.a_company())

    answer = office.api.post(f"/v1/charges/{paid}/cancel", json={"payout_krw": 100_000}, headers=stranger)

    assert answer.status_code == 404
    assert office.api.get(f"/v1/charges/{uuid4()}/cancellation", headers=office.master()).status_code == 404


def _take_up(wallet, office) -> None:
    """The open call is due: let the worker's loop take it up."""
    wallet.sql("UPDATE cancellation_attempts SET owner = NULL, next_try_at = clock_timestamp() - interval '1 second'")
    worker = create_worker(office.settings)
    loop = next(loop for loop in worker.loops if loop.name == "wallet.cancel")
    assert loop.step() is True
