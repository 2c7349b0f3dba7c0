"""Value types that several messages share. Money is whole KRW; times are aware and UTC."""

from enum import StrEnum
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

Krw = Annotated[int, Field(ge=0, strict=True, description="whole Korean won")]
Count = Annotated[int, Field(ge=0, strict=True)]
Version = Annotated[int, Field(ge=1, strict=True, description="grows by one with every change of the subject")]
UtcTime = Annotated[AwareDatetime, Field(description="aware, UTC")]
SeoulMonth = Annotated[
    str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$"), Field(description="a month in Asia/Seoul, YYYY-MM")
]
PhoneNumber = Annotated[str, StringConstraints(pattern=r"^01[016789]\d{7,8}$"), Field(description="digits only")]
OrderNumber = Annotated[str, StringConstraints(pattern=r"^CB\d{8}C\d{4,}$")]

CompanyId = UUID
MemberId = UUID
OfferId = UUID
ProductId = UUID
OrderId = UUID
LineId = UUID

PlaintextT = TypeVar("PlaintextT")


class Sealed(BaseModel, Generic[PlaintextT]):
    """A value that only consumers with the sealing key can read; the parameter names the plaintext's type."""

    model_config = ConfigDict(frozen=True)

    key_id: str
    ciphertext: Annotated[str, Field(repr=False, description="base64 of nonce and AES-256-GCM ciphertext")]


class PaymentMethod(StrEnum):
    """How a company pays (선불 / 후불)."""

    PREPAID = "prepaid"
    POSTPAID = "postpaid"


class MemberRole(StrEnum):
    """마스터 / 서브회원."""

    MASTER = "master"
    SUB = "sub"


class OrderType(StrEnum):
    """일반형 / 선택형."""

    FIXED = "fixed"
    CHOICE = "choice"
