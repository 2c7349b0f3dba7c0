"""The payment provider's refusals: code, HTTP status, words; and the amounts that call for trouble."""

from __future__ import annotations

from typing import Literal

from sandbox.wire import Answer

STATUS_BY_CODE: dict[str, int] = {
    "ALREADY_PROCESSED_PAYMENT": 400,
    "ALREADY_COMPLETED_PAYMENT": 400,
    "ALREADY_CANCELED_PAYMENT": 400,
    "ALREADY_REFUND_PAYMENT": 400,
    "ALREADY_REFUNDING_PAYMENT": 400,
    "DUPLICATED_ORDER_ID": 400,
    "PROVIDER_ERROR": 400,
    "INVALID_REQUEST": 400,
    "INVALID_IDEMPOTENCY_KEY": 400,
    "INVALID_CARD_EXPIRATION": 400,
    "INVALID_CARD_NUMBER": 400,
    "INVALID_STOPPED_CARD": 400,
    "INVALID_BANK": 400,
    "INVALID_REFUND_ACCOUNT_INFO": 400,
    "INVALID_REFUND_ACCOUNT_NUMBER": 400,
    "EXCEED_MAX_AMOUNT": 400,
    "EXCEED_MAX_DAILY_PAYMENT_COUNT": 400,
    "EXCEED_MAX_PAYMENT_AMOUNT": 400,
    "BELOW_MINIMUM_AMOUNT": 400,
    "REFUND_REJECTED": 400,
    "UNAUTHORIZED_KEY": 401,
    "FORBIDDEN_REQUEST": 403,
    "FORBIDDEN_CONSECUTIVE_REQUEST": 403,
    "INCORRECT_BASIC_AUTH_FORMAT": 403,
    "NOT_AVAILABLE_BANK": 403,
    "REJECT_CARD_COMPANY": 403,
    "REJECT_CARD_PAYMENT": 403,
    "REJECT_ACCOUNT_PAYMENT": 403,
    "EXCEEDS_TRANSFER_AMOUNT_MAXIMUM": 403,
    "NOT_CANCELABLE_AMOUNT": 403,
    "NOT_CANCELABLE_PAYMENT": 403,
    "EXCEED_MAX_REFUND_DUE": 403,
    "EXCEED_MAX_REFUND_AMOUNT": 403,
    "NOT_ALLOWED_PARTIAL_REFUND": 403,
    "NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT": 403,
    "NOT_ALLOWED_REFUND_BANK": 403,
    "NOT_FOUND": 404,
    "NOT_FOUND_PAYMENT": 404,
    "NOT_FOUND_PAYMENT_SESSION": 404,
    "IDEMPOTENT_REQUEST_PROCESSING": 409,
    "TOO_MANY_REQUESTS": 429,
    "FAILED_INTERNAL_SYSTEM_PROCESSING": 500,
    "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING": 500,
    "FAILED_METHOD_HANDLING": 500,
    "FAILED_METHOD_HANDLING_CANCEL": 500,
    "FAILED_REFUND_PROCESS": 500,
    "COMMON_ERROR": 500,
    "UNKNOWN_ERROR": 500,
}

WORDS: dict[str, tuple[str, str]] = {
    "ALREADY_PROCESSED_PAYMENT": ("이미 처리된 결제입니다.", "This payment has been processed already."),
    "ALREADY_CANCELED_PAYMENT": ("이미 취소된 결제입니다.", "This payment has been canceled already."),
    "DUPLICATED_ORDER_ID": ("이미 승인 또는 취소된 주문번호입니다.", "This order id was paid or canceled already."),
    "INVALID_REQUEST": ("잘못된 요청입니다.", "The request is invalid."),
    "UNAUTHORIZED_KEY": ("인증되지 않은 시크릿 키입니다.", "The secret key is not recognised."),
    "REJECT_CARD_COMPANY": ("카드사에서 승인을 거절했습니다.", "The card company declined the payment."),
    "NOT_FOUND_PAYMENT": ("존재하지 않는 결제입니다.", "There is no such payment."),
    "NOT_FOUND_PAYMENT_SESSION": ("결제 시간이 만료되었습니다.", "The time to confirm the payment is over."),
    "NOT_CANCELABLE_AMOUNT": ("취소할 수 없는 금액입니다.", "This amount cannot be canceled."),
    "NOT_CANCELABLE_PAYMENT": ("취소할 수 없는 결제입니다.", "This payment cannot be canceled."),
    "IDEMPOTENT_REQUEST_PROCESSING": ("이전 요청을 처리하고 있습니다.", "The former request is still running."),
    "FORBIDDEN_CONSECUTIVE_REQUEST": ("반복 요청은 허용되지 않습니다.", "Repeated too quickly."),
}

Trouble = Literal["", "front_once", "5xx_after", "hang_after", "webhook_thrice", "webhook_never", "webhook_late"]

# Last three digits of the total amount. Amounts people really pay end in tens.
CONFIRM_REFUSED_BY_ENDING: dict[int, str] = {
    901: "REJECT_CARD_COMPANY",
    902: "EXCEED_MAX_AMOUNT",
    903: "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING",
    911: "NOT_AVAILABLE_BANK",
    912: "INVALID_CARD_EXPIRATION",
    913: "PROVIDER_ERROR",
}
CONFIRM_TROUBLE_BY_ENDING: dict[int, Trouble] = {
    904: "5xx_after",
    905: "hang_after",
    906: "front_once",
    907: "webhook_thrice",
    908: "webhook_never",
    909: "webhook_late",
}
CANCEL_REFUSED_BY_ENDING: dict[int, str] = {921: "NOT_CANCELABLE_PAYMENT", 924: "EXCEED_MAX_REFUND_DUE"}
CANCEL_TROUBLE_BY_ENDING: dict[int, Trouble] = {922: "5xx_after", 923: "hang_after"}

CARD_MINIMUM_KRW = 100
TRANSFER_MINIMUM_KRW = 200
TRANSFER_MAXIMUM_KRW = 10_000_000
CONFIRM_WITHIN_SECONDS = 10 * 60
WINDOW_SECONDS = 30 * 60
IDEMPOTENCY_SECONDS = 15 * 86_400
IDEMPOTENCY_KEY_LENGTH_MAX = 300


class TossError(Exception):
    """The provider refuses with one of its codes."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def refusal(code: str, language: str = "") -> Answer:
    """The provider's error body in Korean, or in English when asked for by Accept-Language."""
    korean, english = WORDS.get(code, ("요청을 처리하지 못했습니다.", "The request could not be processed."))
    message = english if language.lower().startswith("en") else korean
    return Answer(STATUS_BY_CODE.get(code, 400), {"code": code, "message": message, "data": None})
