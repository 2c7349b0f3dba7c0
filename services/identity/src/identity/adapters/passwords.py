"""Slow hashing of passwords by argon2id (IDN-12)."""

import secrets
from collections.abc import Callable
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from gevent import get_hub, monkey

_TIME_COST = 2
_MEMORY_KIB = 19 * 1024
_PARALLELISM = 1
"""Ten logins at once take 190 MiB: what a small container has. Hashes carry their cost, so it can be raised later."""

AnswerT = TypeVar("AnswerT")


class Argon2Passwords:
    """`Passwords` by argon2id."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(time_cost=_TIME_COST, memory_cost=_MEMORY_KIB, parallelism=_PARALLELISM)
        self._nobody = self._hasher.hash(secrets.token_urlsafe())

    def hash(self, password: str) -> str:
        """A salted argon2id hash."""
        return _aside(lambda: self._hasher.hash(password))

    def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether they belong together; without a hash the same time is spent on nobody's, and the answer is no."""
        try:
            _aside(lambda: self._hasher.verify(password_hash or self._nobody, password))
        except (VerificationError, InvalidHashError):
            return False
        return password_hash is not None


def _aside(work: Callable[[], AnswerT]) -> AnswerT:
    """Do it in a native thread where the process is cooperative, so that one login does not hold up all requests."""
    if not monkey.is_module_patched("threading"):
        return work()
    answer: AnswerT = get_hub().threadpool.apply(work)
    return answer
