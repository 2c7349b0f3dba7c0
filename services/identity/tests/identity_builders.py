"""What tests of this service are made of: values as the manual's forms show them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from identity.domain import secret_token
from identity.domain.business_number import BusinessNumber, TaxStanding
from identity.domain.certificate import Certificate
from identity.domain.company import Company, PaymentMethod
from identity.domain.member import Member, MemberRole
from identity.domain.sign_up import Applicant, Contact, SignUp, SignUpState
from identity.domain.terms import Agreement, TermsDocument

AT = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
TOKEN = "the-applicants-token"
PASSWORD = "말랑한 초록 고양이 7"
NUMBER = BusinessNumber.parse("220-81-02810")
OTHER_NUMBER = BusinessNumber.parse("116-82-00276")
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def terms(*, required_version: int = 1) -> tuple[TermsDocument, ...]:
    """A required and an optional document."""
    return (
        TermsDocument("marketing", 1, "광고성 정보 수신 동의", "…", required=False, effective_at=AT),
        TermsDocument("service", required_version, "서비스 이용약관", "…", required=True, effective_at=AT),
    )


def a_draft(sign_up_id: UUID | None = None) -> SignUp:
    """An application that was just begun."""
    return SignUp(
        id=sign_up_id or uuid4(),
        token_hash=secret_token.hash_of(TOKEN),
        started_at=AT,
        expires_at=AT + timedelta(days=30),
    )


def a_complete_draft(
    *, payment_method: PaymentMethod = PaymentMethod.PREPAID, email: str = "master@example.co.kr"
) -> SignUp:
    """An application with nothing missing."""
    return replace(
        a_draft(),
        business_number=NUMBER,
        standing=TaxStanding.ACTIVE,
        company_name="다우상사",
        representative_name="김대표",
        certificate=Certificate("certificates/1/2", "등록증.png", "image/png", 1_000, AT),
        email=Contact(email, uuid4(), AT),
        phone=Contact("01012345678", uuid4(), AT),
        agreements=(Agreement("service", 1, AT, "203.0.113.7"),),
        applicant=Applicant("argon2-hash", "이마스터", "인사팀", "팀장", payment_method),
    )


def a_submitted(*, payment_method: PaymentMethod = PaymentMethod.PREPAID) -> SignUp:
    """An application that waits for an operator."""
    return replace(a_complete_draft(payment_method=payment_method), state=SignUpState.SUBMITTED, submitted_at=AT)


def a_company(sign_up_id: UUID, *, number: BusinessNumber = NUMBER) -> Company:
    """An approved company."""
    return Company(
        id=uuid4(),
        sign_up_id=sign_up_id,
        name="다우상사",
        representative_name="김대표",
        business_number=number,
        payment_method=PaymentMethod.PREPAID,
        master_id=uuid4(),
        approved_at=AT,
    )


def a_master(company: Company, *, email: str = "master@example.co.kr", password_hash: str = "") -> Member:
    """The company's master."""
    return Member(
        id=company.master_id,
        company_id=company.id,
        role=MemberRole.MASTER,
        email=email,
        phone="01012345678",
        password_hash=password_hash,
        name="이마스터",
        department="인사팀",
        title="팀장",
        joined_at=AT,
    )
