"""How movements are named to people (WAL-04)."""

from uuid import uuid4

import pytest
from wallet_builders import LABEL, NOON

from wallet.domain.history import LABELS, HistoryLine
from wallet.domain.holds import OrderLabel
from wallet.domain.ledger import PostingKind


@pytest.mark.rule("WAL-04")
def test_every_movement_of_the_balance_has_its_korean_name() -> None:
    assert {kind: ko for kind, (_, ko) in LABELS.items()} == {
        PostingKind.CHARGE: "충전",
        PostingKind.RESERVE: "사용",
        PostingKind.WITHDRAWAL: "사용취소",
        PostingKind.ISSUE_FAILURE: "발행실패환급",
        PostingKind.DIFFERENCE: "차액환급",
        PostingKind.REVOCATION: "폐기환급",
        PostingKind.CHARGE_CANCEL: "충전취소",
        PostingKind.CHARGE_CANCEL_RETURN: "충전취소반려",
        PostingKind.REFUND_REQUEST: "환불신청",
        PostingKind.REFUND_REJECTION: "환불반려",
        PostingKind.REFUND_CANCELLATION: "환불취소",
        PostingKind.TAKE_BACK: "입금취소",
        PostingKind.TAKE_BACK_RETURN: "입금취소철회",
        PostingKind.CLAIM_SETTLEMENT: "미수금정산",
    }


@pytest.mark.rule("WAL-04")
@pytest.mark.parametrize(("order_type", "shown"), [("choice", "[선택형]"), ("fixed", "[일반형]")])
def test_a_line_of_an_order_names_type_name_and_number(order_type: str, shown: str) -> None:
    label = OrderLabel(LABEL.order_number, LABEL.order_name, order_type)
    line = HistoryLine(1, NOON, PostingKind.RESERVE, -1_000, 0, None, None, uuid4(), label)

    assert line.detail_ko == f"{shown} 202603021200 주문건 (주문번호: CB20260302C0001)"


@pytest.mark.rule("WAL-04")
def test_a_line_of_a_difference_says_what_it_is_of() -> None:
    label = OrderLabel(LABEL.order_number, LABEL.order_name, "choice")
    line = HistoryLine(1, NOON, PostingKind.DIFFERENCE, 20_498, 20_498, None, None, uuid4(), label)

    assert line.detail_ko == "주문 확정 환급 [선택형] 202603021200 주문건 (주문번호: CB20260302C0001)"


@pytest.mark.rule("WAL-04")
def test_a_line_of_a_charge_names_its_payment() -> None:
    charge_id = uuid4()
    line = HistoryLine(1, NOON, PostingKind.CHARGE, 1_000, 1_000, charge_id, "카드", None, None)

    assert line.detail_ko == f"결제번호: {charge_id}"
