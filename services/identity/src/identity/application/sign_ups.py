"""회원가입: the steps that an applicant takes, in any order, each repeatable until the application is submitted."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from identity.application import messages
from identity.application.ports import (
    BeginUnitOfWork,
    FileStore,
    Passwords,
    Standing,
    TaxOffice,
    UnitOfWork,
)
from identity.domain import secret_token
from identity.domain.business_number import BusinessNumber
from identity.domain.certificate import Certificate, check_certificate
from identity.domain.company import PaymentMethod
from identity.domain.deadline import end_of_days_after
from identity.domain.errors import (
    CompanyAlreadyRegisteredError,
    EmailInUseError,
    SignUpNotFoundError,
    TaxOfficeUnavailableError,
)
from identity.domain.password import PasswordRules
from identity.domain.sign_up import Applicant, SignUp, Step
from identity.domain.terms import TermsDocument, agree, present_documents


@dataclass(frozen=True)
class Credentials:
    """Which application, and the token that its applicant holds."""

    sign_up_id: UUID
    token: str = field(repr=False)


@dataclass(frozen=True)
class SignUpRules:
    """The numbers of a sign-up."""

    lifetime_days: int
    certificate_bytes_max: int
    password: PasswordRules


@dataclass(frozen=True)
class StartedSignUp:
    """A new application; the token is shown now and never again."""

    sign_up: SignUp
    token: str = field(repr=False)


def start_sign_up(uow: UnitOfWork, *, lifetime_days: int) -> StartedSignUp:
    """Begin an application, which ends by itself after its days (SCH-04) unless it is submitted."""
    token = secret_token.new_token()
    at = uow.now()
    sign_up = SignUp(
        id=uow.new_id(),
        token_hash=secret_token.hash_of(token),
        started_at=at,
        expires_at=end_of_days_after(at, lifetime_days),
    )
    uow.sign_ups.add(sign_up)
    uow.outbox.add(messages.expiry_timer(sign_up))
    return StartedSignUp(sign_up, token)


def open_sign_up(credentials: Credentials, uow: UnitOfWork) -> SignUp:
    """The applicant's own application, locked. An unknown id and a wrong token are alike `SignUpNotFoundError`."""
    sign_up = uow.sign_ups.get_for_update(credentials.sign_up_id)
    if sign_up is None or not secret_token.matches(credentials.token, sign_up.token_hash):
        raise SignUpNotFoundError
    return sign_up


def present_terms(uow: UnitOfWork) -> Sequence[TermsDocument]:
    """The documents in force now (IDN-06)."""
    return present_documents(uow.terms.all(), uow.now())


def missing_steps(sign_up: SignUp, uow: UnitOfWork) -> tuple[Step, ...]:
    """What the applicant still has to bring."""
    return sign_up.missing(present_terms(uow))


@dataclass(frozen=True)
class VerifyBusinessNumber:
    """[번호인증]: the number as typed."""

    credentials: Credentials
    business_number: str


def verify_business_number(command: VerifyBusinessNumber, begin: BeginUnitOfWork, tax_office: TaxOffice) -> SignUp:
    """Enter the number and ask the tax office, between two transactions (IDN-02).

    Raises `InvalidValueError`, `CompanyAlreadyRegisteredError`, `BusinessNumberRefusedError`, and
    `TaxOfficeUnavailableError` with the number entered but not verified.
    """
    number = BusinessNumber.parse(command.business_number)
    with begin() as uow:
        sign_up = open_sign_up(command.credentials, uow)
        sign_up.require_draft()
        _refuse_second_company(number, uow)
        uow.sign_ups.save(sign_up.enter_business_number(number))
    answer = tax_office.standing_of(number)
    if not isinstance(answer, Standing):
        raise TaxOfficeUnavailableError
    with begin() as uow:
        verified = open_sign_up(command.credentials, uow).record_standing(number, answer.standing)
        uow.sign_ups.save(verified)
    verified.refuse_unless_active()
    return verified


@dataclass(frozen=True)
class NameCompany:
    """상호명 and 대표자명."""

    credentials: Credentials
    name: str
    representative_name: str


def name_company(command: NameCompany, uow: UnitOfWork) -> SignUp:
    """Keep the company's names."""
    sign_up = open_sign_up(command.credentials, uow).name_company(command.name, command.representative_name)
    uow.sign_ups.save(sign_up)
    return sign_up


@dataclass(frozen=True)
class AttachCertificate:
    """사업자등록증; the content type is what the content itself shows, None when it shows none."""

    credentials: Credentials
    file_name: str
    content_type: str | None
    content: bytes = field(repr=False)


def attach_certificate(
    command: AttachCertificate, begin: BeginUnitOfWork, files: FileStore, *, bytes_max: int
) -> SignUp:
    """Store the file between two transactions and keep it as the one certificate (IDN-03).

    Raises `CertificateRefusedError`, `CertificateTooLargeError`.
    """
    content_type = check_certificate(
        content_type=command.content_type, size_bytes=len(command.content), bytes_max=bytes_max
    )
    with begin() as uow:
        sign_up = open_sign_up(command.credentials, uow)
        sign_up.require_draft()
        certificate = Certificate(
            file_key=f"certificates/{sign_up.id}/{uow.new_id()}",
            file_name=command.file_name,
            content_type=content_type,
            size_bytes=len(command.content),
            stored_at=uow.now(),
        )
    files.put(certificate.file_key, command.content, content_type)
    with begin() as uow:
        sign_up = open_sign_up(command.credentials, uow)
        if sign_up.certificate is not None:
            uow.discarded_files.add(sign_up.certificate.file_key, uow.now())
        sign_up = sign_up.attach_certificate(certificate)
        uow.sign_ups.save(sign_up)
    return sign_up


@dataclass(frozen=True)
class AgreeToTerms:
    """What was ticked, as (code, version), and the address that it came from."""

    credentials: Credentials
    agreed: tuple[tuple[str, int], ...]
    source: str


def agree_to_terms(command: AgreeToTerms, uow: UnitOfWork) -> SignUp:
    """Keep what was agreed to, when, and from where (IDN-06). Raises `TermsNotAgreedError`."""
    sign_up = open_sign_up(command.credentials, uow)
    agreements = agree(present_terms(uow), command.agreed, at=uow.now(), source=command.source)
    sign_up = sign_up.agree(agreements)
    uow.sign_ups.save(sign_up)
    return sign_up


@dataclass(frozen=True)
class DescribeMember:
    """개인정보 입력: the personal data of the master to be."""

    credentials: Credentials
    password: str = field(repr=False)
    name: str = field(repr=False)
    department: str
    title: str
    payment_method: PaymentMethod


def describe_member(
    command: DescribeMember, begin: BeginUnitOfWork, passwords: Passwords, rules: PasswordRules
) -> SignUp:
    """Keep the personal data; of the password only a slow hash (IDN-12). Raises `PasswordRefusedError`."""
    rules.check(command.password)
    with begin() as uow:
        open_sign_up(command.credentials, uow).require_draft()
    # Hashing is slow on purpose; no row stays locked meanwhile, and no stranger's request gets this far.
    applicant = Applicant(
        password_hash=passwords.hash(command.password),
        name=command.name,
        department=command.department,
        title=command.title,
        payment_method=command.payment_method,
    )
    with begin() as uow:
        sign_up = open_sign_up(command.credentials, uow).describe_applicant(applicant)
        uow.sign_ups.save(sign_up)
    return sign_up


def submit_sign_up(credentials: Credentials, uow: UnitOfWork) -> SignUp:
    """Hand the application to the operators (신청 완료); a repetition answers as the first did.

    Raises `SignUpIncompleteError`, `CompanyAlreadyRegisteredError`, `EmailInUseError`.
    """
    sign_up = open_sign_up(credentials, uow)
    if sign_up.submitted_at is not None:
        return sign_up
    at = uow.now()
    sign_up = sign_up.submit(present_terms(uow), at)
    form = sign_up.form()
    _refuse_second_company(form.business_number, uow)
    refuse_email_in_use(form.email, uow)
    uow.sign_ups.save(sign_up)
    uow.outbox.add(messages.application_submitted(sign_up, at, uow.sealer))
    uow.outbox.add(messages.no_expiry(sign_up))
    return sign_up


def refuse_email_in_use(email: str, uow: UnitOfWork) -> None:
    """Raises `EmailInUseError` when a member or a waiting application has the address (IDN-04)."""
    if uow.members.by_email(email) is not None or uow.sign_ups.is_waiting_with_email(email):
        raise EmailInUseError


def _refuse_second_company(number: BusinessNumber, uow: UnitOfWork) -> None:
    if uow.companies.has_number(number) or uow.sign_ups.is_waiting_with_number(number):
        raise CompanyAlreadyRegisteredError
