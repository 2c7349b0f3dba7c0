"""Judging a password so that the answer and its time tell nothing of who has a login here (IDN-12)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from identity.application.ports import BeginUnitOfWork, Passwords, UnitOfWork
from identity.domain.errors import LoginLockedError, LoginRefusedError
from identity.domain.login import LockoutRules, SubjectKind


class HasPassword(Protocol):
    """A member or an operator."""

    @property
    def password_hash(self) -> str: ...


SubjectT = TypeVar("SubjectT", bound=HasPassword)


@dataclass(frozen=True)
class CheckPassword:
    """An address and a password as typed."""

    kind: SubjectKind
    email: str = field(repr=False)
    password: str = field(repr=False)


def check_password(
    command: CheckPassword,
    begin: BeginUnitOfWork,
    passwords: Passwords,
    rules: LockoutRules,
    *,
    find: Callable[[str, UnitOfWork], SubjectT | None],
) -> SubjectT:
    """Whose password it is. The caller forgets the counted try once the login goes on.

    Known, unknown and locked addresses take the same steps: one short transaction, then one slow comparison outside
    of it, which holds neither a row nor a connection. Raises `LoginRefusedError`, `LoginLockedError`.
    """
    email = command.email.strip().lower()
    try:
        with begin() as uow:
            attempts = uow.attempts.get_for_update(command.kind, email)
            uow.attempts.save(command.kind, email, attempts.count(uow.now(), rules))
            subject = find(email, uow)
    except LoginLockedError:
        passwords.verify(None, command.password)
        raise
    right = passwords.verify(subject.password_hash if subject is not None else None, command.password)
    if subject is None or not right:
        raise LoginRefusedError
    return subject
