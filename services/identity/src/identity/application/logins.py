"""로그인 of members: password, then a code when one is needed, then tokens (IDN-09, IDN-11, IDN-12)."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from contracts.messaging import CodeChannel, CodePurpose
from identity.application import messages
from identity.application.dormancy import wake, watch
from identity.application.password_check import CheckPassword, check_password, counting_key
from identity.application.ports import AccessTokens, BeginUnitOfWork, Passwords, UnitOfWork
from identity.application.sessions import Tokens, begin_session, require_active_company
from identity.application.sign_ups import present_terms
from identity.domain.address import network_of
from identity.domain.contact import mask_phone
from identity.domain.errors import ChallengeNotFoundError, CodeNotRequestedError, CodeRequiredError
from identity.domain.login import LockoutRules, LoginChallenge, PasswordAttempts, SubjectKind
from identity.domain.member import Member
from identity.domain.terms import TermsDocument, agree, missing_required

LOGIN_PURPOSE = "login"


@dataclass(frozen=True)
class LoginRules:
    """The numbers of a login."""

    lockout: LockoutRules
    challenge_lifetime: timedelta
    refresh_lifetime: timedelta
    trusted_addresses_max: int


@dataclass(frozen=True)
class OpenLogin:
    """Address and password, and the network address that they came from."""

    email: str = field(repr=False)
    password: str = field(repr=False)
    source: str


@dataclass(frozen=True)
class OpenedLogin:
    """What the person is asked next."""

    challenge_id: UUID
    phone_masked: str
    code_required: bool
    dormant: bool
    """Whether the code lifts dormancy too (IDN-19)."""
    terms: tuple[TermsDocument, ...]
    """Required documents whose present version the member has not agreed to yet (IDN-06)."""


def open_login(command: OpenLogin, begin: BeginUnitOfWork, passwords: Passwords, rules: LoginRules) -> OpenedLogin:
    """Judge the password; a right one opens a challenge. No code is sent before it is asked for (IDN-09).

    Raises `LoginRefusedError`, `LoginLockedError`, `MemberNotActiveError` (for the right password only).
    """
    member = check_password(
        CheckPassword(SubjectKind.MEMBER, command.email, command.password, command.source),
        begin,
        passwords,
        rules.lockout,
        find=lambda email, uow: uow.members.by_email(email),
    )
    with begin() as uow:
        _require_may_log_in(member)
        require_active_company(member, uow)
        counted_as = counting_key(member.email, command.source, member, uow)
        uow.attempts.save(SubjectKind.MEMBER, counted_as, PasswordAttempts())
        trusted = network_of(command.source) in uow.trusted_addresses.networks_of(member.id)
        challenge = LoginChallenge(
            id=uow.new_id(),
            kind=SubjectKind.MEMBER,
            subject_id=member.id,
            source=command.source,
            code_required=member.needs_code(address_trusted=trusted),
            expires_at=uow.now() + rules.challenge_lifetime,
        )
        uow.challenges.add(challenge)
        terms = tuple(missing_required(uow.members.agreements_of(member.id), present_terms(uow)))
    return OpenedLogin(challenge.id, mask_phone(member.phone), challenge.code_required, member.is_dormant, terms)


@dataclass(frozen=True)
class SendLoginCode:
    """[인증번호 받기]."""

    challenge_id: UUID
    source: str


def send_login_code(command: SendLoginCode, uow: UnitOfWork) -> None:
    """Send a code to the member's phone. Raises `ChallengeNotFoundError`, and what the codes' limits refuse."""
    challenge, member = _open_challenge(command.challenge_id, uow)
    issued = uow.codes.issue(purpose=LOGIN_PURPOSE, target=member.phone, source=command.source)
    uow.challenges.save(challenge.sent(issued.code_id))
    uow.outbox.add(
        messages.send_code(
            issued, purpose=CodePurpose.LOGIN, channel=CodeChannel.SMS, to=member.phone, sealer=uow.sealer
        )
    )


@dataclass(frozen=True)
class VerifyLogin:
    """The code, and whether 현재 접속 중인 IP로 로그인 허용하기 was ticked."""

    challenge_id: UUID
    code: str | None = field(repr=False)
    trust_address: bool
    source: str
    agreed: tuple[tuple[str, int], ...] = ()
    """Documents that the login asked for, as (code, version)."""


@dataclass(frozen=True)
class LoggedIn:
    """Tokens, and whether the address is trusted from now on."""

    tokens: Tokens
    address_trusted: bool


def verify_login(command: VerifyLogin, uow: UnitOfWork, signer: AccessTokens, rules: LoginRules) -> LoggedIn:
    """Judge the code, where one is needed, and begin the session.

    Trust of an address takes a right code, and at most the rule's number of addresses have it (IDN-11).
    Raises `ChallengeNotFoundError`, `TermsNotAgreedError` while a required document in force is not agreed to
    (IDN-06), `CodeRequiredError`, `CodeNotRequestedError`, and what the codes refuse.
    """
    challenge, member = _open_challenge(command.challenge_id, uow)
    _agree_to_new_terms(command, member, uow)
    if challenge.code_required:
        _check_code(challenge, member, command.code, uow)
    at = uow.now()
    uow.challenges.save(challenge.end(at))
    member = member.logged_in(at)
    if member.is_dormant:
        member = wake(member, uow)
    elif member.dormancy_timer == 0:
        member = watch(member, at, uow)
    uow.members.save(member)
    trusted = challenge.code_required and command.trust_address and _trust(member, command.source, uow, rules)
    tokens = begin_session(member, uow, signer, refresh_lifetime=rules.refresh_lifetime)
    return LoggedIn(tokens, address_trusted=trusted or not challenge.code_required)


def _open_challenge(challenge_id: UUID, uow: UnitOfWork) -> tuple[LoginChallenge, Member]:
    challenge = uow.challenges.get_for_update(challenge_id)
    if challenge is None or challenge.kind is not SubjectKind.MEMBER:
        raise ChallengeNotFoundError
    challenge.require_open(uow.now())
    member = uow.members.get_for_update(challenge.subject_id)
    if member is None:
        raise ChallengeNotFoundError
    _require_may_log_in(member)
    if member.is_dormant and not challenge.code_required:  # It fell asleep since the password was given.
        raise ChallengeNotFoundError
    return challenge, member


def _require_may_log_in(member: Member) -> None:
    """Active members log in, and dormant ones, who lift that by the same code (IDN-18, IDN-19)."""
    if not member.is_dormant:
        member.require_active()


def _agree_to_new_terms(command: VerifyLogin, member: Member, uow: UnitOfWork) -> None:
    asked = missing_required(uow.members.agreements_of(member.id), present_terms(uow))
    if asked:
        agreements = agree(asked, command.agreed, at=uow.now(), source=command.source)
        uow.members.add_agreements(member.id, agreements)


def _check_code(challenge: LoginChallenge, member: Member, code: str | None, uow: UnitOfWork) -> None:
    if code is None:
        raise CodeRequiredError
    if challenge.code_id is None:
        raise CodeNotRequestedError
    uow.codes.check(challenge.code_id, code, purpose=LOGIN_PURPOSE, target=member.phone)


def _trust(member: Member, source: str, uow: UnitOfWork, rules: LoginRules) -> bool:
    network = network_of(source)
    networks = uow.trusted_addresses.networks_of(member.id)
    if network in networks:
        return True
    if len(networks) >= rules.trusted_addresses_max:
        return False
    uow.trusted_addresses.add(member.id, network, uow.now())
    return True
