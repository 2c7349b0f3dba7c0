"""What applicants send and see of their application."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from flask_openapi3 import FileStorage
from pydantic import BaseModel, Field, StringConstraints

from chassis.bodies import RequestBody
from identity.application.ports import UnitOfWork
from identity.application.sign_ups import missing_steps
from identity.domain.certificate import Certificate
from identity.domain.company import PaymentMethod
from identity.domain.sign_up import Applicant, Contact, SignUp, SignUpState, Step

ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
MaybeText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=12)]


class SignUpPath(BaseModel):
    """The application meant."""

    sign_up_id: UUID


class SignUpHeader(BaseModel):
    """The token that was given at the start; it stands in no address."""

    sign_up_token: str | None = Field(default=None, max_length=200, description="required")


class BusinessNumberBody(RequestBody):
    """사업자등록번호."""

    business_number: str = Field(max_length=20, examples=["220-81-02810"])


class CompanyBody(RequestBody):
    """상호명, 대표자명."""

    name: ShortText
    representative_name: ShortText


class CertificateForm(BaseModel):
    """A multipart body with exactly one file."""

    file: FileStorage


class EmailBody(RequestBody):
    """이메일주소(ID)."""

    email: str = Field(max_length=254)


class PhoneBody(RequestBody):
    """휴대전화번호."""

    phone: str = Field(max_length=20)


class CodeBody(RequestBody):
    """인증번호."""

    code: Code


class AgreedDocument(RequestBody):
    """One document in one version."""

    code: str = Field(max_length=50)
    version: int = Field(ge=1, le=10_000)


class TermsBody(RequestBody):
    """Everything that is ticked now."""

    agreed: tuple[AgreedDocument, ...] = Field(max_length=50)


class MemberBody(RequestBody):
    """개인정보 입력."""

    password: str = Field(max_length=1_000)
    name: ShortText
    department: MaybeText = ""
    title: MaybeText = ""
    payment_method: PaymentMethod


class BusinessNumberView(BaseModel):
    """The number, and what the tax office said of it."""

    value: str
    verified: bool
    standing: str | None


class CompanyView(BaseModel):
    """The names."""

    name: str
    representative_name: str


class CertificateView(BaseModel):
    """The stored file."""

    file_name: str
    content_type: str
    size_bytes: int


class ContactView(BaseModel):
    """An address or number, and whether its code was entered."""

    value: str
    proven: bool


class AgreementView(BaseModel):
    """What was agreed to, and when."""

    code: str
    version: int
    agreed_at: datetime


class MemberView(BaseModel):
    """The personal data, without the password."""

    name: str
    department: str
    title: str
    payment_method: PaymentMethod


class SignUpView(BaseModel):
    """The whole application as it is now."""

    sign_up_id: UUID
    state: SignUpState
    missing: tuple[Step, ...]
    business_number: BusinessNumberView | None
    company: CompanyView | None
    certificate: CertificateView | None
    email: ContactView | None
    phone: ContactView | None
    terms: tuple[AgreementView, ...]
    member: MemberView | None
    started_at: datetime
    expires_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    reason: str | None


class StartedSignUpView(SignUpView):
    """A new application, with its token; this once."""

    sign_up_token: str


def view_of(sign_up: SignUp, uow: UnitOfWork) -> SignUpView:
    """The application for its applicant."""
    decision = sign_up.decision
    return SignUpView(
        sign_up_id=sign_up.id,
        state=sign_up.state,
        missing=missing_steps(sign_up, uow) if sign_up.state is SignUpState.DRAFT else (),
        business_number=_number_view(sign_up),
        company=_company_view(sign_up),
        certificate=_certificate_view(sign_up.certificate),
        email=_contact_view(sign_up.email),
        phone=_contact_view(sign_up.phone),
        terms=tuple(
            AgreementView(code=each.code, version=each.version, agreed_at=each.agreed_at) for each in sign_up.agreements
        ),
        member=_member_view(sign_up.applicant),
        started_at=sign_up.started_at,
        expires_at=sign_up.expires_at,
        submitted_at=sign_up.submitted_at,
        decided_at=None if decision is None else decision.decided_at,
        reason=None if decision is None else decision.reason,
    )


def _number_view(sign_up: SignUp) -> BusinessNumberView | None:
    if sign_up.business_number is None:
        return None
    standing = sign_up.standing
    verified = standing is not None and standing.may_sign_up
    return BusinessNumberView(value=str(sign_up.business_number), verified=verified, standing=standing)


def _company_view(sign_up: SignUp) -> CompanyView | None:
    if sign_up.company_name is None or sign_up.representative_name is None:
        return None
    return CompanyView(name=sign_up.company_name, representative_name=sign_up.representative_name)


def _certificate_view(certificate: Certificate | None) -> CertificateView | None:
    if certificate is None:
        return None
    return CertificateView(
        file_name=certificate.file_name, content_type=certificate.content_type, size_bytes=certificate.size_bytes
    )


def _contact_view(contact: Contact | None) -> ContactView | None:
    return None if contact is None else ContactView(value=contact.value, proven=contact.proven_at is not None)


def _member_view(applicant: Applicant | None) -> MemberView | None:
    if applicant is None:
        return None
    return MemberView(
        name=applicant.name,
        department=applicant.department,
        title=applicant.title,
        payment_method=applicant.payment_method,
    )
