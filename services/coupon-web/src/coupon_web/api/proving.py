"""What the identity check says: how a code stands, and why one was refused (IDN-05, ORD-26)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from coupon_web.domain.errors import (
    CodeLimitError,
    CodeMalformedError,
    CodeRefusedError,
    CodeTooSoonError,
    CodeTriesOverError,
    CodeWrongError,
)
from coupon_web.domain.link import CODE_DIGITS, SentCode


@dataclass(frozen=True, slots=True)
class CodeStanding:
    """The code that was sent last, as the form shows it. Seconds are left from now, never below 0."""

    expires_in_seconds: int
    resend_in_seconds: int


def standing_of(code: SentCode | None, at: datetime) -> CodeStanding | None:
    """How the code stands; None before any was sent."""
    if code is None:
        return None
    now = int(at.timestamp())
    return CodeStanding(max(0, code.expires_at - now), max(0, code.resend_at - now))


def said_of(refused: CodeRefusedError) -> str:
    """What the recipient reads."""
    match refused:
        case CodeMalformedError():
            said = f"인증번호 {CODE_DIGITS}자리를 숫자로 입력해 주세요."
        case CodeWrongError(tries_left=left):
            said = f"인증번호가 달라요. {left}번 더 입력할 수 있어요."
        case CodeTriesOverError():
            said = "인증번호를 여러 번 잘못 입력했어요. 인증번호를 다시 받아 주세요."
        case CodeTooSoonError(retry_after_seconds=seconds):
            said = f"인증번호를 방금 보냈어요. {_wait(seconds)} 뒤에 다시 받을 수 있어요."
        case CodeLimitError(is_of_address=True, retry_after_seconds=seconds):
            said = f"지금 쓰는 인터넷에서 요청이 많았어요. {_wait(seconds)} 뒤에 다시 받을 수 있어요."
        case CodeLimitError(retry_after_seconds=seconds):
            said = f"하루에 받을 수 있는 인증번호를 모두 받았어요. {_wait(seconds)} 뒤에 다시 받을 수 있어요."
        case _:
            said = "인증번호가 만료됐어요. 인증번호를 다시 받아 주세요."
    return said


def status_of(refused: CodeRefusedError) -> HTTPStatus:
    """The answer's status: too early, or not acceptable."""
    is_early = isinstance(refused, (CodeTooSoonError, CodeLimitError))
    return HTTPStatus.TOO_MANY_REQUESTS if is_early else HTTPStatus.UNPROCESSABLE_ENTITY


def _wait(seconds: int) -> str:
    """A time to wait, rounded up to what people count in."""
    if seconds >= 3600:
        return f"{-(-seconds // 3600)}시간"
    return f"{-(-seconds // 60)}분" if seconds >= 60 else f"{seconds}초"
