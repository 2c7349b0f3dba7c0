"""What can be wrong with the page that a message opens, as HTTP tells it (ORD-14)."""

from chassis.problems import ProblemType
from ordering.domain.coupon_page import CardUnknownError, CouponMessageInvalidError, CouponMessageTooLongError

COUPON_PAGE_PROBLEMS: dict[type[Exception], ProblemType] = {
    CardUnknownError: ProblemType(
        "card_unknown",
        422,
        "사용할 수 없는 카드입니다. 다른 카드를 선택해 주세요.",
        "That card does not exist.",
        ("card",),
    ),
    CouponMessageInvalidError: ProblemType(
        "coupon_message_invalid",
        422,
        "쿠폰 메시지에 쓸 수 없는 값이 있습니다: {found} (사용 가능한 값: {variables})",
        "The coupon page's message holds {found}; the variables are {variables}.",
        ("found",),
    ),
    CouponMessageTooLongError: ProblemType(
        "coupon_message_too_long",
        422,
        "가장 긴 쿠폰 메시지가 {size:,}바이트로 제한({size_max:,}바이트)을 넘었습니다.",
        "The longest message of the coupon page has {size:,} bytes; at most {size_max:,} are possible.",
        ("size", "size_max"),
    ),
}
