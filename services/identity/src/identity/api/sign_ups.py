"""회원가입 over REST: an application that can be left and taken up again (IDN-01)."""

from typing import Any

from flask import request
from flask_openapi3 import APIBlueprint

from chassis.access import public
from chassis.files import UnknownFileType, sniff
from chassis.origin import client_address
from chassis.problems import BodyTooLarge
from chassis.uploads import read_upload
from identity.api.sign_up_models import (
    BusinessNumberBody,
    CertificateForm,
    CodeBody,
    CompanyBody,
    EmailBody,
    MemberBody,
    PhoneBody,
    SignUpHeader,
    SignUpPath,
    SignUpView,
    StartedSignUpView,
    TermsBody,
    view_of,
)
from identity.application.ports import BeginUnitOfWork, FileStore, Passwords, TaxOffice
from identity.application.sign_up_codes import (
    EnterCode,
    SendEmailCode,
    SendPhoneCode,
    prove_email,
    prove_phone,
    send_email_code,
    send_phone_code,
)
from identity.application.sign_ups import (
    AgreeToTerms,
    AttachCertificate,
    Credentials,
    DescribeMember,
    NameCompany,
    SignUpRules,
    VerifyBusinessNumber,
    agree_to_terms,
    attach_certificate,
    describe_member,
    name_company,
    open_sign_up,
    start_sign_up,
    submit_sign_up,
    verify_business_number,
)
from identity.domain.errors import CertificateCountError, CertificateTooLargeError, SignUpTokenMissingError
from identity.domain.sign_up import SignUp

_ONE = "/v1/sign-ups/<sign_up_id>"
_ANSWERS: dict[Any, Any] = {200: SignUpView}


def sign_ups_blueprint(
    begin: BeginUnitOfWork,
    *,
    tax_office: TaxOffice,
    files: FileStore,
    passwords: Passwords,
    rules: SignUpRules,
) -> APIBlueprint:
    """The steps of an applicant. Whoever holds the application's token is the applicant."""
    blueprint = APIBlueprint("sign_ups", __name__)
    _add_frame(blueprint, begin, rules)
    _add_company_steps(blueprint, begin, tax_office, files, rules)
    _add_contact_steps(blueprint, begin)
    _add_person_steps(blueprint, begin, passwords, rules)
    return blueprint


def _add_frame(blueprint: APIBlueprint, begin: BeginUnitOfWork, rules: SignUpRules) -> None:
    @blueprint.post("/v1/sign-ups", responses={201: StartedSignUpView})
    @public
    def start() -> tuple[StartedSignUpView, int]:
        """Begin an application; its token is shown this once."""
        with begin() as uow:
            started = start_sign_up(uow, lifetime_days=rules.lifetime_days)
            view = view_of(started.sign_up, uow)
        return StartedSignUpView(**view.model_dump(), sign_up_token=started.token), 201

    @blueprint.get(_ONE, responses=_ANSWERS)
    @public
    def show_sign_up(path: SignUpPath, header: SignUpHeader) -> SignUpView:
        """The application, and what is still missing."""
        with begin() as uow:
            return view_of(open_sign_up(_credentials(path, header), uow), uow)

    @blueprint.post(f"{_ONE}/submit", responses=_ANSWERS)
    @public
    def submit(path: SignUpPath, header: SignUpHeader) -> SignUpView:
        """신청 완료: hand the application to the operators; again is no error."""
        with begin() as uow:
            return view_of(submit_sign_up(_credentials(path, header), uow), uow)


def _add_company_steps(
    blueprint: APIBlueprint, begin: BeginUnitOfWork, tax_office: TaxOffice, files: FileStore, rules: SignUpRules
) -> None:
    @blueprint.put(f"{_ONE}/business-number", responses=_ANSWERS)
    @public
    def put_business_number(path: SignUpPath, header: SignUpHeader, body: BusinessNumberBody) -> SignUpView:
        """[번호인증]: ask the tax office; 503 when it does not answer, and the number stays unverified (IDN-02)."""
        command = VerifyBusinessNumber(_credentials(path, header), body.business_number)
        return _shown(verify_business_number(command, begin, tax_office), begin)

    @blueprint.put(f"{_ONE}/company", responses=_ANSWERS)
    @public
    def put_company(path: SignUpPath, header: SignUpHeader, body: CompanyBody) -> SignUpView:
        """상호명, 대표자명."""
        command = NameCompany(_credentials(path, header), body.name, body.representative_name)
        with begin() as uow:
            return view_of(name_company(command, uow), uow)

    @blueprint.put(f"{_ONE}/certificate", responses=_ANSWERS)
    @public
    def put_certificate(path: SignUpPath, header: SignUpHeader, form: CertificateForm) -> SignUpView:  # noqa: ARG001
        """사업자등록증: exactly one jpg, png or pdf by its content, at most 10 MB (IDN-03)."""
        credentials = _credentials(path, header)
        if sum(len(request.files.getlist(field)) for field in request.files) > 1:
            raise CertificateCountError
        try:
            upload = read_upload("file", bytes_max=rules.certificate_bytes_max)
        except BodyTooLarge:
            raise CertificateTooLargeError(rules.certificate_bytes_max) from None
        command = AttachCertificate(credentials, upload.file_name, _content_type(upload.content), upload.content)
        sign_up = attach_certificate(command, begin, files, bytes_max=rules.certificate_bytes_max)
        return _shown(sign_up, begin)


def _add_contact_steps(blueprint: APIBlueprint, begin: BeginUnitOfWork) -> None:
    @blueprint.post(f"{_ONE}/email-codes", responses=_ANSWERS)
    @public
    def post_email_code(path: SignUpPath, header: SignUpHeader, body: EmailBody) -> SignUpView:
        """Enter an address and have a code mailed to it; what was proven before is not any more."""
        command = SendEmailCode(_credentials(path, header), body.email, client_address())
        with begin() as uow:
            return view_of(send_email_code(command, uow), uow)

    @blueprint.post(f"{_ONE}/email-codes/check", responses=_ANSWERS)
    @public
    def check_email_code(path: SignUpPath, header: SignUpHeader, body: CodeBody) -> SignUpView:
        """Prove the address (IDN-04)."""
        with begin() as uow:
            return view_of(prove_email(EnterCode(_credentials(path, header), body.code), uow), uow)

    @blueprint.post(f"{_ONE}/phone-codes", responses=_ANSWERS)
    @public
    def post_phone_code(path: SignUpPath, header: SignUpHeader, body: PhoneBody) -> SignUpView:
        """Enter a phone number and have a code sent to it; what was proven before is not any more."""
        command = SendPhoneCode(_credentials(path, header), body.phone, client_address())
        with begin() as uow:
            return view_of(send_phone_code(command, uow), uow)

    @blueprint.post(f"{_ONE}/phone-codes/check", responses=_ANSWERS)
    @public
    def check_phone_code(path: SignUpPath, header: SignUpHeader, body: CodeBody) -> SignUpView:
        """Prove the phone (IDN-05)."""
        with begin() as uow:
            return view_of(prove_phone(EnterCode(_credentials(path, header), body.code), uow), uow)


def _add_person_steps(
    blueprint: APIBlueprint, begin: BeginUnitOfWork, passwords: Passwords, rules: SignUpRules
) -> None:
    @blueprint.put(f"{_ONE}/terms", responses=_ANSWERS)
    @public
    def put_terms(path: SignUpPath, header: SignUpHeader, body: TermsBody) -> SignUpView:
        """Agree to the terms as ticked now (IDN-06)."""
        agreed = tuple((each.code, each.version) for each in body.agreed)
        command = AgreeToTerms(_credentials(path, header), agreed, client_address())
        with begin() as uow:
            return view_of(agree_to_terms(command, uow), uow)

    @blueprint.put(f"{_ONE}/member", responses=_ANSWERS)
    @public
    def put_member(path: SignUpPath, header: SignUpHeader, body: MemberBody) -> SignUpView:
        """개인정보 입력: password, name, department, title, payment method."""
        command = DescribeMember(
            _credentials(path, header), body.password, body.name, body.department, body.title, body.payment_method
        )
        return _shown(describe_member(command, begin, passwords, rules.password), begin)


def _credentials(path: SignUpPath, header: SignUpHeader) -> Credentials:
    if not header.sign_up_token:
        raise SignUpTokenMissingError
    return Credentials(path.sign_up_id, header.sign_up_token)


def _shown(sign_up: SignUp, begin: BeginUnitOfWork) -> SignUpView:
    with begin() as uow:
        return view_of(sign_up, uow)


def _content_type(content: bytes) -> str | None:
    try:
        return sniff(content)
    except UnknownFileType:
        return None
