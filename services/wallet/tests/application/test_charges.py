"""Charging over fakes: every answer of the provider ends in a state, and no answer credits twice (WAL-03)."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from wallet_fakes import InMemory
from wallet_fakes_charging import ScriptedProvider

from contracts.scheduler import SetTimer
from contracts.wallet import ChargeCredited
from wallet.application.charges import (
    ConfirmCharge,
    ConfirmCharges,
    RequestCharge,
    charge_of_timer,
    expire_charge,
    request_charge,
)
from wallet.application.companies import keep_company
from wallet.domain.charge import ChargeMethod, ChargeRules, ChargeState
from wallet.domain.company import Company
from wallet.domain.errors import (
    ChargeAmountDiffersError,
    ChargeAmountRangeError,
    PrepaidOnlyError,
    SuspendedCompanyError,
    UnknownChargeError,
)
from wallet.domain.holds import PaymentMethod
from wallet.domain.ledger import Account
from wallet.domain.payment import (
    Answered,
    Declined,
    Missing,
    NotDone,
    Payment,
    PaymentStatus,
    Unknown,
)

RULES = ChargeRules(1_000, 10_000_000, frozenset({ChargeMethod.CARD}), timedelta(minutes=40))
DELAYS = [timedelta(seconds=10), timedelta(minutes=1)]
LEASE = timedelta(seconds=90)


class Till:
    """A company's charge of 100,000 KRW, the provider's script, and the use case between them."""

    def __init__(self, method: PaymentMethod = PaymentMethod.PREPAID, *, active: bool = True) -> None:
        self.uow = InMemory()
        self.company = Company(uuid4(), 1, active, method, uuid4())
        keep_company(self.company, self.uow)
        self.provider = ScriptedProvider()
        self.charges = ConfirmCharges(self.uow.begin, self.provider, delays=DELAYS, lease=LEASE)

    def request(self, amount_krw: int = 100_000) -> UUID:
        command = RequestCharge(self.company.id, uuid4(), ChargeMethod.CARD, amount_krw)
        return request_charge(command, RULES, self.uow)

    def confirm(self, charge_id: UUID, amount_krw: int = 100_000, key: str = "pk") -> None:
        self.charges.confirm(ConfirmCharge(self.company.id, charge_id, key, amount_krw))

    def take_up(self, charge_id: UUID) -> None:
        """The attempt is due: let the loop take it."""
        self.uow.charges.due.append(charge_id)
        assert self.charges.step()

    def state(self, charge_id: UUID) -> ChargeState:
        return self.uow.charges.get(charge_id).state

    @property
    def balance_krw(self) -> int:
        return self.uow.balance(self.company.id, Account.BALANCE)

    def credits(self) -> int:
        return sum(isinstance(said, ChargeCredited) for said in self.uow.state.said)


def paid(charge_id: UUID, **changes: object) -> Answered:
    payment = Payment("pk", str(charge_id), 100_000, PaymentStatus.DONE, "카드", None, None)
    return Answered(replace(payment, **changes))  # type: ignore[arg-type]


@pytest.mark.rule("WAL-02")
def test_a_request_sets_the_timer_that_ends_it() -> None:
    till = Till()
    charge_id = till.request()

    (timer,) = till.uow.state.said
    assert isinstance(timer, SetTimer)
    assert (timer.asker, charge_of_timer(timer.key)) == ("wallet", charge_id)
    assert timer.due_at == till.uow.at + timedelta(minutes=40)

    expire_charge(charge_id, till.uow)
    assert till.state(charge_id) is ChargeState.EXPIRED


@pytest.mark.rule("WAL-01")
def test_only_an_active_prepaid_company_charges() -> None:
    with pytest.raises(PrepaidOnlyError):
        Till(PaymentMethod.POSTPAID).request()
    with pytest.raises(SuspendedCompanyError):
        Till(active=False).request()


@pytest.mark.rule("WAL-02")
def test_an_amount_out_of_range_opens_no_charge() -> None:
    till = Till()
    with pytest.raises(ChargeAmountRangeError):
        till.request(999)
    assert till.uow.state.charges == {}


@pytest.mark.rule("WAL-03")
def test_a_confirmed_charge_is_credited_said_and_kept_as_a_lot() -> None:
    till = Till()
    charge_id = till.request()
    till.provider.confirms = [paid(charge_id)]

    till.confirm(charge_id)

    assert till.state(charge_id) is ChargeState.CREDITED
    assert (till.balance_krw, till.credits()) == (100_000, 1)
    assert till.uow.state.lots[charge_id].free_krw == 100_000
    assert till.provider.asked == [f"confirm charge:{charge_id}:confirm"]


@pytest.mark.rule("WAL-03")
def test_a_repeated_confirmation_calls_and_credits_nothing() -> None:
    till = Till()
    charge_id = till.request()
    till.provider.confirms = [paid(charge_id)]
    till.confirm(charge_id)

    till.confirm(charge_id)

    assert (till.balance_krw, len(till.provider.asked)) == (100_000, 1)


@pytest.mark.rule("WAL-03")
def test_another_amount_than_requested_never_reaches_the_provider() -> None:
    till = Till()
    charge_id = till.request()

    with pytest.raises(ChargeAmountDiffersError):
        till.confirm(charge_id, amount_krw=1_000)

    assert till.provider.asked == []
    assert till.state(charge_id) is ChargeState.REQUESTED


def test_another_companys_charge_does_not_exist() -> None:
    till, stranger = Till(), Till()
    charge_id = till.request()

    with pytest.raises(UnknownChargeError):
        till.charges.confirm(ConfirmCharge(stranger.company.id, charge_id, "pk", 100_000))


def test_a_declined_payment_fails_the_charge_with_the_providers_words() -> None:
    till = Till()
    charge_id = till.request()
    till.provider.confirms = [Declined("REJECT_CARD_COMPANY", "한도 초과")]

    till.confirm(charge_id)

    charge = till.uow.charges.get(charge_id)
    assert (charge.state, charge.failure_code, charge.failure_message) == (
        ChargeState.FAILED,
        "REJECT_CARD_COMPANY",
        "한도 초과",
    )
    assert till.balance_krw == 0


@pytest.mark.rule("WAL-03")
def test_an_unknown_outcome_is_settled_by_asking_and_credited_once() -> None:
    till = Till()
    charge_id = till.request()
    till.provider.confirms = [Unknown("ReadTimeout")]
    till.confirm(charge_id)
    assert (till.state(charge_id), till.balance_krw) == (ChargeState.CONFIRMING, 0)

    till.provider.finds = [paid(charge_id)]
    till.take_up(charge_id)

    assert (till.state(charge_id), till.balance_krw, till.credits()) == (ChargeState.CREDITED, 100_000, 1)


@pytest.mark.rule("WAL-03")
@pytest.mark.parametrize("found", ["missing", PaymentStatus.READY, PaymentStatus.IN_PROGRESS])
def test_what_asking_shows_as_not_done_is_confirmed_again_under_the_same_key(found: object) -> None:
    till = Till()
    charge_id = till.request()
    till.provider.confirms = [NotDone("ConnectError"), paid(charge_id)]
    till.confirm(charge_id)

    till.provider.finds = [Missing() if found == "missing" else paid(charge_id, status=found)]
    till.take_up(charge_id)

    key = f"confirm charge:{charge_id}:confirm"
    assert till.provider.asked == [key, f"find {charge_id}", key]
    assert till.balance_krw == 100_000


def test_a_payment_that_expired_at_the_provider_expires_the_charge() -> None:
    till = Till()
    charge_id = till.request()
    till.provider.confirms = [Unknown("ReadTimeout")]
    till.confirm(charge_id)

    till.provider.finds = [paid(charge_id, status=PaymentStatus.EXPIRED)]
    till.take_up(charge_id)

    assert till.state(charge_id) is ChargeState.EXPIRED


@pytest.mark.rule("WAL-03")
def test_a_record_of_another_amount_is_not_credited_but_goes_to_an_operator() -> None:
    till = Till()
    charge_id = till.request()
    till.provider.confirms = [paid(charge_id, amount_krw=99_000)]

    till.confirm(charge_id)

    assert (till.state(charge_id), till.balance_krw) == (ChargeState.CONFIRMING, 0)
    assert till.uow.charges.postponed == [(None, "amount_differs")]


def test_fruitless_askings_wait_longer_and_then_for_an_operator() -> None:
    till = Till()
    charge_id = till.request()
    till.provider.confirms = [Unknown("ReadTimeout")]
    till.confirm(charge_id)

    for _ in DELAYS:
        till.provider.finds = [Unknown("ReadTimeout")]
        till.take_up(charge_id)

    assert [delay for delay, _ in till.uow.charges.postponed] == [*DELAYS, None]


def test_without_due_attempts_there_is_nothing_to_do() -> None:
    assert Till().charges.step() is False


@pytest.mark.rule("WAL-03")
@pytest.mark.parametrize("given_up", [ChargeState.FAILED, ChargeState.EXPIRED, ChargeState.CONFIRMING])
def test_a_hint_that_proves_true_credits_even_a_charge_that_was_given_up(given_up: ChargeState) -> None:
    till = Till()
    charge_id = till.request()
    till.uow.charges.save(replace(till.uow.charges.get(charge_id), state=given_up))
    till.provider.finds = [paid(charge_id)]

    assert till.charges.ask(charge_id)
    assert till.charges.ask(charge_id)

    assert (till.balance_krw, till.credits(), len(till.provider.asked)) == (100_000, 1, 1)


def test_a_hint_that_proves_false_changes_nothing() -> None:
    till = Till()
    charge_id = till.request()
    till.provider.finds = [paid(charge_id, status=PaymentStatus.ABORTED), Unknown("away")]

    assert till.charges.ask(charge_id) is True
    assert till.charges.ask(charge_id) is False
    assert till.state(charge_id) is ChargeState.REQUESTED


@pytest.mark.rule("WAL-03")
def test_a_process_that_dies_after_the_call_leaves_an_attempt_that_ends_in_one_credit() -> None:
    till = Till()
    charge_id = till.request()

    class Killed(BaseException):
        """The process is gone."""

    def die() -> None:
        raise Killed

    dying = ConfirmCharges(till.uow.begin, till.provider, delays=DELAYS, lease=LEASE, checkpoint=die)
    till.provider.confirms = [paid(charge_id)]
    with pytest.raises(Killed):
        dying.confirm(ConfirmCharge(till.company.id, charge_id, "pk", 100_000))
    assert (till.state(charge_id), till.balance_krw) == (ChargeState.CONFIRMING, 0)

    till.provider.finds = [paid(charge_id)]
    till.take_up(charge_id)

    assert (till.balance_krw, till.credits()) == (100_000, 1)
