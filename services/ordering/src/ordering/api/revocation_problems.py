"""What can be wrong when operators revoke coupons, as HTTP tells it."""

from chassis.problems import ProblemType
from ordering.domain.revocation import (
    CouponsNotRevocableError,
    NothingToRevokeError,
    OrderNumberUnknownError,
    RevocationUnknownError,
)

REVOCATION_PROBLEMS: dict[type[Exception], ProblemType] = {
    OrderNumberUnknownError: ProblemType(
        "order_number_unknown",
        404,
        "주문번호 {order_number}의 주문을 찾을 수 없습니다.",
        "There is no order with the number {order_number}.",
        ("order_number",),
    ),
    RevocationUnknownError: ProblemType(
        "revocation_unknown", 404, "폐기 내역을 찾을 수 없습니다.", "There is no such revocation."
    ),
    CouponsNotRevocableError: ProblemType(
        "coupons_not_revocable",
        409,
        "발행성공 상태가 아니거나 이미 폐기 중인 쿠폰이 {count:,}건 있습니다. 아무것도 폐기하지 않았습니다.",
        "{count:,} of the coupons are not issued or are being revoked already. Nothing was revoked.",
        ("count", "coupons"),
    ),
    NothingToRevokeError: ProblemType(
        "nothing_to_revoke",
        409,
        "이 주문에는 폐기할 수 있는 쿠폰이 없습니다.",
        "The order has no coupon that could be revoked.",
    ),
}
