"""The home page in one call: whom to ask for what, and what a part that is away leaves out (GWY-02, GWY-03)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.domain.parts import Part
from gateway.domain.questions import Question

QUESTIONS = (
    Question("profile", Part.IDENTITY, "/v1/me"),
    Question("wallet", Part.WALLET, "/v1/wallet"),
    Question("banners", Part.CATALOG, "/v1/banners"),
    Question("popular_products", Part.CATALOG, "/v1/popular-products"),
    Question("orders", Part.ORDERING, "/v1/orders/home"),
)
CHARGE, PAYMENTS = "charge", "postpaid_payments"
_FOR_ALL = ("anniversary", "order", "address_book")


def shortcuts(wallet: Mapping[str, Any] | None, *, is_master: bool) -> tuple[str, ...]:
    """기념일, 주문, 주소록, and 충전: of postpaid masters 후불 납부 관리, and nothing of the two for sub-members.

    While the wallet is away nobody knows which of the two it is, and neither is shown.
    """
    if not is_master or wallet is None:
        return _FOR_ALL
    money = PAYMENTS if wallet.get("payment_method") == "postpaid" else CHARGE
    return (*_FOR_ALL[:2], money, *_FOR_ALL[2:])
