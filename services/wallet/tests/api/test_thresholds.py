"""A master chooses below how much the company is told, and it is told once until there is more again."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from wallet_builders import NOON, an_order_placed, cancelled

from contracts.values import PaymentMethod
from contracts.wallet import BalanceLow
from wallet.application.watching import WatchThresholds
from wallet.domain.company import CreditContract

PATH = "/v1/wallet/threshold"


class Watch:
    """The company of the office, and the loop that watches it."""

    def __init__(self, office: Any, wallet: Any) -> None:
        self.office, self.wallet = office, wallet
        self._watch = WatchThresholds(wallet.begin)

    def choose(self, threshold_krw: Any) -> Any:
        return self.office.api.put(PATH, json={"threshold_krw": threshold_krw}, headers=self.office.master())

    def shown(self) -> Any:
        return self.office.api.get(PATH, headers=self.office.master()).json

    def told(self) -> list[tuple[int, int]]:
        """What the company was told, once the loop has nothing more to do."""
        while self._watch.step():
            pass
        said = [event for event in self.wallet.said() if isinstance(event, BalanceLow)]
        return [(event.threshold_krw, event.available_krw) for event in said]


@pytest.fixture
def watch(office: Any, wallet: Any) -> Watch:
    return Watch(office, wallet)


def test_a_balance_that_falls_below_the_threshold_is_told_once_until_it_is_above_again(watch: Watch) -> None:
    company_id, wallet = watch.office.company_id, watch.wallet
    wallet.credit(company_id, 100_000)
    assert watch.choose(50_000).json == {"threshold_krw": 50_000, "is_low": False}
    assert watch.told() == []

    order = an_order_placed(company_id, 50_000)
    wallet.hear(order)
    assert watch.told() == []
    second = an_order_placed(company_id, 10_000)
    wallet.hear(second)
    assert watch.told() == [(50_000, 40_000)]
    wallet.hear(an_order_placed(company_id, 5_000))
    assert watch.told() == [(50_000, 40_000)]
    assert watch.shown() == {"threshold_krw": 50_000, "is_low": True}

    wallet.hear(cancelled(order))
    assert watch.told() == [(50_000, 40_000)]
    assert watch.shown() == {"threshold_krw": 50_000, "is_low": False}
    wallet.hear(an_order_placed(company_id, 80_000))
    assert watch.told() == [(50_000, 40_000), (50_000, 5_000)]


def test_a_threshold_above_what_there_is_is_told_at_once(watch: Watch) -> None:
    watch.choose(1)
    assert watch.told() == [(1, 0)]

    watch.choose(30_000)
    assert watch.told() == [(1, 0), (30_000, 0)]


def test_without_a_threshold_nobody_is_told(watch: Watch) -> None:
    assert watch.shown() == {"threshold_krw": None, "is_low": False}
    watch.choose(30_000)

    assert watch.choose(None).json == {"threshold_krw": None, "is_low": False}
    assert watch.told() == []


@pytest.mark.rule("WAL-11")
def test_a_postpaid_company_is_watched_by_what_is_left_of_its_month(watch: Watch) -> None:
    wallet = watch.wallet
    company_id = watch.office.company_id = wallet.a_company(payment_method=PaymentMethod.POSTPAID)
    with wallet.begin() as uow:
        uow.companies.keep_contract(CreditContract(company_id, 100_000, NOON.date()))
    watch.choose(50_000)
    wallet.hear(an_order_placed(company_id, 60_000))
    assert watch.told() == [(50_000, 40_000)]

    wallet.clock.advance(timedelta(days=40))
    watch.told()
    assert watch.shown() == {"threshold_krw": 50_000, "is_low": False}


@pytest.mark.parametrize("threshold_krw", [0, -1, "50000", 1.5, True, 10**18])
def test_what_is_no_threshold_is_refused(threshold_krw: object, watch: Watch) -> None:
    assert watch.choose(threshold_krw).status_code == 422
    assert watch.shown()["threshold_krw"] is None


def test_only_masters_choose(watch: Watch) -> None:
    sub = watch.office.sub(uuid4())

    assert watch.office.api.get(PATH, headers=sub).status_code == 403
    assert watch.office.api.put(PATH, json={"threshold_krw": 1}, headers=sub).status_code == 403
