"""회원가입: a master's application, left and taken up again, until an operator decides (IDN-01 … IDN-08)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from identity.domain.business_number import BusinessNumber, TaxStanding
from identity.domain.certificate import Certificate
from identity.domain.company import PaymentMethod
from identity.domain.errors import (
    BusinessNumberRefusedError,
    ContractMissingError,
    ContractNotNeededError,
    NotWaitingForDecisionError,
    SignUpClosedError,
    SignUpIncompleteError,
    StaleChangeError,
)
from identity.domain.terms import Agreement, TermsDocument, covers_required


class SignUpState(StrEnum):
    """Where an application stands. Only a draft changes; only a submitted one is decided."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"


class Step(StrEnum):
    """What an applicant has to bring, in the order of the form (manual 2-1)."""

    BUSINESS_NUMBER = "business_number"
    COMPANY = "company"
    CERTIFICATE = "certificate"
    EMAIL = "email"
    PHONE = "phone"
    TERMS = "terms"
    MEMBER = "member"


@dataclass(frozen=True)
class Contact:
    """A way to reach the applicant, and whether a code proved that it is theirs."""

    value: str = field(repr=False)
    code_id: UUID | None = None
    proven_at: datetime | None = None


@dataclass(frozen=True)
class Applicant:
    """The personal data of the second page of the form."""

    password_hash: str = field(repr=False)
    name: str = field(repr=False)
    department: str
    title: str
    payment_method: PaymentMethod


@dataclass(frozen=True)
class Contract:
    """A postpaid company's contract as an operator recorded it: KRW a Seoul month, first day, who gets bills."""

    monthly_limit_krw: int
    starts_on: date
    billing_name: str
    billing_email: str = field(repr=False)


@dataclass(frozen=True)
class Decision:
    """What an operator decided; a rejection has its reason (IDN-07)."""

    operator_id: UUID
    decided_at: datetime
    reason: str | None = None


@dataclass(frozen=True)
class CompletedForm:
    """What a submitted application surely has; company and master are made of it."""

    business_number: BusinessNumber
    company_name: str
    representative_name: str
    email: str = field(repr=False)
    phone: str = field(repr=False)
    applicant: Applicant


@dataclass(frozen=True)
class SignUp:
    """One application. Every change gives a new value; the old one stays as it was."""

    id: UUID
    token_hash: bytes = field(repr=False)
    started_at: datetime
    expires_at: datetime
    state: SignUpState = SignUpState.DRAFT
    business_number: BusinessNumber | None = None
    standing: TaxStanding | None = None
    company_name: str | None = None
    representative_name: str | None = None
    certificate: Certificate | None = None
    email: Contact | None = None
    phone: Contact | None = None
    agreements: tuple[Agreement, ...] = ()
    applicant: Applicant | None = None
    contract: Contract | None = None
    submitted_at: datetime | None = None
    decision: Decision | None = None
    version: int = 1

    def missing(self, present: Sequence[TermsDocument]) -> tuple[Step, ...]:
        """The steps that are not done yet, in the form's order; `present` are the documents in force."""
        done = {
            Step.BUSINESS_NUMBER: self.standing is TaxStanding.ACTIVE,
            Step.COMPANY: self.company_name is not None and self.representative_name is not None,
            Step.CERTIFICATE: self.certificate is not None,
            Step.EMAIL: self.email is not None and self.email.proven_at is not None,
            Step.PHONE: self.phone is not None and self.phone.proven_at is not None,
            Step.TERMS: covers_required(self.agreements, present),
            Step.MEMBER: self.applicant is not None,
        }
        return tuple(step for step in Step if not done[step])

    def enter_business_number(self, number: BusinessNumber) -> "SignUp":
        """Enter a number, not verified yet: also the same number again is asked anew (IDN-01)."""
        return self._changed(business_number=number, standing=None)

    def record_standing(self, number: BusinessNumber, standing: TaxStanding) -> "SignUp":
        """What the tax office said of the number that was asked.

        Raises `StaleChangeError` when another number was entered meanwhile.
        """
        if self.business_number != number:
            raise StaleChangeError
        return self._changed(standing=standing)

    def refuse_unless_active(self) -> None:
        """Raises `BusinessNumberRefusedError` when the tax office named anything but an active business (IDN-02)."""
        if self.standing is not None and not self.standing.may_sign_up:
            raise BusinessNumberRefusedError(self.standing.value, self.standing.ko)

    def name_company(self, name: str, representative_name: str) -> "SignUp":
        """상호명 and 대표자명."""
        return self._changed(company_name=name, representative_name=representative_name)

    def attach_certificate(self, certificate: Certificate) -> "SignUp":
        """The one certificate; a former one is replaced (IDN-03)."""
        return self._changed(certificate=certificate)

    def enter_email(self, email: str, code_id: UUID) -> "SignUp":
        """A code went to the address; whatever was proven before is not any more (IDN-01, IDN-04)."""
        return self._changed(email=Contact(email, code_id))

    def enter_phone(self, phone: str, code_id: UUID) -> "SignUp":
        """A code went to the phone; whatever was proven before is not any more (IDN-01, IDN-05)."""
        return self._changed(phone=Contact(phone, code_id))

    def prove_email(self, code_id: UUID, at: datetime) -> "SignUp":
        """The code of the address was right. Raises `StaleChangeError` when it belongs to an earlier address."""
        return self._changed(email=_proven(self.email, code_id, at))

    def prove_phone(self, code_id: UUID, at: datetime) -> "SignUp":
        """The code of the phone was right. Raises `StaleChangeError` when it belongs to an earlier number."""
        return self._changed(phone=_proven(self.phone, code_id, at))

    def agree(self, agreements: tuple[Agreement, ...]) -> "SignUp":
        """The terms as ticked now (IDN-06)."""
        return self._changed(agreements=agreements)

    def describe_applicant(self, applicant: Applicant) -> "SignUp":
        """Password, name, department, title and how the company wants to pay (IDN-08)."""
        return self._changed(applicant=applicant)

    def submit(self, present: Sequence[TermsDocument], at: datetime) -> "SignUp":
        """Hand the whole application to the operators. Raises `SignUpIncompleteError`."""
        self.require_draft()
        missing = self.missing(present)
        if missing:
            raise SignUpIncompleteError(tuple(step.value for step in missing))
        return self._changed(state=SignUpState.SUBMITTED, submitted_at=at)

    def record_contract(self, contract: Contract) -> "SignUp":
        """A postpaid applicant's contract, which approval waits for. Raises `ContractNotNeededError`."""
        self._require_submitted()
        if not self.is_postpaid:
            raise ContractNotNeededError
        return replace(self, contract=contract, version=self.version + 1)

    def approve(self, decision: Decision) -> "SignUp":
        """Raises `NotWaitingForDecisionError`, `ContractMissingError`."""
        self._require_submitted()
        if self.is_postpaid and self.contract is None:
            raise ContractMissingError
        return replace(self, state=SignUpState.APPROVED, decision=decision, version=self.version + 1)

    def reject(self, decision: Decision) -> "SignUp":
        """Raises `NotWaitingForDecisionError`; the applicant may apply again (IDN-07)."""
        self._require_submitted()
        return replace(self, state=SignUpState.REJECTED, decision=decision, version=self.version + 1)

    def expire(self, at: datetime) -> "SignUp":
        """End a draft whose time is over, and forget whom it came from; anything else stays as it is."""
        if self.state is not SignUpState.DRAFT or at < self.expires_at:
            return self
        return SignUp(
            id=self.id,
            token_hash=self.token_hash,
            started_at=self.started_at,
            expires_at=self.expires_at,
            state=SignUpState.EXPIRED,
            version=self.version + 1,
        )

    def form(self) -> CompletedForm:
        """The form of an application that was submitted. Raises `SignUpIncompleteError` when something is missing."""
        if (
            self.business_number is None
            or self.company_name is None
            or self.representative_name is None
            or self.email is None
            or self.phone is None
            or self.applicant is None
        ):
            raise SignUpIncompleteError(tuple(step.value for step in self.missing(())))
        return CompletedForm(
            business_number=self.business_number,
            company_name=self.company_name,
            representative_name=self.representative_name,
            email=self.email.value,
            phone=self.phone.value,
            applicant=self.applicant,
        )

    @property
    def is_postpaid(self) -> bool:
        """Whether the applicant chose 후불 (IDN-08)."""
        return self.applicant is not None and self.applicant.payment_method is PaymentMethod.POSTPAID

    def require_draft(self) -> None:
        """Raises `SignUpClosedError` for anything but a draft."""
        if self.state is not SignUpState.DRAFT:
            raise SignUpClosedError(self.state.value)

    def _require_submitted(self) -> None:
        if self.state is not SignUpState.SUBMITTED:
            raise NotWaitingForDecisionError(self.state.value)

    def _changed(self, **changes: object) -> "SignUp":
        self.require_draft()
        return replace(self, version=self.version + 1, **changes)  # type: ignore[arg-type]


def _proven(contact: Contact | None, code_id: UUID, at: datetime) -> Contact:
    if contact is None or contact.code_id != code_id:
        raise StaleChangeError
    return replace(contact, proven_at=at)
