"""Setting a new password: by a mailed link, or by who knows the present one; every session ends (IDN-13, IDN-14)."""

from dataclasses import dataclass, field, replace
from uuid import UUID

from identity.application import messages
from identity.application.password_check import CheckPassword, check_password
from identity.application.ports import BeginUnitOfWork, Passwords, UnitOfWork
from identity.application.sessions import revoke_member
from identity.domain import secret_token
from identity.domain.errors import MemberNotFoundError, ResetLinkRefusedError
from identity.domain.login import LockoutRules, PasswordAttempts, SubjectKind
from identity.domain.member import Member
from identity.domain.password import PasswordRules
from identity.domain.password_reset import PasswordReset, ResetRules, may_make_another
from identity.domain.session import EndReason


def ask_for_reset(email: str, uow: UnitOfWork) -> None:
    """Note the wish. Whose address it is, is looked up later by a loop, so that neither answer nor time tells."""
    uow.password_resets.ask(uow.new_id(), email.strip().lower(), uow.now())


def mail_resets(uow: UnitOfWork, rules: ResetRules, *, pages_url: str) -> bool:
    """Make a link for the next wish, if its address is a member's; whether there was a wish.

    A mailbox that was just written to, or often today, is left in peace. An earlier link opens nothing any more.
    """
    email = uow.password_resets.take_wish()
    if email is None:
        return False
    member = uow.members.by_email(email)
    if member is None:
        return True
    earlier = uow.password_resets.of_member(member.id)
    at = uow.now()
    if not may_make_another([reset.made_at for reset in earlier], at, rules):
        return True
    _use_up(earlier, uow)
    token = secret_token.new_token()
    reset = PasswordReset(uow.new_id(), member.id, secret_token.hash_of(token), at, at + rules.lifetime)
    uow.password_resets.add(reset)
    link = f"{pages_url.rstrip('/')}/password-resets#{token}"
    uow.outbox.add(messages.password_reset_made(reset, member, link, uow.sealer))
    return True


@dataclass(frozen=True)
class ResetPassword:
    """The link's token, and the password wanted."""

    token: str = field(repr=False)
    password: str = field(repr=False)


def reset_password(command: ResetPassword, begin: BeginUnitOfWork, passwords: Passwords, rules: PasswordRules) -> None:
    """Set it. The next login still takes the code to the phone.

    Raises `ResetLinkRefusedError`, `PasswordRefusedError`.
    """
    with begin() as uow:
        _open_reset(command.token, uow)
    rules.check(command.password)
    password_hash = passwords.hash(command.password)
    with begin() as uow:
        reset = _open_reset(command.token, uow)
        _set_password(reset.member_id, password_hash, uow)


@dataclass(frozen=True)
class ChangePassword:
    """The present password, and the one wanted."""

    member_id: UUID
    present: str = field(repr=False)
    password: str = field(repr=False)
    source: str


def change_password(
    command: ChangePassword, begin: BeginUnitOfWork, passwords: Passwords, rules: PasswordRules, lockout: LockoutRules
) -> None:
    """Set it. Raises `LoginRefusedError` and `LoginLockedError` as a login would, `PasswordRefusedError`."""
    rules.check(command.password)
    with begin() as uow:
        member = uow.members.get(command.member_id)
    if member is None:
        raise MemberNotFoundError
    check_password(
        CheckPassword(SubjectKind.MEMBER, member.email, command.present, command.source),
        begin,
        passwords,
        lockout,
        find=lambda email, uow: uow.members.by_email(email),
    )
    password_hash = passwords.hash(command.password)
    with begin() as uow:
        _set_password(member.id, password_hash, uow)


def _open_reset(token: str, uow: UnitOfWork) -> PasswordReset:
    reset = uow.password_resets.by_token_for_update(secret_token.hash_of(token))
    if reset is None:
        raise ResetLinkRefusedError
    reset.require_open(uow.now())
    return reset


def _set_password(member_id: UUID, password_hash: str, uow: UnitOfWork) -> None:
    uow.sessions.living_of(member_id)
    member: Member | None = uow.members.get_for_update(member_id)
    if member is None or member.is_withdrawn:
        raise ResetLinkRefusedError
    uow.members.save(replace(revoke_member(member, EndReason.PASSWORD_CHANGED, uow), password_hash=password_hash))
    uow.attempts.save(SubjectKind.MEMBER, member.email, PasswordAttempts())
    _use_up(uow.password_resets.of_member(member_id), uow)


def _use_up(resets: list[PasswordReset], uow: UnitOfWork) -> None:
    for reset in resets:
        uow.password_resets.save(reset.use(uow.now()))
