"""How a person is reached: the email address that is the login id, and the mobile phone."""

import re

from identity.domain.errors import InvalidValueError

_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")
_EMAIL_LENGTH_MAX = 254
_PHONE = re.compile(r"01[016789][0-9]{7,8}")


def parse_email(text: str) -> str:
    """The address in lower case, as it is compared and kept (IDN-04). Raises `InvalidValueError`."""
    address = text.strip().lower()
    local = address.partition("@")[0]
    dots_misplaced = local.startswith(".") or local.endswith(".") or ".." in address
    if len(address) > _EMAIL_LENGTH_MAX or dots_misplaced or not _EMAIL.fullmatch(address):
        raise InvalidValueError(
            "email", "이메일주소 형식이 올바르지 않습니다.", "This is not the form of an email address."
        )
    return address


def parse_phone(text: str) -> str:
    """The digits of a Korean mobile number; hyphens and spaces are let pass. Raises `InvalidValueError`."""
    digits = re.sub(r"[-\s]", "", text)
    if not _PHONE.fullmatch(digits):
        raise InvalidValueError(
            "phone", "휴대전화번호 형식이 올바르지 않습니다.", "This is not a Korean mobile phone number."
        )
    return digits


def mask_phone(digits: str) -> str:
    """The number as a stranger may see it: `010-****-5678`."""
    return f"{digits[:3]}-****-{digits[-4:]}"


def mask_email(address: str) -> str:
    """The address as an audit log may show it: `ho***@example.kr`."""
    local, _, domain = address.partition("@")
    return f"{local[:2]}***@{domain}"
