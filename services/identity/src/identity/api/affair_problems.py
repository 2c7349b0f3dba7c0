"""Refusals of withdrawals and of changes of payment, as problems."""

from collections.abc import Mapping

from chassis.problems import ProblemType
from identity.domain import errors

AFFAIR_PROBLEMS: Mapping[type[Exception], ProblemType] = {
    errors.ProofCountError: ProblemType(
        "proof_count_refused",
        422,
        "증빙 서류는 1개부터 {proofs_max}개까지 첨부해 주세요.",
        "Attach from 1 to {proofs_max} proofs.",
        members=("proofs_max",),
    ),
    errors.ProofRefusedError: ProblemType(
        "proof_refused",
        422,
        "jpg, jpeg, pdf, png 파일만 첨부할 수 있습니다.",
        "A proof is a jpg, pdf or png file; what counts is the content, not the name.",
    ),
    errors.ProofTooLargeError: ProblemType(
        "proof_too_large",
        413,
        "첨부파일은 최대 {megabytes_max}MB까지 가능합니다.",
        "A proof has at most {megabytes_max} MB.",
        members=("bytes_max",),
    ),
    errors.ProofNotFoundError: ProblemType(
        "proof_not_found",
        404,
        "첨부한 증빙 서류를 찾을 수 없습니다. 다시 첨부해 주세요.",
        "There is no such proof, or it belongs to another request. Upload it again.",
    ),
    errors.WithdrawalCheckNeededError: ProblemType(
        "withdrawal_check_needed",
        409,
        "[확인하기]로 탈퇴가 가능한 상태인지 먼저 확인해 주세요.",
        "First check that the member can be withdrawn; a passed check lasts for some minutes.",
    ),
    errors.WithdrawalCheckNotFoundError: ProblemType(
        "withdrawal_check_not_found",
        404,
        "탈퇴 가능 여부 확인을 찾을 수 없습니다. [확인하기]를 다시 눌러 주세요.",
        "There is no such check. Check again.",
    ),
    errors.WithdrawalNotFoundError: ProblemType(
        "withdrawal_not_found",
        404,
        "탈퇴 요청을 찾을 수 없습니다.",
        "There is no such request for withdrawal.",
    ),
    errors.WithdrawalStateRefusedError: ProblemType(
        "withdrawal_state_refuses",
        409,
        "현재 탈퇴 요청 상태에서는 할 수 없습니다.",
        "The request's present state does not allow this.",
        members=("state",),
    ),
    errors.PaymentChangeNotFoundError: ProblemType(
        "payment_change_not_found",
        404,
        "결제수단 변경을 찾을 수 없습니다.",
        "There is no such change of the payment method.",
    ),
}
