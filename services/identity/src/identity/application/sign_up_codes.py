"""Proving the applicant's email address and phone by one-time codes (IDN-04, IDN-05)."""

from dataclasses import dataclass, field

from contracts.messaging import CodeChannel, CodePurpose
from identity.application import messages
from identity.application.ports import UnitOfWork
from identity.application.sign_ups import Credentials, open_sign_up, refuse_email_in_use
from identity.domain.contact import parse_email, parse_phone
from identity.domain.errors import CodeNotRequestedError
from identity.domain.sign_up import SignUp

EMAIL_PURPOSE = "sign_up_email"
PHONE_PURPOSE = "sign_up_phone"


@dataclass(frozen=True)
class SendEmailCode:
    """Enter an address (or the same again) and have a code mailed to it."""

    credentials: Credentials
    email: str = field(repr=False)
    source: str


def send_email_code(command: SendEmailCode, uow: UnitOfWork) -> SignUp:
    """The address counts as unproven until its code is entered.

    Whether the address is in use is judged only with the right code, so a stranger learns nothing of it here.
    Raises `InvalidValueError`, and what the codes' limits refuse.
    """
    email = parse_email(command.email)
    sign_up = open_sign_up(command.credentials, uow)
    sign_up.require_draft()
    issued = uow.codes.issue(purpose=EMAIL_PURPOSE, target=email, source=command.source)
    sign_up = sign_up.enter_email(email, issued.code_id)
    uow.sign_ups.save(sign_up)
    uow.outbox.add(
        messages.send_code(issued, purpose=CodePurpose.SIGN_UP, channel=CodeChannel.MAIL, to=email, sealer=uow.sealer)
    )
    return sign_up


@dataclass(frozen=True)
class SendPhoneCode:
    """Enter a phone number (or the same again) and have a code sent to it."""

    credentials: Credentials
    phone: str = field(repr=False)
    source: str


def send_phone_code(command: SendPhoneCode, uow: UnitOfWork) -> SignUp:
    """The number counts as unproven until its code is entered. Raises `InvalidValueError`, and what limits refuse."""
    phone = parse_phone(command.phone)
    sign_up = open_sign_up(command.credentials, uow)
    sign_up.require_draft()
    issued = uow.codes.issue(purpose=PHONE_PURPOSE, target=phone, source=command.source)
    sign_up = sign_up.enter_phone(phone, issued.code_id)
    uow.sign_ups.save(sign_up)
    uow.outbox.add(
        messages.send_code(issued, purpose=CodePurpose.SIGN_UP, channel=CodeChannel.SMS, to=phone, sealer=uow.sealer)
    )
    return sign_up


@dataclass(frozen=True)
class EnterCode:
    """A code as typed."""

    credentials: Credentials
    code: str = field(repr=False)


def prove_email(command: EnterCode, uow: UnitOfWork) -> SignUp:
    """Raises `CodeNotRequestedError`, `EmailInUseError`, and what the codes refuse."""
    sign_up = open_sign_up(command.credentials, uow)
    sign_up.require_draft()
    contact = sign_up.email
    if contact is None or contact.code_id is None:
        raise CodeNotRequestedError
    uow.codes.check(contact.code_id, command.code, purpose=EMAIL_PURPOSE, target=contact.value)
    refuse_email_in_use(contact.value, uow)
    sign_up = sign_up.prove_email(contact.code_id, uow.now())
    uow.sign_ups.save(sign_up)
    return sign_up


def prove_phone(command: EnterCode, uow: UnitOfWork) -> SignUp:
    """Raises `CodeNotRequestedError`, and what the codes refuse."""
    sign_up = open_sign_up(command.credentials, uow)
    sign_up.require_draft()
    contact = sign_up.phone
    if contact is None or contact.code_id is None:
        raise CodeNotRequestedError
    uow.codes.check(contact.code_id, command.code, purpose=PHONE_PURPOSE, target=contact.value)
    sign_up = sign_up.prove_phone(contact.code_id, uow.now())
    uow.sign_ups.save(sign_up)
    return sign_up
