"""What a password must be (IDN-12)."""

import re
from dataclasses import dataclass, field
from importlib import resources

from identity.domain.errors import PasswordRefusedError

_LENGTH_MAX = 128
"""A longer one proves nothing more, and hashing it costs time that a stranger could waste."""
_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz")


def common_passwords() -> frozenset[str]:
    """The passwords and stems that come with the service."""
    lines = resources.files("identity.domain").joinpath("common_passwords.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@dataclass(frozen=True)
class PasswordRules:
    """The least length, and the passwords that everybody tries first (in lower case)."""

    length_min: int
    common: frozenset[str] = field(repr=False)

    def check(self, password: str) -> None:
        """Raises `PasswordRefusedError` when the password is too short, too long or a common one."""
        if not self.length_min <= len(password) <= _LENGTH_MAX:
            raise PasswordRefusedError(
                ko=f"비밀번호는 {self.length_min}자 이상 {_LENGTH_MAX}자 이하여야 합니다.",
                en=f"A password has {self.length_min} to {_LENGTH_MAX} characters.",
            )
        if self._is_common(password):
            raise PasswordRefusedError(
                ko="너무 흔해서 쉽게 알아낼 수 있는 비밀번호입니다.",
                en="This password is too common to protect anything.",
            )

    def _is_common(self, password: str) -> bool:
        plain = password.lower()
        stem = re.sub(r"[\d\W_]+$", "", plain)
        return plain in self.common or (stem in self.common and len(stem) > 3) or _is_pattern(plain)


def _is_pattern(plain: str) -> bool:
    """A few characters repeated, or a run along the keyboard or the alphabet."""
    if len(set(plain)) <= 2:
        return True
    if any((plain[:period] * len(plain))[: len(plain)] == plain for period in range(1, 5)):
        return True
    doubled = [row * 2 for row in _ROWS]
    return any(plain in row or plain in row[::-1] for row in doubled)
