"""What the API says about refused refunds and cancellations of charges."""

from collections.abc import Mapping

from chassis.problems import ProblemType
from wallet.domain import payback_errors as errors

PAYBACK_PROBLEMS: Mapping[type[Exception], ProblemType] = {
    errors.RefundTooSmallError: ProblemType(
        "refund_too_small",
        422,
        "환불 수수료 정책에 따라 {more_than_krw:,}원 이하는 환불이 불가합니다.",
        "By the policy of refund fees, {more_than_krw:,} KRW or less cannot be refunded.",
        members=("amount_krw", "more_than_krw"),
    ),
    errors.RefundExceedsBalanceError: ProblemType(
        "refund_exceeds_balance",
        422,
        "환불 신청 금액({amount_krw:,}원)이 보유 충전금({balance_krw:,}원)보다 큽니다.",
        "The refund ({amount_krw:,} KRW) is more than the balance ({balance_krw:,} KRW).",
        members=("amount_krw", "balance_krw"),
    ),
    errors.RefundFiguresChangedError: ProblemType(
        "refund_figures_changed",
        409,
        "환불 예상 금액이 {payout_krw:,}원으로 변경되었습니다. 확인 후 다시 신청해 주세요.",
        "The sum to be paid out has become {payout_krw:,} KRW. Look at it and ask again.",
        members=("shown_krw", "payout_krw"),
    ),
    errors.UnknownRefundError: ProblemType(
        "refund_not_found", 404, "해당 환불 내역을 찾을 수 없습니다.", "There is no such refund."
    ),
    errors.RefundStateError: ProblemType(
        "refund_state_forbids",
        409,
        "현재 상태({state})에서는 처리할 수 없는 환불입니다.",
        "The refund is {state}, which does not allow this.",
        members=("state",),
    ),
    errors.UnknownBankError: ProblemType(
        "bank_unknown", 422, "선택할 수 없는 은행입니다.", "This bank is not on the list.", members=("bank",)
    ),
    errors.RefundReasonTooLongError: ProblemType(
        "refund_reason_too_long",
        422,
        "환불사유는 {bytes_max}byte까지 입력할 수 있습니다. (현재 {length_bytes}byte)",
        "The reason takes {bytes_max} bytes and has {length_bytes}.",
        members=("length_bytes", "bytes_max"),
    ),
    errors.UnknownRefundFileError: ProblemType(
        "refund_file_not_found",
        422,
        "등록된 파일을 찾을 수 없습니다. 다시 등록해 주세요.",
        "There is no such uploaded file. Upload it again.",
    ),
    errors.RefundFileTypeError: ProblemType(
        "refund_file_type",
        422,
        "첨부할 수 없는 파일 형식입니다. (가능한 형식: {types})",
        "A file of this type is not taken. (Taken: {types})",
        members=("types",),
    ),
    errors.HolderProofMissingError: ProblemType(
        "holder_proof_missing",
        422,
        "가입자와 예금주가 다른 경우 추가서류를 제출해 주세요.",
        "The holder is not the member: hand in a proof.",
    ),
    errors.CancellationRefusedError: ProblemType(
        "charge_not_cancellable",
        409,
        "취소할 수 없는 충전입니다. ({reason})",
        "The charge cannot be cancelled ({reason}).",
        members=("reason",),
    ),
    errors.CancellationFiguresChangedError: ProblemType(
        "cancellation_figures_changed",
        409,
        "취소 금액이 {payout_krw:,}원으로 변경되었습니다. 확인 후 다시 신청해 주세요.",
        "The sum to go back has become {payout_krw:,} KRW. Look at it and ask again.",
        members=("shown_krw", "payout_krw"),
    ),
}
