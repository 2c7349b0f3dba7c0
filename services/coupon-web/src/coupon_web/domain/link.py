"""The secrets of a recipient's page: the link's token, the typed code."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self
from uuid import UUID

from coupon_web.domain.errors import CodeMalformedError, LinkUnknownError

CODE_DIGITS = 6
"""IDN-05."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,200}")
_CODE = re.compile(rf"[0-9]{{{CODE_DIGITS}}}")
_BETWEEN_DIGITS = re.compile(r"[\s-]+")


@dataclass(frozen=True)
class Link:
    """A recipient's link (ORD-26). Its token is a secret: no repr shows it."""

    token: str = field(repr=False)

    @classmethod
    def parse(cls, token: str) -> Self:
        """Read a token out of an address. Raises `LinkUnknownError` for what cannot be one."""
        if _TOKEN.fullmatch(token) is None:
            raise LinkUnknownError
        return cls(token)


@dataclass(frozen=True)
class SentCode:
    """A code that is on its way; times are seconds since 1970 (UTC)."""

    code_id: UUID
    expires_at: int
    resend_at: int


@dataclass(frozen=True)
class Proof:
    """What a device keeps for having shown the right code."""

    token: str = field(repr=False)
    expires_at: datetime


def typed_code(text: str) -> str:
    """The code as people type it: spaces, hyphens and full-width digits are fine. Raises `CodeMalformedError`."""
    code = _BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", text[:50]))
    if _CODE.fullmatch(code) is None:
        raise CodeMalformedError
    return code
