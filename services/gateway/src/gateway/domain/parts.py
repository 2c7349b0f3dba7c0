"""The parts of the suite that stand behind the gateway."""

from __future__ import annotations

from enum import StrEnum


class Part(StrEnum):
    """A service, by its package's name."""

    IDENTITY = "identity"
    CATALOG = "catalog"
    ORDERING = "ordering"
    WALLET = "wallet"
    MESSAGING = "messaging"
    SCHEDULER = "scheduler"
    COUPON_WEB = "coupon_web"
    GATEWAY = "gateway"

    @property
    def ko(self) -> str:
        """What the part is for, as a Korean reader calls it."""
        return _KOREAN[self]


class Side(StrEnum):
    """The two ports of a service: for clients, and for operators."""

    API = "api"
    ADMIN = "admin"


_KOREAN = {
    Part.IDENTITY: "회원",
    Part.CATALOG: "상품",
    Part.ORDERING: "주문",
    Part.WALLET: "결제",
    Part.MESSAGING: "메시지",
    Part.SCHEDULER: "예약",
    Part.COUPON_WEB: "쿠폰 페이지",
    Part.GATEWAY: "게이트웨이",
}
