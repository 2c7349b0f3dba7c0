"""Timers: a charge whose payer never came back ends by itself."""

from uuid import uuid4

import pytest
from wallet_builders import NOON, a_charge

from chassis.consumer import Poison
from contracts.scheduler import TimerFired
from wallet.domain.charge import ChargeState


def fired(key: str) -> TimerFired:
    return TimerFired(timer_id=uuid4(), asker="wallet", key=key, version=1, due_at=NOON, fired_at=NOON)


@pytest.mark.rule("WAL-02")
@pytest.mark.parametrize(
    ("state", "afterwards"),
    [
        (ChargeState.REQUESTED, ChargeState.EXPIRED),
        (ChargeState.CONFIRMING, ChargeState.CONFIRMING),
        (ChargeState.FAILED, ChargeState.FAILED),
        (ChargeState.EXPIRED, ChargeState.EXPIRED),
    ],
)
def test_only_a_charge_that_still_waits_for_its_payer_expires(state, afterwards, wallet) -> None:
    charge = a_charge(state=state)
    with wallet.begin() as uow:
        uow.charges.add(charge)

    wallet.hear(fired(f"charge-window:{charge.id}"), times=2)

    with wallet.begin() as uow:
        assert uow.charges.get(charge.id).state is afterwards


@pytest.mark.parametrize(
    "key", ["charge-window:01890000-0000-7000-8000-000000000000", "charge-window:nonsense", "another:timer"]
)
def test_a_timer_of_nothing_of_ours_is_poison(key: str, wallet) -> None:
    with pytest.raises(Poison):
        wallet.hear(fired(key))
