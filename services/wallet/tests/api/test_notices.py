"""The provider's notices: kept raw, answered, and never believed without asking (WAL-03)."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from wallet_builders import WEBHOOK_SECRET

from wallet.application.charges import ConfirmCharges
from wallet.application.notices import WorkOnNotices
from wallet.main import _provider

PATH = f"/v1/webhooks/payments/{WEBHOOK_SECRET}"
LEASE = timedelta(seconds=90)


@pytest.fixture
def work(wallet, settings):
    """One turn of the loop that works on notices."""
    wallet.clock.set(datetime.now(UTC) + timedelta(hours=1))  # Ahead of the machine, whose clock the API uses.
    provider = _provider(settings)
    charges = ConfirmCharges(wallet.begin, provider, delays=[timedelta(seconds=10)], lease=LEASE)
    return WorkOnNotices(wallet.begin, provider, charges, delays=[timedelta(seconds=1)], lease=LEASE).step


def told_paid(order_id: str) -> bytes:
    return json.dumps({"eventType": "PAYMENT_STATUS_CHANGED", "data": {"orderId": order_id, "status": "DONE"}}).encode()


def post(office, body: bytes, transmission_id: str | None = "t-1", path: str = PATH):
    headers = {"Content-Type": "application/json"}
    if transmission_id is not None:
        headers["tosspayments-webhook-transmission-id"] = transmission_id
    return office.api.post(path, data=body, headers=headers)


def notes(wallet) -> list[tuple[str, str | None]]:
    return [tuple(row) for row in wallet.sql("SELECT state, note FROM payment_notices ORDER BY id")]


def test_a_notice_is_answered_before_it_is_worked_on(office, wallet, provider) -> None:
    answer = post(office, b"\xff anything at all")

    assert (answer.status_code, answer.json) == (200, {"received": True})
    assert provider.calls == []
    (row,) = wallet.sql("SELECT body, headers FROM payment_notices")
    assert bytes(row.body) == b"\xff anything at all"
    assert row.headers == {"tosspayments-webhook-transmission-id": "t-1"}


def test_a_repeated_transmission_is_kept_once(office, wallet) -> None:
    for transmission_id in ("t-1", "t-1", "t-2", None, None):
        assert post(office, b"{}", transmission_id).status_code == 200

    assert len(notes(wallet)) == 4


def test_a_wrong_secret_finds_nothing(office, wallet) -> None:
    answer = post(office, b"{}", path="/v1/webhooks/payments/wrong-secret-of-the-address")

    assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    assert notes(wallet) == []


def test_a_huge_notice_is_refused(office, wallet) -> None:
    answer = post(office, b"x" * (64 * 1024 + 1))

    assert (answer.status_code, answer.json["code"]) == (413, "body_too_large")
    assert notes(wallet) == []


@pytest.mark.rule("WAL-03")
def test_a_forged_notice_credits_nothing(office, wallet, provider, work) -> None:
    charge_id = office.charge().json["charge_id"]
    provider.paid_in_window(charge_id, 100_000)  # Authenticated, never confirmed.
    post(office, told_paid(charge_id))

    assert work()

    assert wallet.balances(office.company_id)["balance"] == 0
    assert [call.method for call in provider.calls] == ["GET"]


@pytest.mark.rule("WAL-03")
def test_a_true_notice_credits_a_lost_confirmation_once(office, wallet, provider, work) -> None:
    charge_id = office.charge().json["charge_id"]
    key = provider.paid_in_window(charge_id, 100_000)
    provider.script = ["lost"]
    assert office.confirm(charge_id, key).status_code == 202

    for transmission_id in ("t-1", "t-2"):
        post(office, told_paid(charge_id), transmission_id)
        assert work()

    assert wallet.balances(office.company_id)["balance"] == 100_000
    assert notes(wallet) == [("closed", "asked"), ("closed", "asked")]
    attempt = wallet.sql("SELECT state FROM charge_attempts")[0]
    assert attempt.state == "settled"


@pytest.mark.rule("WAL-03")
def test_a_notice_waits_while_the_provider_does_not_answer(office, wallet, provider, work) -> None:
    charge_id = office.charge().json["charge_id"]
    key = provider.paid_in_window(charge_id, 100_000)
    provider.script, provider.find_script = ["lost"], [(500, "UNKNOWN_ERROR")]
    office.confirm(charge_id, key)
    post(office, told_paid(charge_id))

    assert work()
    assert notes(wallet) == [("open", "the provider does not say")]
    assert not work()
    wallet.clock.advance(timedelta(seconds=1))
    assert work()

    assert wallet.balances(office.company_id)["balance"] == 100_000


@pytest.mark.parametrize(
    ("body", "note"),
    [(b"nonsense", "unreadable"), (told_paid("01890000-0000-7000-8000-000000000000"), "no such charge")],
)
def test_a_notice_of_nothing_of_ours_is_put_aside(body: bytes, note: str, office, wallet, work) -> None:
    post(office, body)

    assert work()

    assert notes(wallet) == [("closed", note)]


def test_without_notices_there_is_nothing_to_do(work) -> None:
    assert not work()
