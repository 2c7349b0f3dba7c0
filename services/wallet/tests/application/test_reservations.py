"""Reserving and withdrawing over fakes: one answer an order, judged again when a race was lost."""

from uuid import UUID, uuid4

import pytest
from wallet_builders import LABEL, MONTH, NOON
from wallet_fakes import InMemory

from contracts.wallet import FundsRefused, FundsReserved, RefusalReason, ReservationReleased
from wallet.application.companies import keep_company
from wallet.application.reservations import (
    ReserveFunds,
    WithdrawReservation,
    reserve_funds,
    withdraw_reservation,
)
from wallet.domain.company import Company
from wallet.domain.errors import ContendedFundsError, UnknownCompanyError
from wallet.domain.holds import PaymentMethod
from wallet.domain.ledger import Account, Posting, PostingKind, transfer
from wallet.domain.lots import Lot


def a_company(uow: InMemory, balance_krw: int) -> UUID:
    company = Company(uuid4(), 1, True, PaymentMethod.PREPAID, uuid4())
    keep_company(company, uow)
    charge_id = uuid4()
    entries = transfer(Account.PROVIDER_CLEARING, Account.BALANCE, balance_krw)
    uow.post(Posting(uuid4(), company.id, PostingKind.CHARGE, f"charge:{charge_id}", NOON, entries))
    uow.lots.add(Lot(charge_id, company.id, NOON, balance_krw, free_krw=balance_krw))
    return company.id


def an_order(company_id: UUID, amount_krw: int) -> ReserveFunds:
    return ReserveFunds(company_id, uuid4(), False, amount_krw, 0, MONTH, uuid4(), NOON, LABEL)


@pytest.mark.rule("WAL-18")
def test_an_order_is_held_and_answered_once() -> None:
    uow = InMemory()
    command = an_order(a_company(uow, 50_000), 20_000)

    reserve_funds(command, uow)
    reserve_funds(command, uow)

    (said,) = uow.state.said
    assert isinstance(said, FundsReserved)
    assert uow.holds.get(command.order_id).open_krw == 20_000
    assert f"order:{command.order_id}" in uow.state.woken


@pytest.mark.rule("ORD-15")
def test_a_refused_order_leaves_everything_as_it_was() -> None:
    uow = InMemory()
    company_id = a_company(uow, 50_000)

    reserve_funds(an_order(company_id, 50_001), uow)

    (said,) = uow.state.said
    assert isinstance(said, FundsRefused)
    assert (said.reason, said.required_krw, said.available_krw) == (RefusalReason.BALANCE, 50_001, 50_000)
    assert uow.balance(company_id, Account.BALANCE) == 50_000


def test_an_order_of_an_unknown_company_cannot_be_judged_yet() -> None:
    with pytest.raises(UnknownCompanyError):
        reserve_funds(an_order(uuid4(), 1_000), InMemory())


@pytest.mark.rule("WAL-17")
@pytest.mark.parametrize(("lost", "is_held"), [(1, True), (2, True), (3, False)])
def test_a_lost_race_is_judged_again_and_undone_before(lost: int, is_held: bool) -> None:
    uow = InMemory()
    company_id = a_company(uow, 50_000)
    command = an_order(company_id, 20_000)
    uow.lost_races = lost

    if is_held:
        reserve_funds(command, uow)
    else:
        with pytest.raises(ContendedFundsError):
            reserve_funds(command, uow)

    assert uow.balance(company_id, Account.BALANCE) == (30_000 if is_held else 50_000)
    assert len(uow.state.said) == (1 if is_held else 0)


@pytest.mark.rule("WAL-18")
def test_a_withdrawn_reservation_goes_back_whole_and_is_said_once() -> None:
    uow = InMemory()
    company_id = a_company(uow, 50_000)
    command = an_order(company_id, 20_000)
    reserve_funds(command, uow)

    for _ in range(2):
        withdraw_reservation(WithdrawReservation(command.order_id, company_id), uow)

    assert [type(said) for said in uow.state.said] == [FundsReserved, ReservationReleased]
    assert uow.balance(company_id, Account.BALANCE) == 50_000


@pytest.mark.rule("WAL-18")
def test_the_tombstone_of_a_withdrawal_keeps_a_late_order_from_reserving() -> None:
    uow = InMemory()
    company_id = a_company(uow, 50_000)
    command = an_order(company_id, 20_000)

    withdraw_reservation(WithdrawReservation(command.order_id, company_id), uow)
    reserve_funds(command, uow)

    (said,) = uow.state.said
    assert isinstance(said, FundsRefused)
    assert said.reason is RefusalReason.WITHDRAWN
    assert uow.balance(company_id, Account.BALANCE) == 50_000
