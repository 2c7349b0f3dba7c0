"""Charging by virtual account, from the form to the bank's notice, against the sandbox's provider (WAL-02, WAL-03)."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from wallet_builders import SECRET_KEY, WEBHOOK_SECRET, an_order_placed, issued
from wallet_sandbox import running_sandbox

from chassis.database import Database
from chassis.testing.callers import Callers
from contracts.wallet import ChargeCredited
from wallet.application.charges import ConfirmCharges, expire_charge
from wallet.application.notices import WorkOnNotices
from wallet.main import _provider, create_api
from wallet.settings import Settings

DELAYS = [timedelta(seconds=1)] * 3
LEASE = timedelta(seconds=90)
SWEEP = timedelta(hours=1)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as client:
        yield client


class Counter:
    """A prepaid company that charges by virtual account, the loops behind it, and the bank."""

    def __init__(self, wallet, app, settings: Settings, callers: Callers, sandbox: httpx.Client) -> None:
        self.wallet, self.sandbox, self._callers = wallet, sandbox, callers
        self.company_id, self.master_id = wallet.a_company(), uuid4()
        self.api: FlaskClient = app.api.test_client()
        provider = _provider(settings)
        self.charges = ConfirmCharges(wallet.begin, provider, delays=DELAYS, lease=LEASE, sweep=SWEEP)
        self.notices = WorkOnNotices(wallet.begin, provider, self.charges, delays=DELAYS, lease=LEASE)

    def member(self, role: str = "master") -> dict[str, str]:
        return self._callers.member(role, subject_id=self.master_id, tenant_id=self.company_id)

    def ask(self, amount_krw: int = 50_000, key: str | None = None, **body: Any) -> Any:
        whole = {"amount_krw": amount_krw, "method": "virtual_account", "bank_code": "20", **body}
        return self.api.post("/v1/charges", json=whole, headers=self.member() | {"Idempotency-Key": key or uuid4().hex})

    def get(self, path: str) -> Any:
        return self.api.get(path, headers=self.member())

    def state(self, charge_id: str) -> str:
        return str(self.get(f"/v1/charges/{charge_id}").json["state"])

    def bank(self, act: str, charge_id: str, **more: Any) -> None:
        answer = self.sandbox.post(f"/__sim/toss/{act}", json={"orderId": charge_id, **more})
        assert answer.status_code == 200, answer.text

    def secret(self, charge_id: str) -> str:
        answer = self.sandbox.get(f"/toss/v1/payments/orders/{charge_id}", auth=(SECRET_KEY, ""))
        return str(answer.json()["secret"])

    def tell(self, charge_id: str, secret: str | None = None, status: str = "DONE", times: int = 1) -> list[str]:
        """The bank's deposit notice, and the work on it; the notes that were left."""
        for _ in range(times):
            told = {
                "createdAt": "2026-03-02T12:00:00+09:00",
                "secret": secret or self.secret(charge_id),
                "status": status,
                "transactionKey": "tx",
                "orderId": charge_id,
            }
            headers = {"Content-Type": "application/json", "tosspayments-webhook-transmission-id": uuid4().hex}
            self.api.post(f"/v1/webhooks/payments/{WEBHOOK_SECRET}", data=json.dumps(told), headers=headers)
        self.wallet.clock.set(datetime.now(UTC) + timedelta(seconds=5))
        while self.notices.step():
            pass
        return [row.note for row in self.wallet.sql("SELECT note FROM payment_notices ORDER BY id")]

    def sweep(self) -> None:
        """An hour later."""
        self.wallet.clock.set(max(self.wallet.clock.now(), datetime.now(UTC)) + SWEEP + timedelta(seconds=1))
        while self.charges.step():
            pass

    @property
    def balance_krw(self) -> int:
        return int(self.wallet.balances(self.company_id)["balance"])

    def differences(self) -> list[tuple[str, int | None, int | None]]:
        rows = self.wallet.sql("SELECT kind, our_krw, provider_krw FROM payment_differences ORDER BY id")
        return [tuple(row) for row in rows]

    def spend(self, amount_krw: int) -> None:
        order = an_order_placed(self.company_id, amount_krw)
        self.wallet.hear(order)
        self.wallet.hear(issued(order, amount_krw))


@pytest.fixture
def running(database: Database, settings: Settings, callers: Callers, sandbox: httpx.Client) -> Settings:
    return settings.model_copy(
        update={
            "database_url": SecretStr(database.engine.url.render_as_string(hide_password=False)),
            "token_keys_url": callers.keys_url,
            "payment_url": f"{str(sandbox.base_url).rstrip('/')}/toss",
            "charge_virtual_account_enabled": True,
            "charge_transfer_enabled": True,
        }
    )


@pytest.fixture
def counter(wallet, running: Settings, callers: Callers, sandbox: httpx.Client) -> Counter:
    sandbox.delete("/__sim/faults")
    return Counter(wallet, create_api(running), running, callers, sandbox)


@pytest.mark.rule("WAL-02")
def test_a_virtual_account_is_issued_and_shown_with_bank_account_amount_and_time(counter: Counter) -> None:
    answer = counter.ask(50_000)

    assert (answer.status_code, answer.json["state"], answer.json["payment"]) == (201, "waiting", None)
    deposit = answer.json["deposit"]
    assert (deposit["bank_name"], deposit["amount_krw"], deposit["account_holder"]) == ("우리은행", 50_000, "다우상사")
    assert deposit["account_number"].startswith("X")
    until = datetime.fromisoformat(deposit["deposit_until"]) - datetime.now(UTC)
    assert timedelta(days=3) - timedelta(minutes=5) < until <= timedelta(days=3)
    assert counter.balance_krw == 0


@pytest.mark.rule("WAL-02")
def test_the_latest_2_that_can_be_paid_are_shown(counter: Counter) -> None:
    charge_ids = [counter.ask(amount_krw).json["charge_id"] for amount_krw in (10_000, 20_000, 30_000)]
    counter.bank("deposit", charge_ids[2])
    counter.tell(charge_ids[2])

    shown = counter.get("/v1/charges/waiting").json["items"]

    assert [charge["deposit"]["amount_krw"] for charge in shown] == [20_000, 10_000]
    counter.ask(40_000)
    assert [each["amount_krw"] for each in counter.get("/v1/charges/waiting").json["items"]] == [40_000, 20_000]


@pytest.mark.rule("WAL-02")
def test_the_form_offers_what_is_switched_on(counter: Counter, office) -> None:
    options = counter.get("/v1/charges/options").json
    assert [option["name"] for option in options["methods"]] == ["신용카드", "실시간 계좌이체", "가상계좌"]
    assert {"bank_code": "20", "name": "우리은행"} in options["banks"]

    card_only = office.api.get("/v1/charges/options", headers=office.master()).json
    assert [option["method"] for option in card_only["methods"]] == ["card"]
    assert (card_only["amount_min_krw"], card_only["amount_max_krw"], card_only["banks"]) == (1_000, 10_000_000, [])
    refused = office.charge(method="virtual_account", bank_code="20")
    assert (refused.status_code, refused.json["code"]) == (422, "charge_method_off")


@pytest.mark.rule("WAL-02")
@pytest.mark.parametrize("bank_code", [None, "99", ""])
def test_an_unknown_bank_is_refused_and_opens_nothing(bank_code: str | None, counter: Counter) -> None:
    answer = counter.ask(bank_code=bank_code)

    assert (answer.status_code, answer.json["code"]) == (422, "deposit_bank_unknown")
    assert counter.wallet.sql("SELECT 1 FROM charges") == []


@pytest.mark.rule("WAL-02", "WAL-03")
def test_a_deposit_is_credited_once_however_often_it_is_told(counter: Counter) -> None:
    charge_id = counter.ask().json["charge_id"]
    counter.bank("deposit", charge_id)

    assert counter.tell(charge_id, times=3) == ["asked", "asked", "asked"]
    counter.sweep()

    assert (counter.state(charge_id), counter.balance_krw) == ("credited", 50_000)
    assert sum(isinstance(said, ChargeCredited) for said in counter.wallet.said()) == 1
    counter.wallet.assert_proven()


@pytest.mark.rule("WAL-03")
def test_a_notice_with_a_wrong_secret_is_not_even_asked_for(counter: Counter) -> None:
    charge_id = counter.ask().json["charge_id"]
    counter.bank("deposit", charge_id)

    assert counter.tell(charge_id, secret="ps_forged") == ["wrong secret"]

    assert counter.balance_krw == 0


@pytest.mark.rule("WAL-03")
def test_a_notice_of_a_deposit_that_never_was_credits_nothing(counter: Counter) -> None:
    charge_id = counter.ask().json["charge_id"]

    assert counter.tell(charge_id) == ["asked"]

    assert (counter.state(charge_id), counter.balance_krw) == ("waiting", 0)


@pytest.mark.rule("WAL-02", "WAL-03")
def test_a_deposit_whose_notice_is_lost_is_found_within_the_hour(counter: Counter) -> None:
    charge_id = counter.ask().json["charge_id"]
    counter.sweep()
    assert counter.state(charge_id) == "waiting"
    counter.bank("deposit", charge_id)

    counter.sweep()

    assert (counter.state(charge_id), counter.balance_krw) == ("credited", 50_000)


@pytest.mark.rule("WAL-02")
def test_an_account_that_nobody_pays_ends_after_3_days_without_a_word(counter: Counter, sandbox: httpx.Client) -> None:
    charge_id = counter.ask().json["charge_id"]
    counter.bank("expire", charge_id)
    counter.wallet.clock.set(datetime.now(UTC) + timedelta(days=3, minutes=1))
    with counter.wallet.begin() as uow:
        expire_charge(UUID(charge_id), uow)

    while counter.charges.step():
        pass

    assert (counter.state(charge_id), counter.balance_krw) == ("expired", 0)
    assert counter.get("/v1/charges/waiting").json["items"] == []


@pytest.mark.rule("WAL-02")
def test_a_deposit_of_another_amount_goes_to_operators_once_and_credits_nothing(counter: Counter) -> None:
    charge_id = counter.ask().json["charge_id"]
    counter.bank("deposit", charge_id, amount=49_000, forced=True)

    counter.tell(charge_id, times=2)
    counter.sweep()

    assert (counter.state(charge_id), counter.balance_krw) == ("waiting", 0)
    assert counter.differences() == [("amount_differs", 50_000, 49_000)]


@pytest.mark.rule("WAL-03")
@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "5xx", "5xx_after", "malformed"])
def test_an_account_whose_issuing_went_wrong_is_issued_once_all_the_same(
    kind: str, counter: Counter, sandbox: httpx.Client
) -> None:
    sandbox.post("/__sim/faults", json={"provider": "toss", "route": "virtual_account", "kind": kind, "times": 1})
    answer = counter.ask()
    assert (answer.status_code, answer.json["state"], answer.json["deposit"]) == (201, "issuing", None)

    counter.sweep()

    charge_id = answer.json["charge_id"]
    assert counter.state(charge_id) == "waiting"
    counter.bank("deposit", charge_id)
    counter.tell(charge_id)
    assert counter.balance_krw == 50_000


def test_asking_again_under_the_same_key_shows_the_same_account(counter: Counter) -> None:
    first, second = (counter.ask(key="form-1").json for _ in range(2))

    assert first == second


@pytest.mark.rule("WAL-02")
def test_a_deposit_that_the_bank_takes_back_leaves_the_balance_and_may_come_again(counter: Counter) -> None:
    charge_id = counter.ask().json["charge_id"]
    counter.bank("deposit", charge_id)
    counter.tell(charge_id)
    counter.bank("reverse", charge_id)

    counter.tell(charge_id, status="WAITING_FOR_DEPOSIT", times=2)

    assert (counter.state(charge_id), counter.balance_krw) == ("taken_back", 0)
    assert counter.differences() == [("taken_back", 0, 50_000)]
    counter.wallet.assert_proven()

    counter.bank("deposit", charge_id)
    counter.tell(charge_id)
    assert (counter.state(charge_id), counter.balance_krw) == ("credited", 50_000)
    counter.wallet.assert_proven()


@pytest.mark.rule("WAL-02", "WAL-17")
def test_what_was_spent_of_a_deposit_taken_back_is_owed_and_comes_off_the_next_charge(counter: Counter) -> None:
    charge_id = counter.ask().json["charge_id"]
    counter.bank("deposit", charge_id)
    counter.tell(charge_id)
    counter.spend(30_000)
    counter.bank("reverse", charge_id)
    counter.tell(charge_id, status="WAITING_FOR_DEPOSIT")

    balances = counter.wallet.balances(counter.company_id)
    assert (balances["balance"], balances["claims"], balances["sales"]) == (0, -30_000, 30_000)
    assert counter.differences() == [("taken_back", 30_000, 50_000)]
    counter.wallet.assert_proven()

    counter.wallet.credit(counter.company_id, 100_000)
    balances = counter.wallet.balances(counter.company_id)
    assert (balances["balance"], balances["claims"]) == (70_000, 0)
    counter.wallet.assert_proven()

    counter.bank("deposit", charge_id)
    counter.tell(charge_id)
    assert counter.balance_krw == 120_000
    counter.wallet.assert_proven()


def test_a_charge_by_virtual_account_is_not_confirmed_from_the_window(counter: Counter) -> None:
    charge_id = counter.ask().json["charge_id"]

    answer = counter.api.post(
        f"/v1/charges/{charge_id}/confirm", json={"payment_key": "pk", "amount_krw": 50_000}, headers=counter.member()
    )

    assert (answer.status_code, answer.json["code"]) == (409, "charge_state_forbids")


@pytest.mark.rule("WAL-06")
def test_a_charge_by_virtual_account_cannot_be_cancelled(counter: Counter) -> None:
    charge_id = counter.ask().json["charge_id"]
    counter.bank("deposit", charge_id)
    counter.tell(charge_id)

    answer = counter.get(f"/v1/charges/{charge_id}/cancellation")

    assert (answer.status_code, answer.json["reason"]) == (409, "method")


@pytest.mark.rule("WAL-02")
def test_a_transfer_is_paid_in_its_own_window_and_credited(counter: Counter, sandbox: httpx.Client) -> None:
    charge = counter.ask(20_000, method="transfer").json
    assert charge["payment"]["method"] == "계좌이체"
    assert "method=%EA%B3%84%EC%A2%8C%EC%9D%B4%EC%B2%B4" in charge["payment"]["window_url"]
    paid = {"orderId": charge["charge_id"], "amount": 20_000, "method": "계좌이체"}
    key = sandbox.post("/__sim/toss/authenticate", json=paid).json()["paymentKey"]

    answer = counter.api.post(
        f"/v1/charges/{charge['charge_id']}/confirm",
        json={"payment_key": key, "amount_krw": 20_000},
        headers=counter.member(),
    )

    assert (answer.json["state"], answer.json["means"], counter.balance_krw) == ("credited", "계좌이체", 20_000)


@pytest.mark.rule("WAL-01")
def test_sub_members_see_no_accounts(counter: Counter) -> None:
    for path in ("/v1/charges/waiting", "/v1/charges/options"):
        assert counter.api.get(path, headers=counter.member("sub")).status_code == 403
