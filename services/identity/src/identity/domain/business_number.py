"""사업자등록번호: its form, its check digit, and what the tax office says of it (IDN-02)."""

import re
from dataclasses import dataclass
from enum import StrEnum

from identity.domain.errors import InvalidValueError

_FORM = re.compile(r"[0-9]{3}-[0-9]{2}-[0-9]{5}")
_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
_FIRST_OFFICE = 101
"""The lowest code of a tax office; `000-00-00000` would pass the check digit alone."""


@dataclass(frozen=True)
class BusinessNumber:
    """A number of the form `###-##-#####` with a valid check digit."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> "BusinessNumber":
        """Read the form that the manual names (2-1). Raises `InvalidValueError`."""
        if not _FORM.fullmatch(text):
            raise InvalidValueError(
                "business_number",
                "사업자등록번호는 000-00-00000 형식이어야 합니다.",
                "A business number has the form 000-00-00000.",
            )
        digits = text.replace("-", "")
        if int(digits[:3]) < _FIRST_OFFICE or int(digits[9]) != check_digit(digits[:9]):
            raise InvalidValueError(
                "business_number",
                "유효하지 않은 사업자등록번호입니다.",
                "This business number is not valid: its check digit does not fit.",
            )
        return cls(digits)

    def __str__(self) -> str:
        return f"{self.digits[:3]}-{self.digits[3:5]}-{self.digits[5:]}"


def check_digit(first_nine: str) -> int:
    """The tenth digit that belongs to the first nine."""
    digits = [int(digit) for digit in first_nine]
    weighted = sum(digit * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return -(weighted + digits[8] * _WEIGHTS[8] // 10) % 10


class TaxStanding(StrEnum):
    """What the tax office says of a number."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    UNKNOWN = "unknown"

    @property
    def ko(self) -> str:
        """The word of the tax office."""
        return _STANDING_KO[self]

    @property
    def may_sign_up(self) -> bool:
        """Only an active business may; 휴업, 폐업 and unregistered ones are refused."""
        return self is TaxStanding.ACTIVE


_STANDING_KO = {
    TaxStanding.ACTIVE: "계속사업자",
    TaxStanding.SUSPENDED: "휴업자",
    TaxStanding.CLOSED: "폐업자",
    TaxStanding.UNKNOWN: "국세청에 등록되지 않은 사업자등록번호",
}
