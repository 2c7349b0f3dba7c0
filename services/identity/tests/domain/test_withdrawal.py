"""States of a request for withdrawal: the table, the README that shows it, and every chain of steps (IDN-20)."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from identity_builders import AT

from identity.domain.company import COMPANY_TRANSITIONS
from identity.domain.errors import ProofCountError, WithdrawalStateRefusedError
from identity.domain.open_affairs import Hindrance, HindranceKind, Inquiry, InquiryPurpose, OpenMoney, OpenOrders
from identity.domain.payment_change import PAYMENT_CHANGE_STEPS
from identity.domain.withdrawal import (
    WITHDRAWAL_STEPS,
    Withdrawal,
    WithdrawalRules,
    WithdrawalState,
    WithdrawalStep,
)

README = Path(__file__).parents[2] / "README.md"
RULES = WithdrawalRules(timedelta(minutes=30), proofs_max=3, proof_bytes_max=10_485_760, retention_years=5)


def a_withdrawal() -> Withdrawal:
    return Withdrawal(uuid4(), uuid4(), uuid4(), uuid4(), AT, uuid4())


@pytest.mark.rule("IDN-20")
@given(st.lists(st.sampled_from(WithdrawalStep), max_size=20))
def test_no_chain_of_steps_leaves_the_table(steps: list[WithdrawalStep]) -> None:
    """A refused step changes nothing, and nobody is withdrawn without an approval and a count after it."""
    withdrawal = a_withdrawal()
    for step in steps:
        before = withdrawal
        try:
            withdrawal = before.take(step)
        except WithdrawalStateRefusedError:
            assert (before.state, step) not in WITHDRAWAL_STEPS
            continue
        assert withdrawal.state is WITHDRAWAL_STEPS[before.state, step]
        if withdrawal.state is WithdrawalState.APPROVED:
            assert before.state is WithdrawalState.APPROVING
            assert step is WithdrawalStep.FOUND_NOTHING_OPEN
    if withdrawal.is_closed:
        assert withdrawal.state in {WithdrawalState.REFUSED, WithdrawalState.REJECTED, WithdrawalState.APPROVED}


@pytest.mark.rule("IDN-20")
@pytest.mark.parametrize(("proofs", "passes"), [(0, False), (1, True), (3, True), (4, False)])
def test_a_request_has_1_to_3_proofs(proofs: int, *, passes: bool) -> None:
    if passes:
        RULES.check_count(proofs)
        return
    with pytest.raises(ProofCountError):
        RULES.check_count(proofs)


@pytest.mark.rule("IDN-20", "IDN-28")
@given(st.tuples(*[st.integers(0, 3)] * 5), st.booleans())
def test_an_inquiry_is_answered_by_whom_it_asks_and_its_first_answers_stand(
    counts: tuple[int, int, int, int, int], orders_first: bool
) -> None:
    orders, money = OpenOrders(*counts[:3]), OpenMoney(*counts[3:])
    for purpose in InquiryPurpose:
        inquiry = Inquiry(uuid4(), purpose, uuid4(), AT)
        for is_orders in (orders_first, not orders_first):
            inquiry = inquiry.hear_orders(orders, AT) if is_orders else inquiry.hear_money(money, AT)
        assert inquiry.is_answered
        assert inquiry.hear_orders(OpenOrders(9, 9, 9), AT).hear_money(OpenMoney(9, 9), AT) == inquiry
        counted = zip(HindranceKind, counts, strict=False)
        kinds = 5 if purpose is InquiryPurpose.PAYMENT_CHANGE else 2
        assert inquiry.hindrances == tuple(Hindrance(kind, count) for kind, count in list(counted)[:kinds] if count)
        assert inquiry.is_passed(AT + timedelta(minutes=30), RULES.check_lifetime) == (not inquiry.hindrances)
        assert not inquiry.is_passed(AT + timedelta(minutes=30, seconds=1), RULES.check_lifetime)


def test_the_readme_shows_the_tables_as_they_are() -> None:
    text = README.read_text("utf-8")
    for table in (WITHDRAWAL_STEPS, PAYMENT_CHANGE_STEPS, COMPANY_TRANSITIONS):
        rows = [f"| `{state}` | {step.replace('_', ' ')} | `{target}` |" for (state, step), target in table.items()]
        assert "\n".join(rows) in text
