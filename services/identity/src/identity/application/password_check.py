"""Judging a password so that the answer and its time tell nothing of who has a login here (IDN-12)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar
from uuid import UUID

from identity.application.ports import BeginUnitOfWork, Passwords, UnitOfWork
from identity.domain.address import network_of
from identity.domain.errors import LoginLockedError, LoginRefusedError
from identity.domain.login import LockoutRules, SubjectKind

_NOBODY = UUID(int=0)


class HasPassword(Protocol):
    """A member or an operator."""

    @property
    def id(self) -> UUID: ...
    @property
    def password_hash(self) -> str: ...


SubjectT = TypeVar("SubjectT", bound=HasPassword)


@dataclass(frozen=True)
class CheckPassword:
    """An address and a password as typed, and the network address that they came from."""

    kind: SubjectKind
    email: str = field(repr=False)
    password: str = field(repr=False)
    source: str


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
    of it, which holds neither a row nor a connection. Tries from an address that the subject trusts are counted
    apart: no stranger's tries lock anybody out there. Raises `LoginRefusedError`, `LoginLockedError`.
    """
    email, locked = command.email.strip().lower(), None
    with begin() as uow:
        subject = find(email, uow)
        counted_as = counting_key(email, command.source, subject, uow)
        attempts = uow.attempts.get_for_update(command.kind, counted_as)
        try:
            attempts = attempts.count(uow.now(), rules)
        except LoginLockedError as error:
            locked = error  # What stands already is written all the same: a commit's time would tell.
        uow.attempts.save(command.kind, counted_as, attempts)
    if locked is not None:
        passwords.verify(None, command.password)
        raise locked
    right = passwords.verify(subject.password_hash if subject is not None else None, command.password)
    if subject is None or not right:
        raise LoginRefusedError
    return subject


def counting_key(email: str, source: str, subject: HasPassword | None, uow: UnitOfWork) -> str:
    """What tries are counted under: the login id, or the login id at a network address that its owner trusts."""
    network = network_of(source)
    # Nobody trusts anything, and it is looked up all the same: known and unknown addresses take the same steps.
    trusted = uow.trusted_addresses.networks_of(_NOBODY if subject is None else subject.id)
    return f"{email} at {network}" if network in trusted else email
