"""What never reaches a log line: personal values and secrets, known by the name they stand under or by their form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

DROPPED = "[dropped]"

_NAME_FRAGMENTS = (
    "phone",
    "mail",
    "passw",
    "secret",
    "token",
    "authorization",
    "cookie",
    "credential",
    "api_key",
    "private_key",
    "account_number",
    "card_number",
    "serial_number",
    "birth",
    "barcode",
)
_NAMES = frozenset(
    {
        "name",
        "code",
        "otp",
        "pin",
        "body",
        "data",
        "payload",
        "values",
        "params",
        "parameters",
        "headers",
        "form",
        "json",
    }
)
_HARMLESS_NAMES = frozenset(
    {"logger_name", "thread_name", "process_name", "queue_name", "loop_name", "service_name", "event_name"}
)

_FORMS = (
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),  # a mail address
    re.compile(r"(?<!\d)(?:\+?82[- ]?|0)1[016789][- ]?\d{3,4}[- ]?\d{4}(?!\d)"),  # a Korean mobile number
    re.compile(r"eyJ[\w-]{8,}\.[\w-]+\.[\w-]*"),  # a signed token
    re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"),  # user and password in an address
)


def is_personal(name: str) -> bool:
    """Whether what stands under the name is kept out of logs."""
    lowered = name.lower().replace("-", "_")
    if lowered in _HARMLESS_NAMES:
        return False
    return (
        lowered in _NAMES
        or lowered.endswith(("_name", "_code"))
        or any(fragment in lowered for fragment in _NAME_FRAGMENTS)
    )


def without_personal(value: Any) -> Any:
    """The value with what is personal replaced, however deep it stands."""
    if isinstance(value, str):
        return scrubbed(value)
    if isinstance(value, Mapping):
        return {name: DROPPED if is_personal(str(name)) else without_personal(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [without_personal(inner) for inner in value]
    return value


def scrubbed(text: str) -> str:
    """The text without what looks like a personal value or a secret."""
    for form in _FORMS:
        text = form.sub(DROPPED, text)
    return text
