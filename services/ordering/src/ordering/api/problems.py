"""The one place where this service's errors meet HTTP."""

from dataclasses import dataclass
from typing import Self

from chassis.codes import CodeExpired, CodeLimitReached, CodeTooSoon, CodeUsed, CodeWrong
from chassis.problems import FieldError, InvalidRequest, ProblemType
from ordering.api.coupon_page_problems import COUPON_PAGE_PROBLEMS
from ordering.api.plan_problems import PLAN_PROBLEMS
from ordering.api.revocation_problems import REVOCATION_PROBLEMS
from ordering.api.statement_problems import STATEMENT_PROBLEMS
from ordering.domain.errors import (
    ChoiceOverError,
    ChoiceUnavailableError,
    CompanyMayNotOrderError,
    DefaultItemUnknownError,
    FundsShortError,
    LineUnknownError,
    LinkUnknownError,
    MemberMayNotOrderError,
    MessageTooLongError,
    NotCancellableError,
    OfferNotOnSaleError,
    OfferRepeatedError,
    OrdererOnlyError,
    OrderNameInvalidError,
    OrderUnknownError,
    PriceChangedError,
    ProductsCountError,
    RecipientsCountError,
    RecipientsRefusedError,
    ResendRefusedError,
    ReservationTimedOutError,
    RowProblem,
    SendTimeRefusedError,
    SendTitleInvalidError,
    SendTitleMissingError,
    TemplateUnknownError,
    TermsNotAgreedError,
    TypedValueError,
    TypedValueMissingError,
    WorkbookRowsError,
    WorkbookUnreadableError,
)

ROWS_SHOWN_MAX = 1000

_ROW_TEXTS = {
    "phone_missing": ("휴대전화번호를 입력해 주세요.", "A phone number is needed."),
    "phone_invalid": ("휴대전화번호 형식이 올바르지 않습니다.", "That is no mobile number."),
    "phone_repeated": ("앞의 수신자와 번호가 같습니다.", "An earlier row has the same number."),
    "name_too_long": ("이름이 너무 깁니다.", "The name is too long."),
    "company_too_long": ("회사명이 너무 깁니다.", "The company is too long."),
    "title_too_long": ("직책/직급이 너무 깁니다.", "The title is too long."),
    "name_unprintable": ("이름에 쓸 수 없는 문자가 있습니다.", "The name holds a character that cannot be shown."),
    "company_unprintable": (
        "회사명에 쓸 수 없는 문자가 있습니다.",
        "The company has a character that cannot be shown.",
    ),
    "title_unprintable": ("직책에 쓸 수 없는 문자가 있습니다.", "The title holds a character that cannot be shown."),
    "name_needed": ("메시지에 이름이 필요합니다.", "The message uses the name."),
    "anniversary_missing": ("기념일을 입력해 주세요.", "An anniversary is needed."),
    "anniversary_invalid": (
        "기념일이 올바르지 않습니다. (YYYY/MM/DD, 양력 또는 음력에 있는 날)",
        "That is no day of its calendar, or not written as YYYY/MM/DD.",
    ),
    "calendar_unknown": ("양력, 음력, 윤달 중에서 입력해 주세요.", "The calendar is solar, lunar or lunar_leap."),
    "company_needed": ("메시지에 회사명이 필요합니다.", "The message uses the company."),
}


@dataclass(frozen=True)
class RowText:
    """One row's problem as the caller reads it."""

    row_no: int
    field: str
    code: str
    repeats_row_no: int | None
    ko: str
    en: str


class BadRecipients(InvalidRequest):
    """Rows that are refused, each with its number, column and reason (ORD-09 … ORD-11)."""

    def __init__(self, rows: tuple[RowText, ...], count: int) -> None:
        super().__init__([FieldError(f"recipients.{row.row_no - 1}.{row.field}", row.ko, row.en) for row in rows])
        self.rows = rows
        self.count = count

    @classmethod
    def of(cls, refused: RecipientsRefusedError) -> Self:
        """The first rows in full, and how many there are."""
        return cls(tuple(row_text(row) for row in refused.rows[:ROWS_SHOWN_MAX]), refused.count)


def row_text(row: RowProblem) -> RowText:
    """A row's problem in both languages."""
    ko, en = _ROW_TEXTS[row.code]
    return RowText(row.row_no, row.field, row.code, row.repeats_row_no, ko, en)


PROBLEMS: dict[type[Exception], ProblemType] = {
    **PLAN_PROBLEMS,
    **COUPON_PAGE_PROBLEMS,
    **REVOCATION_PROBLEMS,
    **STATEMENT_PROBLEMS,
    OrderNameInvalidError: ProblemType(
        "order_name_invalid",
        422,
        "주문명은 {characters_max}자 이내로 입력해 주세요.",
        "An order name has at most {characters_max} printable characters.",
        ("characters_max",),
    ),
    SendTitleMissingError: ProblemType("send_title_missing", 422, "발송명을 입력해 주세요.", "A send title is needed."),
    SendTitleInvalidError: ProblemType(
        "send_title_invalid",
        422,
        "발송명은 숫자, 한글, 영문 {characters_max}자 이내로 입력해 주세요.",
        "A send title has at most {characters_max} digits, Hangul or Latin letters, with single spaces between.",
        ("characters_max",),
    ),
    ProductsCountError: ProblemType(
        "products_count",
        422,
        "주문상품은 {products_min}개 이상 {products_max}개 이하여야 합니다. (일반형 1개, 선택형 2개 이상)",
        "An order of this type has {products_min} to {products_max} products.",
        ("count", "products_min", "products_max"),
    ),
    DefaultItemUnknownError: ProblemType(
        "default_item_unknown",
        422,
        "지정상품은 주문상품 중에서 선택해 주세요.",
        "The default item has to be one of the order's products.",
        ("offer_id",),
    ),
    OfferRepeatedError: ProblemType(
        "offer_repeated", 422, "같은 상품이 두 번 들어 있습니다.", "A product comes twice.", ("offer_id",)
    ),
    OfferNotOnSaleError: ProblemType(
        "offer_not_on_sale", 422, "주문할 수 없는 상품입니다.", "That product is not on sale.", ("offer_id",)
    ),
    RecipientsCountError: ProblemType(
        "recipients_count",
        422,
        "수신자는 1명 이상 {recipients_max:,}명 이하여야 합니다.",
        "An order has 1 to {recipients_max:,} recipients.",
        ("count", "recipients_max"),
    ),
    BadRecipients: ProblemType(
        "recipients_refused",
        422,
        "수신자 정보 {count:,}건을 확인해 주세요.",
        "{count:,} recipients' entries are not right.",
        ("rows", "count"),
    ),
    TypedValueError: ProblemType(
        "typed_value_invalid",
        422,
        "메시지 값 '{variable}'을(를) 확인해 주세요. (최대 {characters_max}자)",
        "The message has no variable '{variable}', or its value is longer than {characters_max} characters.",
        ("variable", "characters_max"),
    ),
    TypedValueMissingError: ProblemType(
        "typed_value_missing",
        422,
        "메시지 값 '{variable}'을(를) 입력해 주세요.",
        "The message needs a value for '{variable}'.",
        ("variable",),
    ),
    MessageTooLongError: ProblemType(
        "message_too_long",
        422,
        "가장 긴 메시지가 {size:,}로 제한({size_max:,} {limit})을 넘었습니다.",
        "The longest message has {size:,} {limit}; at most {size_max:,} are possible.",
        ("limit", "size", "size_max"),
    ),
    WorkbookUnreadableError: ProblemType(
        "workbook_unreadable",
        422,
        "읽을 수 없는 파일입니다. '휴대전화번호' 열이 있는 xls 또는 xlsx 파일인지 확인해 주세요.",
        "The file is no readable xls or xlsx whose first sheet has a column '휴대전화번호'.",
    ),
    WorkbookRowsError: ProblemType(
        "workbook_rows",
        422,
        "파일의 행이 너무 많습니다. (최대 {rows_max:,}행)",
        "The sheet has more than {rows_max:,} rows.",
        ("rows_max",),
    ),
    PriceChangedError: ProblemType(
        "price_changed",
        409,
        "최종 결제 금액이 {pay_amount_krw:,}원으로 변경되었습니다. 확인 후 다시 주문해 주세요.",
        "The order now costs {pay_amount_krw:,} KRW. Look at it again before ordering.",
        ("list_amount_krw", "discount_amount_krw", "pay_amount_krw"),
    ),
    SendTimeRefusedError: ProblemType(
        "send_time_refused",
        422,
        "예약발송일시를 다시 선택해 주세요. (주문일로부터 30일 이내, {step_minutes}분 단위, 환금성 상품은 06시부터)",
        "The order cannot be sent at that time ({reason}); the last day is {last_on}, in steps of {step_minutes} min.",
        ("reason", "first_at", "last_on", "step_minutes"),
    ),
    NotCancellableError: ProblemType(
        "not_cancellable",
        409,
        "예약 상태인 주문만 취소할 수 있습니다.",
        "Only a scheduled order can be cancelled, before its sending starts.",
        ("order_id", "state"),
    ),
    TermsNotAgreedError: ProblemType(
        "terms_not_agreed",
        422,
        "구매정보 확인 및 이용약관 동의가 필요합니다.",
        "The purchase and the terms have to be agreed to.",
    ),
    TemplateUnknownError: ProblemType(
        "template_unknown",
        422,
        "사용할 수 없는 알림톡 템플릿입니다.",
        "That message template cannot be used.",
        ("template_id",),
    ),
    MemberMayNotOrderError: ProblemType(
        "member_may_not_order", 403, "주문할 수 없는 회원입니다.", "This member may not order."
    ),
    CompanyMayNotOrderError: ProblemType(
        "company_may_not_order", 403, "주문할 수 없는 회사입니다.", "This company may not order."
    ),
    OrderUnknownError: ProblemType("order_unknown", 404, "주문을 찾을 수 없습니다.", "There is no such order."),
    FundsShortError: ProblemType(
        "funds_short",
        402,
        "[{figure_ko}] 결제 가능 금액이 {short_krw:,}원 부족합니다. "
        "(필요 {required_krw:,}원, 가능 {available_krw:,}원)",
        "Short by {short_krw:,} KRW ({reason}): {required_krw:,} needed, {available_krw:,} available.",
        ("order_id", "reason", "required_krw", "available_krw", "short_krw"),
    ),
    ReservationTimedOutError: ProblemType(
        "reservation_timed_out",
        503,
        "결제 확인이 지연되어 주문이 접수되지 않았습니다. 다시 주문해 주세요.",
        "The money could not be reserved in time; nothing was charged. Place the order anew.",
        ("order_id",),
    ),
    LineUnknownError: ProblemType(
        "line_unknown", 404, "수신자를 찾을 수 없습니다.", "The order has no such recipient, or is not sent yet."
    ),
    OrdererOnlyError: ProblemType(
        "orderer_only", 403, "쿠폰번호는 주문자만 볼 수 있습니다.", "Only who ordered them may see the numbers."
    ),
    ResendRefusedError: ProblemType(
        "resend_refused",
        409,
        "재전송할 수 없습니다. (재전송 {resends}/{resends_max}회)",
        "The message cannot be sent again ({reason}); {resends} of {resends_max} resends are used.",
        ("reason", "resends", "resends_max"),
    ),
    LinkUnknownError: ProblemType(
        "link_unknown", 404, "쿠폰을 찾을 수 없습니다.", "There is no coupon behind this link."
    ),
    ChoiceOverError: ProblemType(
        "choice_over",
        409,
        "이미 상품을 선택했거나 선택할 수 없습니다.",
        "The choice was made, or there is none to make.",
    ),
    ChoiceUnavailableError: ProblemType(
        "choice_unavailable",
        409,
        "판매가 중지된 상품입니다. 다른 상품을 선택해 주세요.",
        "That product cannot be had any more; pick another one.",
        ("item_no",),
    ),
    CodeWrong: ProblemType(
        "code_wrong",
        422,
        "인증번호가 올바르지 않습니다. (남은 횟수 {tries_left}회)",
        "That is not the code; {tries_left} tries are left.",
        ("tries_left",),
    ),
    CodeExpired: ProblemType("code_expired", 410, "인증번호가 만료되었습니다.", "The code has expired."),
    CodeUsed: ProblemType("code_used", 410, "이미 사용한 인증번호입니다.", "The code has been used."),
    CodeTooSoon: ProblemType(
        "code_too_soon",
        429,
        "잠시 후 다시 요청해 주세요.",
        "A code was sent moments ago.",
        ("retry_after_seconds",),
    ),
    CodeLimitReached: ProblemType(
        "code_limit_reached",
        429,
        "인증번호 요청 또는 입력 횟수를 넘었습니다.",
        "Codes were asked for, or tried, too often.",
        ("limit", "retry_after_seconds"),
    ),
}
"""Every declared error, once."""
