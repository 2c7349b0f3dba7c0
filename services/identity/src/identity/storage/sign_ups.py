"""Applications in PostgreSQL."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, exists, or_, select
from sqlalchemy.orm import Session

from identity.application.queries import SignUpQuery
from identity.domain.business_number import BusinessNumber, TaxStanding
from identity.domain.certificate import Certificate
from identity.domain.company import PaymentMethod
from identity.domain.errors import CompanyAlreadyRegisteredError, EmailInUseError
from identity.domain.sign_up import Applicant, Contact, Contract, Decision, SignUp, SignUpState
from identity.domain.terms import Agreement
from identity.storage.conflicts import refusing
from identity.storage.tables import sign_ups


class PostgresSignUps:
    """`SignUps` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, sign_up: SignUp) -> None:
        """Keep a new one."""
        self._session.execute(sign_ups.insert().values(id=sign_up.id, **_columns(sign_up)))

    def get(self, sign_up_id: UUID) -> SignUp | None:
        """The application as it is, for reading."""
        return self._one(select(sign_ups).where(sign_ups.c.id == sign_up_id))

    def get_for_update(self, sign_up_id: UUID) -> SignUp | None:
        """The application, locked until the transaction ends."""
        return self._one(select(sign_ups).where(sign_ups.c.id == sign_up_id).with_for_update())

    def save(self, sign_up: SignUp) -> None:
        """Keep a change. Raises `CompanyAlreadyRegisteredError`, `EmailInUseError`."""
        refusals = {
            "uq_sign_ups_business_number_waiting": CompanyAlreadyRegisteredError(),
            "uq_sign_ups_email_waiting": EmailInUseError(),
        }
        with refusing(self._session, refusals):
            self._session.execute(sign_ups.update().where(sign_ups.c.id == sign_up.id).values(**_columns(sign_up)))

    def page(self, query: SignUpQuery, rows_max: int) -> Sequence[SignUp]:
        """Applications in a state, the oldest first."""
        table = sign_ups
        statement = select(table).where(table.c.state == query.state.value).order_by(table.c.id).limit(rows_max)
        if query.payment_method is not None:
            statement = statement.where(table.c.payment_method == query.payment_method.value)
        if query.text:
            columns = (table.c.company_name, table.c.business_number, table.c.email)
            statement = statement.where(or_(*(each.icontains(query.text, autoescape=True) for each in columns)))
        if query.after is not None:
            statement = statement.where(table.c.id > query.after)
        return [sign_up_of(row) for row in self._session.execute(statement)]

    def others_with_number(self, sign_up: SignUp, rows_max: int) -> Sequence[SignUp]:
        """Other applications that name the same business number, whatever became of them, the latest first."""
        if sign_up.business_number is None:
            return []
        same = (sign_ups.c.business_number == str(sign_up.business_number)) & (sign_ups.c.id != sign_up.id)
        rows = self._session.execute(select(sign_ups).where(same).order_by(sign_ups.c.id.desc()).limit(rows_max))
        return [sign_up_of(row) for row in rows]

    def is_waiting_with_number(self, number: BusinessNumber) -> bool:
        """Whether a submitted application names the number (IDN-27)."""
        return self._is_waiting(sign_ups.c.business_number == str(number))

    def is_waiting_with_email(self, email: str) -> bool:
        """Whether a submitted application has the address (IDN-04)."""
        return self._is_waiting(sign_ups.c.email == email)

    def waiting_with_emails(self, emails: Collection[str]) -> frozenset[str]:
        """Which of the addresses a submitted application has."""
        waiting = sign_ups.c.state == SignUpState.SUBMITTED.value
        addresses = self._session.scalars(select(sign_ups.c.email).where(sign_ups.c.email.in_(emails), waiting))
        return frozenset(address for address in addresses if address is not None)

    def _is_waiting(self, condition: Any) -> bool:
        waiting = exists().where(condition, sign_ups.c.state == SignUpState.SUBMITTED.value)
        return bool(self._session.scalar(select(waiting)))

    def _one(self, statement: Select[Any]) -> SignUp | None:
        row = self._session.execute(statement).one_or_none()
        return None if row is None else sign_up_of(row)


def sign_up_of(row: Row[Any]) -> SignUp:
    """The application that a row holds."""
    return SignUp(
        id=row.id,
        token_hash=row.token_hash,
        started_at=row.started_at,
        expires_at=row.expires_at,
        state=SignUpState(row.state),
        business_number=None if row.business_number is None else BusinessNumber.parse(row.business_number),
        standing=None if row.standing is None else TaxStanding(row.standing),
        company_name=row.company_name,
        representative_name=row.representative_name,
        certificate=_certificate_of(row.certificate),
        email=_contact_of(row.email, row.email_code_id, row.email_proven_at),
        phone=_contact_of(row.phone, row.phone_code_id, row.phone_proven_at),
        agreements=tuple(
            Agreement(each["code"], each["version"], datetime.fromisoformat(each["agreed_at"]), each["agreed_from"])
            for each in row.agreements
        ),
        applicant=_applicant_of(row),
        contract=_contract_of(row),
        submitted_at=row.submitted_at,
        decision=None if row.decided_at is None else Decision(row.decided_by, row.decided_at, row.reason),
        version=row.version,
    )


def _columns(sign_up: SignUp) -> dict[str, Any]:
    certificate, email, phone = sign_up.certificate, sign_up.email, sign_up.phone
    applicant, contract, decision = sign_up.applicant, sign_up.contract, sign_up.decision
    return {
        "token_hash": sign_up.token_hash,
        "state": sign_up.state.value,
        "started_at": sign_up.started_at,
        "expires_at": sign_up.expires_at,
        "business_number": str(sign_up.business_number) if sign_up.business_number else None,
        "standing": sign_up.standing.value if sign_up.standing else None,
        "company_name": sign_up.company_name,
        "representative_name": sign_up.representative_name,
        "certificate": certificate
        and {
            "file_key": certificate.file_key,
            "file_name": certificate.file_name,
            "content_type": certificate.content_type,
            "size_bytes": certificate.size_bytes,
            "stored_at": certificate.stored_at.isoformat(),
        },
        "email": email and email.value,
        "email_code_id": email and email.code_id,
        "email_proven_at": email and email.proven_at,
        "phone": phone and phone.value,
        "phone_code_id": phone and phone.code_id,
        "phone_proven_at": phone and phone.proven_at,
        "agreements": [
            {
                "code": each.code,
                "version": each.version,
                "agreed_at": each.agreed_at.isoformat(),
                "agreed_from": each.agreed_from,
            }
            for each in sign_up.agreements
        ],
        "password_hash": applicant and applicant.password_hash,
        "applicant_name": applicant and applicant.name,
        "department": applicant and applicant.department,
        "title": applicant and applicant.title,
        "payment_method": applicant and applicant.payment_method.value,
        "contract_limit_krw": contract and contract.monthly_limit_krw,
        "contract_starts_on": contract and contract.starts_on,
        "billing_name": contract and contract.billing_name,
        "billing_email": contract and contract.billing_email,
        "submitted_at": sign_up.submitted_at,
        "decided_at": decision and decision.decided_at,
        "decided_by": decision and decision.operator_id,
        "reason": decision and decision.reason,
        "version": sign_up.version,
    }


def _certificate_of(stored: dict[str, Any] | None) -> Certificate | None:
    if stored is None:
        return None
    return Certificate(
        file_key=stored["file_key"],
        file_name=stored["file_name"],
        content_type=stored["content_type"],
        size_bytes=stored["size_bytes"],
        stored_at=datetime.fromisoformat(stored["stored_at"]),
    )


def _contact_of(value: str | None, code_id: UUID | None, proven_at: datetime | None) -> Contact | None:
    return None if value is None else Contact(value, code_id, proven_at)


def _applicant_of(row: Row[Any]) -> Applicant | None:
    if row.password_hash is None:
        return None
    return Applicant(
        password_hash=row.password_hash,
        name=row.applicant_name,
        department=row.department,
        title=row.title,
        payment_method=PaymentMethod(row.payment_method),
    )


def _contract_of(row: Row[Any]) -> Contract | None:
    if row.contract_limit_krw is None:
        return None
    return Contract(row.contract_limit_krw, row.contract_starts_on, row.billing_name, row.billing_email)
