"""Identity asks what of a company's money is open: unpaid invoices and open refunds (IDN-28)."""

from uuid import uuid4

import pytest
from wallet_builders import NOON, a_company_changed, an_order_placed, issued, month_closed

from contracts.identity import CompanyState, OpenAffairsAsked
from contracts.values import PaymentMethod
from contracts.wallet import OpenMoneyCounted


def a_question(company_id, **changes: object) -> OpenAffairsAsked:
    values: dict[str, object] = {"request_id": uuid4(), "company_id": company_id, "asked_at": NOON}
    return OpenAffairsAsked.model_validate(values | changes)


def answers(wallet) -> list[OpenMoneyCounted]:
    return [said for said in wallet.said() if isinstance(said, OpenMoneyCounted)]


def a_refund(wallet, company_id, state: str) -> None:
    decided = None if state in {"requested", "reviewing"} else NOON
    file_id = uuid4()
    wallet.sql(
        "INSERT INTO refund_files (id, company_id, use, file_name, content_type, store_key, uploaded_at)"
        " VALUES (:id, :company, 'bank_book', 'a.pdf', 'application/pdf', :key, now())",
        id=file_id,
        company=company_id,
        key=str(file_id),
    )
    wallet.sql(
        "INSERT INTO refunds (id, company_id, member_id, state, amount_krw, fee_free_krw, fee_krw, bank,"
        " account_number, account_holder, bank_book_id, reason, requested_at, decided_at)"
        " VALUES (:id, :company, :id, :state, 5000, 5000, 0, '20', '', '', :file, '', now(), :decided)",
        id=uuid4(),
        company=company_id,
        state=state,
        file=file_id,
        decided=decided,
    )


@pytest.mark.rule("IDN-28")
def test_open_refunds_of_the_company_are_counted_once_a_question(wallet) -> None:
    company_id = wallet.a_company()
    for state in ("requested", "reviewing", "rejected", "cancelled"):
        a_refund(wallet, company_id, state)
    a_refund(wallet, wallet.a_company(), "requested")
    question = a_question(company_id)

    wallet.hear(question, times=2)

    (answer,) = answers(wallet)
    assert (answer.request_id, answer.company_id) == (question.request_id, company_id)
    assert (answer.unpaid_invoices, answer.open_refunds) == (0, 2)


@pytest.mark.rule("IDN-28")
def test_a_question_about_a_member_alone_is_not_the_wallets(wallet) -> None:
    wallet.hear(a_question(wallet.a_company(), member_id=uuid4()))

    assert answers(wallet) == []


@pytest.mark.rule("IDN-28")
def test_a_question_waits_until_the_state_that_froze_the_company_is_heard(wallet) -> None:
    company_id = wallet.a_company()
    wallet.hear(a_question(company_id, subject_version=2))
    assert answers(wallet) == []

    wallet.hear(a_company_changed(company_id, version=2, state=CompanyState.SUSPENDED))
    wallet.redeliver_parked()

    assert [answer.company_id for answer in answers(wallet)] == [company_id]


@pytest.mark.rule("IDN-28")
def test_a_company_that_is_not_known_yet_has_nothing_open(wallet) -> None:
    wallet.hear(a_question(uuid4()))

    (answer,) = answers(wallet)
    assert (answer.unpaid_invoices, answer.open_refunds) == (0, 0)


@pytest.mark.rule("IDN-28")
def test_invoices_that_ask_for_money_are_counted_until_they_are_paid(wallet, contract) -> None:
    company_id = wallet.a_company(payment_method=PaymentMethod.POSTPAID)
    contract(company_id, 100_000)
    for month in ("2026-01", "2026-02", "2026-03"):
        order = an_order_placed(company_id, 10_000, month=month)
        wallet.hear(order)
        wallet.hear(issued(order, 10_000, issued_at=NOON.replace(month=int(month[-1]))))
        wallet.hear(month_closed(company_id, month, 1, 10_000))
    wallet.sql("UPDATE invoices SET paid_on = current_date WHERE month = '2026-01'")
    wallet.sql("UPDATE invoices SET carried_krw = settled_krw WHERE month = '2026-02'")

    wallet.hear(a_question(company_id))

    assert [answer.unpaid_invoices for answer in answers(wallet)] == [1]
