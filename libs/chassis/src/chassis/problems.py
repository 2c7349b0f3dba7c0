"""Problem documents (RFC 9457): how every refusal leaves a service, in Korean and in English.

A service maps its domain's errors once, `{InsufficientFunds: ProblemType("insufficient_funds", 402, ko=…, en=…)}`;
texts are templates over the error's attributes. What the plumbing itself refuses is mapped here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 5
"""What a caller is told to wait when the service cannot know better."""


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One kind of refusal. `ko` and `en` are `str.format` templates over the error's attributes.

    `members` names attributes of the error that the body carries besides. An error with an attribute
    `retry_after_seconds` is answered with the header `Retry-After`.
    """

    code: str
    status: int
    ko: str
    en: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field of a request; `field` is its path, such as `recipients.3.phone`."""

    field: str
    ko: str
    en: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal on its way out: status, headers, and the members of the document."""

    status: int
    members: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


class Refusal(Exception):
    """What the plumbing refuses; each class below has its `ProblemType`."""


class InvalidRequest(Refusal):
    """Fields that break their rules; services raise it for what a schema cannot say. Empty is allowed."""

    def __init__(self, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(", ".join(error.field for error in errors))
        self.errors = tuple(errors)


class MalformedJson(Refusal):
    """The body is not JSON in UTF-8."""


class BadRequest(Refusal):
    """The request breaks HTTP's own rules: an odd header, a broken multipart body."""


class BodyTooLarge(Refusal):
    """The body, or a file in it, is larger than allowed."""

    def __init__(self, bytes_max: int) -> None:
        super().__init__(f"at most {bytes_max} bytes")
        self.bytes_max = bytes_max


class UnsupportedMediaType(Refusal):
    """The body's Content-Type is not the one that the route reads."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


class NotFound(Refusal):
    """No such resource, for this caller."""


class Unauthenticated(Refusal):
    """No caller, or none that is believed; `reason` is for the log, the answer does not tell it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Forbidden(Refusal):
    """The caller is known, and may not."""


class Unavailable(Refusal):
    """Something that the answer needs is away for now."""

    def __init__(self, reason: str, *, retry_after_seconds: int = RETRY_AFTER_SECONDS) -> None:
        super().__init__(reason)
        self.retry_after_seconds = retry_after_seconds


INVALID_REQUEST = ProblemType(
    "invalid_request", 422, "요청 내용이 올바르지 않습니다.", "The request's content is not valid."
)
NOT_FOUND = ProblemType("not_found", 404, "요청하신 것을 찾을 수 없습니다.", "There is nothing here by that address.")
METHOD_NOT_ALLOWED = ProblemType(
    "method_not_allowed", 405, "이 주소에서 쓸 수 없는 메서드입니다.", "This address does not take that method."
)
BAD_REQUEST = ProblemType("bad_request", 400, "잘못된 요청입니다.", "The request cannot be understood.")
BODY_TOO_LARGE = ProblemType(
    "body_too_large", 413, "보내신 내용이 허용된 크기를 넘습니다.", "The body is larger than allowed."
)
UNSUPPORTED_MEDIA_TYPE = ProblemType(
    "unsupported_media_type",
    415,
    "지원하지 않는 Content-Type입니다.",
    "The Content-Type is not supported.",
)
UNAVAILABLE = ProblemType(
    "unavailable", 503, "잠시 후 다시 시도해 주세요.", "Not available for the moment. Try again shortly."
)
INTERNAL = ProblemType("internal", 500, "처리 중 오류가 발생했습니다.", "Something went wrong on our side.")

BUILT_IN: dict[type[Exception], ProblemType] = {
    InvalidRequest: INVALID_REQUEST,
    MalformedJson: ProblemType(
        "malformed_json", 400, "본문이 올바른 JSON이 아닙니다.", "The body is not valid JSON in UTF-8."
    ),
    BadRequest: BAD_REQUEST,
    BodyTooLarge: ProblemType(
        "body_too_large",
        413,
        "보내신 내용이 허용된 크기({bytes_max:,}바이트)를 넘습니다.",
        "The body is larger than the {bytes_max:,} bytes allowed.",
    ),
    UnsupportedMediaType: ProblemType(
        "unsupported_media_type",
        415,
        "Content-Type은 {expected}이어야 합니다.",
        "The Content-Type has to be {expected}.",
    ),
    NotFound: NOT_FOUND,
    Unauthenticated: ProblemType(
        "unauthenticated", 401, "로그인이 필요하거나 만료되었습니다.", "A valid access token is needed."
    ),
    Forbidden: ProblemType("forbidden", 403, "권한이 없습니다.", "You may not do this."),
    Unavailable: UNAVAILABLE,
}

BY_STATUS: dict[int, ProblemType] = {
    400: BAD_REQUEST,
    404: NOT_FOUND,
    405: METHOD_NOT_ALLOWED,
    413: BODY_TOO_LARGE,
    415: UNSUPPORTED_MEDIA_TYPE,
    422: INVALID_REQUEST,
    503: UNAVAILABLE,
}
"""The problem of an HTTP error that the framework raises by itself."""


def problem_type_of(error: Exception, problems: Mapping[type[Exception], ProblemType] = BUILT_IN) -> ProblemType | None:
    """The most specific mapping of an error's class, or None: then it is a fault of ours."""
    for ancestor in type(error).__mro__:
        if ancestor in problems:
            return problems[ancestor]
    return None


def describe(problem_type: ProblemType, error: Exception | None, *, correlation_id: object) -> Problem:
    """The document of an error. Raises AttributeError when a template asks for what the error has not."""
    ko = problem_type.ko.format_map(_Attributes(error))
    en = problem_type.en.format_map(_Attributes(error))
    members: dict[str, Any] = {
        "type": f"urn:problem:{problem_type.code}",
        "title": HTTPStatus(problem_type.status).phrase,
        "status": problem_type.status,
        "detail": en,
        "code": problem_type.code,
        "message": {"ko": ko, "en": en},
        "correlation_id": str(correlation_id),
    }
    if isinstance(error, InvalidRequest) and error.errors:
        members["errors"] = [{"field": e.field, "ko": e.ko, "en": e.en} for e in error.errors]
    for name in problem_type.members:
        members[name] = getattr(error, name)
    headers = {}
    retry_after_seconds = getattr(error, "retry_after_seconds", None)
    if retry_after_seconds is None and problem_type.status == HTTPStatus.SERVICE_UNAVAILABLE:
        retry_after_seconds = RETRY_AFTER_SECONDS
    if retry_after_seconds is not None:
        headers["Retry-After"] = str(int(retry_after_seconds))
    if problem_type.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return Problem(problem_type.status, members, headers)


class _Attributes:
    """An error's attributes, as `str.format_map` reads them."""

    def __init__(self, error: Exception | None) -> None:
        self._error = error

    def __getitem__(self, name: str) -> Any:
        return getattr(self._error, name)
