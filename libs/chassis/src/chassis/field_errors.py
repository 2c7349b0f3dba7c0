"""What pydantic found wrong, field by field, in Korean and in English; never with the value itself."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from chassis.bodies import FIELD_ERRORS_MAX
from chassis.problems import FieldError

FIELD_LENGTH_MAX = 200

_INTEGER = ("정수여야 합니다.", "An integer is needed.")
_NUMBER = ("숫자여야 합니다.", "A number is needed.")
_BOOLEAN = ("true 또는 false여야 합니다.", "true or false is needed.")
_STRING = ("문자열이어야 합니다.", "A string is needed.")
_UUID = ("UUID여야 합니다.", "A UUID is needed.")
_LIST = ("배열이어야 합니다.", "A list is needed.")
_OBJECT = ("객체여야 합니다.", "An object is needed.")
_DATE = ("날짜(YYYY-MM-DD)여야 합니다.", "A date (YYYY-MM-DD) is needed.")
_TIME = ("시간대가 있는 ISO 8601 일시여야 합니다.", "An ISO 8601 time with its zone is needed.")
_TOO_FEW = ("{min_length}개 이상이어야 합니다.", "At least {min_length} items are needed.")
_TOO_MANY = ("{max_length}개 이하여야 합니다.", "At most {max_length} items are allowed.")
_CHOICE = ("{expected} 중 하나여야 합니다.", "One of {expected} is needed.")
_INVALID = ("올바르지 않은 값입니다.", "The value is not valid.")

_TEXTS: dict[str, tuple[str, str]] = {
    "missing": ("필수 항목입니다.", "This field is required."),
    "extra_forbidden": ("알 수 없는 항목입니다.", "There is no such field."),
    "none_required": ("비어 있어야 합니다.", "It has to be null."),
    "string_type": _STRING,
    "string_unicode": _STRING,
    "string_too_short": ("{min_length}자 이상이어야 합니다.", "At least {min_length} characters are needed."),
    "string_too_long": ("{max_length}자 이하여야 합니다.", "At most {max_length} characters are allowed."),
    "string_pattern_mismatch": ("형식이 올바르지 않습니다.", "The format is not right."),
    "int_type": _INTEGER,
    "int_parsing": _INTEGER,
    "int_parsing_size": ("너무 큰 수입니다.", "The number is too large."),
    "int_from_float": _INTEGER,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "bool_type": _BOOLEAN,
    "bool_parsing": _BOOLEAN,
    "greater_than": ("{gt}보다 커야 합니다.", "It has to be greater than {gt}."),
    "greater_than_equal": ("{ge} 이상이어야 합니다.", "It has to be at least {ge}."),
    "less_than": ("{lt}보다 작아야 합니다.", "It has to be less than {lt}."),
    "less_than_equal": ("{le} 이하여야 합니다.", "It has to be at most {le}."),
    "multiple_of": ("{multiple_of}의 배수여야 합니다.", "It has to be a multiple of {multiple_of}."),
    "uuid_type": _UUID,
    "uuid_parsing": _UUID,
    "uuid_version": _UUID,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "set_type": _LIST,
    "too_short": _TOO_FEW,
    "too_long": _TOO_MANY,
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dataclass_type": _OBJECT,
    "enum": _CHOICE,
    "literal_error": _CHOICE,
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "datetime_type": _TIME,
    "datetime_parsing": _TIME,
    "datetime_from_date_parsing": _TIME,
    "timezone_aware": _TIME,
}


def field_errors(error: ValidationError) -> tuple[FieldError, ...]:
    """The first errors, at most `FIELD_ERRORS_MAX`: a body of a million bad items is answered with a page."""
    found = error.errors(include_url=False, include_input=False)[:FIELD_ERRORS_MAX]
    return tuple(_field_error(one) for one in found)


def is_malformed_json(error: ValidationError) -> bool:
    """Whether the text itself could not be read, as when it is nested too deeply."""
    return any(one["type"] == "json_invalid" for one in error.errors(include_url=False, include_input=False)[:1])


def _field_error(one: Any) -> FieldError:
    path = ".".join(str(part) for part in one["loc"])[:FIELD_LENGTH_MAX]
    context = one.get("ctx") or {}
    raised = context.get("error")
    if isinstance(raised, Exception):
        # A validator of ours: its error may speak both languages, else what it says is English.
        return FieldError(path, getattr(raised, "ko", _INVALID[0]), getattr(raised, "en", str(raised) or _INVALID[1]))
    texts = _TEXTS.get(one["type"])
    if texts is None:
        return FieldError(path, _INVALID[0], one["msg"])
    return FieldError(path, texts[0].format_map(context), texts[1].format_map(context))
