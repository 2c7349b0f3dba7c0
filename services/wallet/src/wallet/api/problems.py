"""The one place where an error of the domain meets an HTTP status."""

from collections.abc import Mapping

from chassis.files import FileStoreUnavailable
from chassis.problems import UNAVAILABLE, ProblemType
from wallet.api.invoice_problems import INVOICE_PROBLEMS
from wallet.api.payback_problems import PAYBACK_PROBLEMS
from wallet.domain import errors
from wallet.domain.difference import DifferenceResolvedError, UnknownDifferenceError

PROBLEMS: Mapping[type[Exception], ProblemType] = {
    **PAYBACK_PROBLEMS,
    **INVOICE_PROBLEMS,
    FileStoreUnavailable: UNAVAILABLE,
    errors.UnknownChargeError: ProblemType(
        "charge_not_found", 404, "해당 충전 내역을 찾을 수 없습니다.", "There is no such charge."
    ),
    errors.UnknownCompanyError: ProblemType(
        "wallet_not_ready",
        409,
        "충전금 계정을 준비하고 있습니다. 잠시 후 다시 시도해 주세요.",
        "The company's wallet is not ready yet. Try again shortly.",
    ),
    errors.SuspendedCompanyError: ProblemType(
        "company_suspended", 403, "이용이 중지된 회사입니다.", "The company is suspended."
    ),
    errors.PrepaidOnlyError: ProblemType(
        "prepaid_only",
        403,
        "선불 결제 방식을 이용하는 마스터 회원만 이용할 수 있습니다.",
        "Only prepaid masters may use this.",
    ),
    errors.PostpaidOnlyError: ProblemType(
        "postpaid_only", 409, "후불 결제 방식을 이용하는 회사가 아닙니다.", "The company does not pay later."
    ),
    errors.ChargeMethodOffError: ProblemType(
        "charge_method_off",
        422,
        "현재 지원하지 않는 결제 수단입니다.",
        "This means of payment is switched off at present.",
        members=("method",),
    ),
    errors.DepositBankError: ProblemType(
        "deposit_bank_unknown",
        422,
        "가상계좌를 발급할 은행을 선택해 주세요.",
        "Choose one of the banks that virtual accounts are issued at.",
    ),
    errors.ChargeAmountRangeError: ProblemType(
        "charge_amount_out_of_range",
        422,
        "충전은 {min_krw:,}원부터 {max_krw:,}원까지 가능합니다.",
        "A charge is between {min_krw:,} and {max_krw:,} KRW.",
        members=("amount_krw", "min_krw", "max_krw"),
    ),
    errors.ChargeAmountDiffersError: ProblemType(
        "charge_amount_differs",
        409,
        "결제 금액({confirmed_krw:,}원)이 충전 요청 금액({requested_krw:,}원)과 다릅니다.",
        "The amount paid ({confirmed_krw:,} KRW) is not the amount requested ({requested_krw:,} KRW).",
        members=("requested_krw", "confirmed_krw"),
    ),
    errors.ChargeStateError: ProblemType(
        "charge_state_forbids",
        409,
        "현재 상태({state})에서는 처리할 수 없는 충전입니다.",
        "The charge is {state}, which does not allow this.",
        members=("state",),
    ),
    UnknownDifferenceError: ProblemType(
        "difference_not_found", 404, "해당 결제 차이 내역을 찾을 수 없습니다.", "There is no such difference."
    ),
    DifferenceResolvedError: ProblemType(
        "difference_resolved", 409, "이미 처리된 결제 차이 내역입니다.", "The difference has been resolved already."
    ),
    errors.PaymentKeyDiffersError: ProblemType(
        "payment_key_differs",
        409,
        "다른 결제로 이미 확인 중인 충전입니다.",
        "The charge is being confirmed under another payment.",
    ),
    errors.PaymentKeyTakenError: ProblemType(
        "payment_key_taken",
        409,
        "다른 충전에 사용된 결제입니다.",
        "The payment belongs to another charge.",
    ),
    errors.LimitAboveCapError: ProblemType(
        "limit_above_cap",
        422,
        "{cap_krw:,}원 이하 입력 가능합니다.",
        "At most {cap_krw:,} KRW can be given.",
        members=("limit_krw", "cap_krw"),
    ),
    errors.UnknownSubMemberError: ProblemType(
        "sub_member_not_found", 404, "해당 서브회원을 찾을 수 없습니다.", "There is no such sub-member."
    ),
    errors.TooManyLinesError: ProblemType(
        "too_many_lines",
        422,
        "한 번에 {rows_max:,}건까지 다운로드할 수 있습니다. 기간을 줄여 주세요.",
        "A workbook takes {rows_max:,} lines. Ask for a shorter period.",
        members=("rows_max",),
    ),
}
