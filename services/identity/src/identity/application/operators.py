"""관리자: how an operator is made, and how one logs in with password and TOTP (IDN-24)."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from identity.application.password_check import CheckPassword, check_password
from identity.application.ports import AccessTokens, BeginUnitOfWork, Passwords, SecondFactor, UnitOfWork
from identity.application.sessions import Tokens, begin_session
from identity.domain.contact import parse_email
from identity.domain.errors import ChallengeNotFoundError, OperatorExistsError
from identity.domain.login import LockoutRules, LoginChallenge, PasswordAttempts, SubjectKind
from identity.domain.operator import Operator, OperatorRole
from identity.domain.password import PasswordRules


@dataclass(frozen=True)
class OperatorLoginRules:
    """The numbers of an operator's login."""

    lockout: LockoutRules
    challenge_lifetime: timedelta
    refresh_lifetime: timedelta
    tries_max: int


@dataclass(frozen=True)
class CreateOperator:
    """A new operator as the command line names it."""

    email: str = field(repr=False)
    name: str
    roles: frozenset[OperatorRole]
    password: str = field(repr=False)


def create_operator(
    command: CreateOperator,
    uow: UnitOfWork,
    passwords: Passwords,
    second_factor: SecondFactor,
    rules: PasswordRules,
) -> str:
    """Make the operator; returns the otpauth URI, which is shown this once.

    Raises `InvalidValueError`, `PasswordRefusedError`, `OperatorExistsError`.
    """
    email = parse_email(command.email)
    rules.check(command.password)
    if uow.operators.by_email(email) is not None:
        raise OperatorExistsError(email)
    secret = second_factor.new_secret()
    uow.operators.add(
        Operator(
            id=uow.new_id(),
            email=email,
            name=command.name,
            password_hash=passwords.hash(command.password),
            totp_secret=secret,
            roles=command.roles,
            created_at=uow.now(),
        )
    )
    return second_factor.enrolment_uri(secret, email)


@dataclass(frozen=True)
class OpenOperatorLogin:
    """Address and password of an operator."""

    email: str = field(repr=False)
    password: str = field(repr=False)
    source: str


def open_operator_login(
    command: OpenOperatorLogin, begin: BeginUnitOfWork, passwords: Passwords, rules: OperatorLoginRules
) -> UUID:
    """Judge the password; a right one opens a challenge for the second factor, which nobody is spared.

    Raises `LoginRefusedError`, `LoginLockedError`.
    """
    operator = check_password(
        CheckPassword(SubjectKind.OPERATOR, command.email, command.password, command.source),
        begin,
        passwords,
        rules.lockout,
        find=_active_operator,
    )
    with begin() as uow:
        uow.attempts.save(SubjectKind.OPERATOR, operator.email, PasswordAttempts())
        challenge = LoginChallenge(
            id=uow.new_id(),
            kind=SubjectKind.OPERATOR,
            subject_id=operator.id,
            source=command.source,
            code_required=True,
            expires_at=uow.now() + rules.challenge_lifetime,
        )
        uow.challenges.add(challenge)
    return challenge.id


@dataclass(frozen=True)
class VerifyOperatorLogin:
    """The TOTP as the authenticator shows it."""

    challenge_id: UUID
    totp: str = field(repr=False)


def verify_operator_login(
    command: VerifyOperatorLogin,
    begin: BeginUnitOfWork,
    second_factor: SecondFactor,
    signer: AccessTokens,
    rules: OperatorLoginRules,
) -> Tokens:
    """Judge the TOTP and begin the session. A TOTP works once, and a challenge has few tries.

    Raises `ChallengeNotFoundError`, `SecondFactorRefusedError` (the try stays counted), `LoginLockedError`.
    """
    with begin() as uow:
        challenge, operator = _open_challenge(command.challenge_id, uow)
        challenge = challenge.count_try(rules.tries_max)
        if _accept_totp(operator, command.totp, uow, second_factor, rules.lockout):
            uow.challenges.save(challenge.end(uow.now()))
            return begin_session(operator, uow, signer, refresh_lifetime=rules.refresh_lifetime)
        uow.challenges.save(challenge)
    raise challenge.refusal(rules.tries_max)


def _accept_totp(
    operator: Operator, totp: str, uow: UnitOfWork, second_factor: SecondFactor, rules: LockoutRules
) -> bool:
    """Whether the TOTP is right and was not used before.

    Wrong ones are counted over all challenges: else who knows the password could go on trying. A used one is no guess.
    """
    counted_as = f"second-factor:{operator.id}"
    attempts = uow.attempts.get_for_update(SubjectKind.OPERATOR, counted_as)
    attempts.require_unlocked(uow.now())
    step = second_factor.accepted_step(operator.totp_secret, totp, uow.now())
    if step is None:
        uow.attempts.save(SubjectKind.OPERATOR, counted_as, attempts.count(uow.now(), rules))
        return False
    if step <= operator.totp_step:
        return False
    uow.operators.save(operator.used_totp(step))
    uow.attempts.save(SubjectKind.OPERATOR, counted_as, PasswordAttempts())
    return True


def _active_operator(email: str, uow: UnitOfWork) -> Operator | None:
    operator = uow.operators.by_email(email)
    return operator if operator is not None and operator.active else None


def _open_challenge(challenge_id: UUID, uow: UnitOfWork) -> tuple[LoginChallenge, Operator]:
    challenge = uow.challenges.get_for_update(challenge_id)
    if challenge is None or challenge.kind is not SubjectKind.OPERATOR:
        raise ChallengeNotFoundError
    challenge.require_open(uow.now())
    operator = uow.operators.get_for_update(challenge.subject_id)
    if operator is None or not operator.active:
        raise ChallengeNotFoundError
    return challenge, operator
