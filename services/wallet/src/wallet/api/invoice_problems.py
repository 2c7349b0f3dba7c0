"""The problems of invoices."""

from collections.abc import Mapping

from chassis.problems import ProblemType
from wallet.domain import invoice_errors as errors

INVOICE_PROBLEMS: Mapping[type[Exception], ProblemType] = {
    errors.InvoicesForPostpaidError: ProblemType(
        "postpaid_only",
        403,
        "후불 결제 방식을 이용하는 마스터 회원만 이용할 수 있습니다.",
        "Only postpaid masters may use this.",
    ),
    errors.UnknownInvoiceError: ProblemType(
        "invoice_not_found", 404, "해당 청구서를 찾을 수 없습니다.", "There is no such invoice."
    ),
    errors.InvoicePaidError: ProblemType(
        "invoice_paid",
        409,
        "이미 납부 처리된 청구서입니다. 이월취소는 다음 청구서에 입력해 주세요.",
        "The invoice is marked paid. Enter a carry-over on the next one.",
    ),
    errors.UnknownIssuingMonthError: ProblemType(
        "issuing_month_not_closed",
        404,
        "아직 마감되지 않았거나 보관 기간이 지난 발행 월입니다.",
        "The month is not closed yet, or no longer kept.",
        members=("month",),
    ),
    errors.NothingToRestateError: ProblemType(
        "nothing_to_restate",
        409,
        "청구서에 추가로 반영할 발행 내역이 없습니다.",
        "Nothing was captured after the month was settled.",
        members=("month",),
    ),
}
