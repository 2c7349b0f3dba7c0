"""The one place where this service's errors meet HTTP, and how each is headed on its page."""

from __future__ import annotations

from chassis.problems import ProblemType
from coupon_web.domain.errors import (
    CouponUnavailableError,
    ForeignRequestError,
    LinkUnknownError,
    OrderingAwayError,
    TooManyRequestsError,
)

PROBLEMS: dict[type[Exception], ProblemType] = {
    LinkUnknownError: ProblemType(
        "link_unknown",
        404,
        "링크 주소가 잘렸거나 더 이상 쓸 수 없는 링크예요. 받은 메시지의 버튼을 다시 눌러 주세요.",
        "There is no coupon behind this link.",
    ),
    CouponUnavailableError: ProblemType(
        "coupon_unavailable",
        404,
        "이미 사용했거나 기간이 지났거나 취소된 쿠폰은 이미지로 저장할 수 없어요.",
        "There is no such coupon, or it cannot be used any more.",
    ),
    ForeignRequestError: ProblemType(
        "foreign_request",
        403,
        "다른 사이트에서 보낸 요청이라 처리하지 않았어요. 받은 메시지의 버튼을 다시 눌러 주세요.",
        "Another site's page made this request.",
    ),
    OrderingAwayError: ProblemType(
        "ordering_away",
        503,
        "지금은 쿠폰을 불러올 수 없어요. 쿠폰은 그대로 있으니 잠시 후 다시 열어 주세요.",
        "The coupon cannot be read for the moment.",
    ),
    TooManyRequestsError: ProblemType(
        "too_many_requests",
        429,
        "짧은 시간에 요청이 너무 많았어요. {retry_after_seconds}초 뒤에 다시 열어 주세요.",
        "Too many requests; again in {retry_after_seconds} seconds.",
    ),
}
"""Codes that are refused are said on the page itself (`proving`)."""

HEADINGS = {
    "link_unknown": "쿠폰을 찾을 수 없어요",
    "not_found": "쿠폰을 찾을 수 없어요",
    "coupon_unavailable": "쓸 수 있는 쿠폰이 아니에요",
    "foreign_request": "요청을 확인할 수 없어요",
    "ordering_away": "잠시 후 다시 열어 주세요",
    "unavailable": "잠시 후 다시 열어 주세요",
    "too_many_requests": "잠시 후 다시 열어 주세요",
}
OTHER_HEADING = "페이지를 열 수 없어요"
