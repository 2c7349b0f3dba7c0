"""The only place where a refusal of the domain meets an HTTP status."""

from collections.abc import Mapping

from chassis.codes import CodeExpired, CodeLimitReached, CodeTooSoon, CodeUsed, CodeWrong
from chassis.files import FileStoreUnavailable
from chassis.problems import UNAVAILABLE, ProblemType
from identity.api.affair_problems import AFFAIR_PROBLEMS
from identity.domain import errors

_PROBLEMS: dict[type[Exception], ProblemType] = {
    errors.InvalidValueError: ProblemType("invalid_request", 422, "{ko}", "{en}", members=("errors",)),
    errors.BusinessNumberRefusedError: ProblemType(
        "business_number_refused",
        422,
        "가입할 수 없는 사업자등록번호입니다: {standing_ko}.",
        "This business number cannot sign up; the tax office says: {standing}.",
        members=("standing",),
    ),
    errors.TaxOfficeUnavailableError: ProblemType(
        "tax_office_unavailable",
        503,
        "국세청에서 응답이 없어 번호를 인증하지 못했습니다. 잠시 후 다시 시도해 주세요.",
        "The tax office does not answer, so the number is not verified. Try again shortly.",
    ),
    errors.CertificateCountError: ProblemType(
        "certificate_not_one_file",
        422,
        "사업자등록증은 파일 1개만 등록할 수 있습니다.",
        "A certificate is exactly one file.",
    ),
    errors.CertificateRefusedError: ProblemType(
        "certificate_refused",
        422,
        "jpg, jpeg, pdf, png 파일만 첨부할 수 있습니다.",
        "A certificate is a jpg, pdf or png file; what counts is the content, not the name.",
    ),
    errors.CertificateTooLargeError: ProblemType(
        "certificate_too_large",
        413,
        "첨부파일은 최대 {megabytes_max}MB까지 가능합니다.",
        "A certificate has at most {megabytes_max} MB.",
        members=("bytes_max",),
    ),
    errors.EmailInUseError: ProblemType(
        "email_in_use",
        409,
        "이미 사용 중인 이메일주소입니다.",
        "This email address is in use already.",
    ),
    errors.CodeNotRequestedError: ProblemType(
        "code_not_requested",
        409,
        "먼저 인증번호를 받아 주세요.",
        "Ask for a code first.",
    ),
    errors.TermsNotAgreedError: ProblemType(
        "terms_not_agreed",
        422,
        "필수 약관에 현재 버전으로 동의해야 합니다: {listed}",
        "Required terms need agreement in their present version: {listed}",
        members=("codes",),
    ),
    errors.PasswordRefusedError: ProblemType("password_refused", 422, "{ko}", "{en}"),
    errors.SignUpTokenMissingError: ProblemType(
        "sign_up_token_missing",
        401,
        "Sign-Up-Token 헤더가 필요합니다.",
        "The header Sign-Up-Token is needed.",
    ),
    errors.SignUpNotFoundError: ProblemType(
        "sign_up_not_found",
        404,
        "가입 신청을 찾을 수 없습니다.",
        "There is no such application.",
    ),
    errors.SignUpClosedError: ProblemType(
        "sign_up_closed",
        409,
        "더 이상 고칠 수 없는 가입 신청입니다.",
        "This application cannot be changed any more.",
        members=("state",),
    ),
    errors.SignUpIncompleteError: ProblemType(
        "sign_up_incomplete",
        409,
        "아직 마치지 않은 단계가 있습니다: {listed}",
        "Steps are missing: {listed}",
        members=("missing",),
    ),
    errors.NotWaitingForDecisionError: ProblemType(
        "sign_up_not_waiting",
        409,
        "심사를 기다리는 가입 신청이 아닙니다.",
        "This application does not wait for a decision.",
        members=("state",),
    ),
    errors.ContractMissingError: ProblemType(
        "contract_missing",
        409,
        "후불 계약이 등록되지 않아 승인할 수 없습니다.",
        "A postpaid company is approved once its contract is recorded.",
    ),
    errors.ContractNotNeededError: ProblemType(
        "contract_not_needed",
        409,
        "선불 신청에는 계약을 등록하지 않습니다.",
        "A prepaid application has no contract.",
    ),
    errors.LoginRefusedError: ProblemType(
        "login_refused",
        401,
        "이메일주소 또는 비밀번호가 올바르지 않습니다.",
        "The email address or the password is wrong.",
    ),
    errors.LoginLockedError: ProblemType(
        "login_locked",
        429,
        "비밀번호를 여러 번 잘못 입력하여 잠시 로그인할 수 없습니다.",
        "Too many wrong passwords: this address is locked for a while.",
        members=("retry_after_seconds",),
    ),
    errors.MemberNotActiveError: ProblemType(
        "member_not_active",
        403,
        "지금은 이용할 수 없는 계정입니다.",
        "This account cannot be used at present.",
        members=("state",),
    ),
    errors.MemberNotFoundError: ProblemType(
        "member_not_found",
        404,
        "회원을 찾을 수 없습니다.",
        "There is no such member.",
    ),
    errors.ChallengeNotFoundError: ProblemType(
        "login_not_found",
        404,
        "로그인 시간이 지났습니다. 처음부터 다시 로그인해 주세요.",
        "This login is over. Begin again with the password.",
    ),
    errors.CodeRequiredError: ProblemType(
        "code_required",
        422,
        "인증번호를 입력해 주세요.",
        "This login needs the code.",
    ),
    errors.SecondFactorRefusedError: ProblemType(
        "second_factor_refused",
        401,
        "인증 앱의 번호가 올바르지 않습니다. 남은 횟수: {tries_left}",
        "The authenticator's code is wrong or was used. Tries left: {tries_left}",
        members=("tries_left",),
    ),
    errors.RefreshRefusedError: ProblemType(
        "refresh_refused",
        401,
        "로그인이 만료되었습니다.",
        "The session has ended.",
    ),
    errors.RefreshReusedError: ProblemType(
        "refresh_reused",
        401,
        "이미 사용된 토큰입니다. 보안을 위해 로그아웃되었습니다.",
        "This refresh token was used before; for safety its session is ended.",
    ),
    errors.StaleChangeError: ProblemType(
        "changed_meanwhile",
        409,
        "그 사이 내용이 바뀌었습니다. 다시 확인해 주세요.",
        "It changed meanwhile. Look again.",
    ),
    CodeWrong: ProblemType(
        "code_wrong",
        422,
        "인증번호가 올바르지 않습니다. 남은 횟수: {tries_left}",
        "The code is wrong. Tries left: {tries_left}",
        members=("tries_left",),
    ),
    CodeExpired: ProblemType(
        "code_expired",
        422,
        "인증번호의 유효 시간이 지났습니다. 다시 받아 주세요.",
        "The code is no longer valid. Ask for a new one.",
    ),
    CodeUsed: ProblemType(
        "code_used",
        422,
        "이미 사용된 인증번호입니다.",
        "The code was used already.",
    ),
    CodeTooSoon: ProblemType(
        "code_too_soon",
        429,
        "인증번호는 {retry_after_seconds}초 후 다시 받을 수 있습니다.",
        "The next code can be asked for in {retry_after_seconds} seconds.",
        members=("retry_after_seconds",),
    ),
    CodeLimitReached: ProblemType(
        "code_limit_reached",
        429,
        "인증번호 횟수를 모두 사용했습니다.",
        "The limit of codes is reached.",
        members=("limit",),
    ),
    errors.TransitionRefusedError: ProblemType(
        "state_refuses",
        409,
        "현재 회원 상태에서는 할 수 없습니다.",
        "The member's present state does not allow this.",
        members=("state", "act"),
    ),
    errors.TooManyRowsError: ProblemType(
        "too_many_rows",
        422,
        "한 번에 1명부터 {rows_max}명까지 초대할 수 있습니다.",
        "From 1 to {rows_max} rows can be invited at once.",
        members=("rows_max",),
    ),
    errors.InvitationNotFoundError: ProblemType(
        "invitation_not_found",
        404,
        "초대를 찾을 수 없습니다. 기간이 지났거나 이미 수락되었을 수 있습니다.",
        "There is no such invitation; it may be over, withdrawn or accepted.",
    ),
    errors.InvitationTooSoonError: ProblemType(
        "invitation_too_soon",
        429,
        "초대메일은 {retry_after_seconds}초 후 다시 보낼 수 있습니다.",
        "The invitation can be mailed again in {retry_after_seconds} seconds.",
        members=("retry_after_seconds",),
    ),
    errors.PhoneNotProvenError: ProblemType(
        "phone_not_proven",
        409,
        "먼저 휴대전화 인증을 완료해 주세요.",
        "Prove the phone first.",
    ),
    errors.ResetLinkRefusedError: ProblemType(
        "reset_link_refused",
        404,
        "비밀번호 재설정 링크가 만료되었거나 이미 사용되었습니다.",
        "The link is over, was used, or was replaced by a later one.",
    ),
    errors.TrustedAddressNotFoundError: ProblemType(
        "trusted_address_not_found",
        404,
        "허용된 접속 주소가 아닙니다.",
        "This address is not trusted.",
    ),
    errors.CompanyNotFoundError: ProblemType(
        "company_not_found",
        404,
        "회사를 찾을 수 없습니다.",
        "There is no such company.",
    ),
    errors.CompanyStateRefusedError: ProblemType(
        "company_state_refuses",
        409,
        "현재 회사 상태에서는 할 수 없습니다.",
        "The company's present state does not allow this.",
        members=("state",),
    ),
    errors.BusinessChangeNotFoundError: ProblemType(
        "business_change_not_found",
        404,
        "변경 신청을 찾을 수 없습니다.",
        "There is no such change.",
    ),
    FileStoreUnavailable: UNAVAILABLE,
}


def problems(*, customer_centre_phone: str) -> Mapping[type[Exception], ProblemType]:
    """Every refusal of this service; who meets a registered company is sent to the customer centre (IDN-27)."""
    return {
        **_PROBLEMS,
        **AFFAIR_PROBLEMS,
        errors.CompanyAlreadyRegisteredError: ProblemType(
            "company_already_registered",
            409,
            f"이미 가입되었거나 심사 중인 사업자등록번호입니다. 고객센터 {customer_centre_phone}로 문의해 주세요.",
            f"This company is registered or waits for approval. Please call us: {customer_centre_phone}.",
        ),
    }
