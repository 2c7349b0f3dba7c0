"""주문목록 다운로드: the list of orders as a workbook, in the columns of the page (ORD-23)."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from chassis.workbook_writing import Column, list_workbook
from ordering.application.queries import OrderView
from ordering.domain.order import OrderState, OrderType

SEOUL = ZoneInfo("Asia/Seoul")
STATES_KO = {
    OrderState.PENDING: "접수중",
    OrderState.REJECTED: "접수거절",
    OrderState.SCHEDULED: "예약",
    OrderState.SENDING: "전송중",
    OrderState.SENT: "발송완료",
    OrderState.CANCELLED: "예약취소",
}
TYPES_KO = {OrderType.FIXED: "일반형", OrderType.CHOICE: "선택형"}
HEADINGS = (
    "주문일시",
    "발송일시",
    "주문자명",
    "이메일주소",
    "주문명",
    "주문번호",
    "발송타입",
    "주문금액",
    "확정금액",
    "수신자수",
    "전체 쿠폰 수",
    "성공",
    "진행",
    "실패",
    "오류",
    "주문상태",
    "외부 주문번호",
)
_WIDTH = 18


def order_list(orders: Iterable[OrderView]) -> bytes:
    """One row an order. Text stays text: nothing that a person entered becomes a formula or a link."""
    columns = [Column(heading, _WIDTH, "#,##0") for heading in HEADINGS]
    return list_workbook("주문목록", columns, map(_cells, orders))


def _cells(order: OrderView) -> tuple[str | int, ...]:
    is_choice = order.order_type == OrderType.CHOICE
    return (
        _time(order.placed_at),
        _time(order.started_at or order.send_at),
        order.member_name or "",
        order.member_email or "",
        order.order_name,
        order.order_number,
        TYPES_KO[OrderType(order.order_type)],
        order.pay_amount_krw,
        order.confirmed_amount_krw if is_choice else "-",
        order.tally.recipients,
        order.coupons,
        order.tally.success,
        order.tally.in_progress,
        order.tally.failed,
        order.tally.error,
        STATES_KO[order.state],
        order.external_id or "",
    )


def _time(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(SEOUL):%Y-%m-%d %H:%M:%S}"
