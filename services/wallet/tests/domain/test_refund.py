"""States, holders and bytes of refunds (WAL-08, WAL-10)."""

from itertools import product
from uuid import uuid4

import pytest
from wallet_builders import NOON, PAYBACK

from wallet.domain.payback_errors import RefundReasonTooLongError, RefundStateError, UnknownBankError
from wallet.domain.refund import BankAccount, Refund, RefundState, cp949_bytes, is_same_holder
from wallet.domain.refund_figures import RefundFigures

ACCOUNT = BankAccount("20", "11209172313614", "김대표")
STEPS = {
    "taken": lambda refund: refund.taken(uuid4()),
    "completed": lambda refund: refund.completed(uuid4(), "T-1", NOON.date(), NOON),
    "rejected": lambda refund: refund.rejected(uuid4(), "사유", NOON),
    "cancelled by its member": lambda refund: refund.cancelled_by_member(NOON),
    "cancelled by an operator": lambda refund: refund.cancelled_by_operator(uuid4(), "사유", NOON),
}
ALLOWED = {
    (RefundState.REQUESTED, "taken"): RefundState.REVIEWING,
    (RefundState.REQUESTED, "cancelled by its member"): RefundState.CANCELLED,
    (RefundState.REQUESTED, "cancelled by an operator"): RefundState.CANCELLED,
    (RefundState.REVIEWING, "completed"): RefundState.COMPLETED,
    (RefundState.REVIEWING, "rejected"): RefundState.REJECTED,
    (RefundState.REVIEWING, "cancelled by an operator"): RefundState.CANCELLED,
}


def a_refund(state: RefundState) -> Refund:
    figures = RefundFigures(20_000, 0, 2_000)
    return Refund(uuid4(), uuid4(), uuid4(), state, figures, ACCOUNT, uuid4(), None, "사업 종료", NOON)


@pytest.mark.rule("WAL-10")
@pytest.mark.parametrize(("state", "step"), list(product(RefundState, STEPS)))
def test_no_other_step_exists_than_those_of_the_rule(state: RefundState, step: str) -> None:
    if (state, step) in ALLOWED:
        assert STEPS[step](a_refund(state)).state is ALLOWED[state, step]
        return
    with pytest.raises(RefundStateError):
        STEPS[step](a_refund(state))


@pytest.mark.rule("WAL-08")
@pytest.mark.parametrize(
    ("holder", "is_same"),
    [
        ("(주) 다우 기술", True),
        ("다우기술", True),
        ("㈜다우기술", True),
        ("김 대표", True),
        ("박대표", False),
        ("주식회사", False),
    ],
)
def test_a_holder_is_the_member_whatever_spaces_and_company_forms(holder: str, is_same: bool) -> None:
    assert is_same_holder(holder, ("주식회사 다우기술", "김대표", "")) is is_same


@pytest.mark.rule("WAL-08")
@pytest.mark.parametrize(
    ("text", "length_bytes"), [("abc", 3), ("환불", 4), ("환\r\n불", 5), ("😀", 2), ("뷁", 2), ("é", 2)]
)
def test_a_reason_is_counted_in_bytes_as_the_manuals_counter_counts(text: str, length_bytes: int) -> None:
    assert cp949_bytes(text) == length_bytes


@pytest.mark.rule("WAL-08")
def test_a_reason_of_100_bytes_and_a_bank_of_the_list_pass() -> None:
    form = PAYBACK.refund_form
    form.check("20", "환" * 50)
    with pytest.raises(RefundReasonTooLongError):
        form.check("20", "환" * 50 + ".")
    with pytest.raises(UnknownBankError):
        form.check("99", "사업 종료")


@pytest.mark.rule("WAL-08")
def test_an_account_number_is_shown_by_its_last_four_digits_and_not_in_the_repr() -> None:
    assert ACCOUNT.masked_number == "**********3614"
    assert "1120917" not in repr(a_refund(RefundState.REQUESTED))
    assert "김대표" not in repr(ACCOUNT)
