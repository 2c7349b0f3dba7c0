"""Charging against the sandbox's payment provider, which shares no code with the adapter: every trouble that it can be
told to make, by the amount's last three digits, ends in the right state and in at most one collection (WAL-03)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from pydantic import SecretStr
from wallet_builders import SECRET_KEY
from wallet_fakes import InMemory
from wallet_sandbox import running_sandbox

from chassis.http import HttpClient
from wallet.adapters.toss import TossPayments
from wallet.application.charges import ConfirmCharge, ConfirmCharges, RequestCharge, request_charge
from wallet.application.companies import keep_company
from wallet.domain.charge import ChargeMethod, ChargeRules, ChargeState
from wallet.domain.company import Company
from wallet.domain.holds import PaymentMethod
from wallet.domain.ledger import Account

RULES = ChargeRules(1_000, 10_000_000, frozenset({ChargeMethod.CARD}), timedelta(minutes=40))
HANG_SECONDS = 1.0


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of the sandbox's control plane."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox"), HANG_SECONDS) as client:
        yield client


class Shop:
    """A prepaid company that charges at the sandbox."""

    def __init__(self, sandbox: httpx.Client) -> None:
        self.sandbox = sandbox
        self.uow = InMemory()
        self.company = Company(uuid4(), 1, True, PaymentMethod.PREPAID, uuid4())
        keep_company(self.company, self.uow)
        client = HttpClient(
            f"{str(sandbox.base_url).rstrip('/')}/toss", name="payment provider", read_timeout_seconds=0.4
        )
        self.toss = TossPayments(client, SecretStr(SECRET_KEY))
        delays = [timedelta(seconds=1)] * 5
        self.charges = ConfirmCharges(self.uow.begin, self.toss, delays=delays, lease=timedelta(seconds=90))

    def charge(self, amount_krw: int) -> UUID:
        """Request, pay in the window, and confirm."""
        charge_id, payment_key = self.paid(amount_krw)
        self.confirm(charge_id, payment_key, amount_krw)
        return charge_id

    def paid(self, amount_krw: int) -> tuple[UUID, str]:
        """Request, and pay in the window."""
        command = RequestCharge(self.company.id, uuid4(), ChargeMethod.CARD, amount_krw)
        charge_id = request_charge(command, RULES, self.uow)
        paid = self.sandbox.post(
            "/__sim/toss/authenticate", json={"orderId": str(charge_id), "amount": amount_krw, "method": "카드"}
        ).json()
        return charge_id, paid["paymentKey"]

    def confirm(self, charge_id: UUID, payment_key: str, amount_krw: int) -> None:
        self.charges.confirm(ConfirmCharge(self.company.id, charge_id, payment_key, amount_krw))

    def collections(self, charge_id: UUID) -> list[dict[str, Any]]:
        """The provider's own list of money that it collected for a charge."""
        client = HttpClient(f"{str(self.sandbox.base_url).rstrip('/')}/toss", name="payment provider")
        query = {"startDate": "2020-01-01T00:00:00", "endDate": "2090-01-01T00:00:00", "limit": "10000"}
        answer = client.request("GET", "/v1/transactions", params=query, headers=self.toss._authorization())
        return [each for each in answer.json() if each["orderId"] == str(charge_id)]

    def take_up(self, charge_id: UUID) -> None:
        self.uow.charges.due.append(charge_id)
        self.charges.step()

    def state(self, charge_id: UUID) -> ChargeState:
        return self.uow.charges.get(charge_id).state

    @property
    def balance_krw(self) -> int:
        return self.uow.balance(self.company.id, Account.BALANCE)


@pytest.fixture
def shop(sandbox: httpx.Client) -> Shop:
    return Shop(sandbox)


@pytest.mark.rule("WAL-03")
def test_a_payment_without_trouble_is_credited_at_once(shop: Shop) -> None:
    charge_id = shop.charge(100_000)

    charge = shop.uow.charges.get(charge_id)
    assert (charge.state, charge.means, shop.balance_krw) == (ChargeState.CREDITED, "카드", 100_000)
    assert charge.receipt_url is not None


@pytest.mark.parametrize(
    ("amount_krw", "code"),
    [(10_901, "REJECT_CARD_COMPANY"), (10_902, "EXCEED_MAX_AMOUNT"), (10_912, "INVALID_CARD_EXPIRATION")],
)
def test_a_refused_card_fails_the_charge(amount_krw: int, code: str, shop: Shop) -> None:
    charge_id = shop.charge(amount_krw)

    assert (shop.state(charge_id), shop.uow.charges.get(charge_id).failure_code) == (ChargeState.FAILED, code)
    assert shop.balance_krw == 0


@pytest.mark.rule("WAL-03")
@pytest.mark.parametrize("amount_krw", [10_904, 10_905, 10_906])
def test_an_answer_lost_before_or_after_the_work_is_settled_to_one_credit(amount_krw: int, shop: Shop) -> None:
    charge_id = shop.charge(amount_krw)
    assert (shop.state(charge_id), shop.balance_krw) == (ChargeState.CONFIRMING, 0)

    shop.take_up(charge_id)
    shop.take_up(charge_id)

    assert (shop.state(charge_id), shop.balance_krw) == (ChargeState.CREDITED, amount_krw)
    assert len(shop.collections(charge_id)) == 1


@pytest.mark.rule("WAL-03")
@pytest.mark.parametrize("amount_krw", [10_903, 10_911, 10_913])
def test_trouble_inside_the_provider_ends_when_its_window_does(amount_krw: int, shop: Shop) -> None:
    """The provider replays the error under our one key; the payment then expires, and nothing is credited."""
    charge_id = shop.charge(amount_krw)
    shop.take_up(charge_id)
    assert shop.state(charge_id) is ChargeState.CONFIRMING

    shop.sandbox.post("/__sim/clock/advance", json={"seconds": 601})
    shop.take_up(charge_id)

    assert (shop.state(charge_id), shop.balance_krw) == (ChargeState.EXPIRED, 0)


@pytest.mark.rule("WAL-03")
def test_a_confirmation_that_a_dead_process_had_sent_is_not_made_a_second_time(shop: Shop) -> None:
    charge_id, payment_key = shop.paid(20_000)
    dead = shop.uow.charges.get(charge_id).confirming(payment_key, 20_000, shop.uow.at)
    shop.toss.confirm(dead)

    shop.confirm(charge_id, payment_key, 20_000)

    assert (shop.state(charge_id), shop.balance_krw) == (ChargeState.CREDITED, 20_000)
    assert len(shop.collections(charge_id)) == 1
