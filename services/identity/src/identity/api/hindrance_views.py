"""What stands in the way, as people read it."""

from pydantic import BaseModel, Field

from identity.domain.open_affairs import HindranceKind, Hindrances

_NAMES = {
    HindranceKind.SCHEDULED_ORDERS: ("예약 발송", "scheduled orders"),
    HindranceKind.SENDING_ORDERS: ("발송 진행 중", "orders that are being sent"),
    HindranceKind.AWAITING_CHOICE: ("상품 선택 대기", "orders whose recipients have yet to choose"),
    HindranceKind.UNPAID_INVOICES: ("미납 청구서", "unpaid invoices"),
    HindranceKind.OPEN_REFUNDS: ("처리 중인 환불", "open refunds"),
    HindranceKind.COMPANY_SUSPENDED: ("이용중지된 회사", "suspended company"),
}


class HindranceView(BaseModel):
    """So many of a kind stand in the way."""

    kind: HindranceKind
    count: int
    ko: str = Field(examples=["예약 발송 1건"])
    en: str = Field(examples=["scheduled orders: 1"])


def hindrance_views(hindrances: Hindrances) -> list[HindranceView]:
    """Each kind with its count and its name."""
    return [
        HindranceView(
            kind=each.kind,
            count=each.count,
            ko=f"{_NAMES[each.kind][0]} {each.count}건",
            en=f"{_NAMES[each.kind][1]}: {each.count}",
        )
        for each in hindrances
    ]
