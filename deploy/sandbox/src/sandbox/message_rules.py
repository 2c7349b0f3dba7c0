"""What the message provider refuses at the door: shapes, lengths in EUC-KR bytes, numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.message_fate import MEDIA_BY_TYPE
from sandbox.phones import digits
from sandbox.records import Json

SMS_BYTES_MAX = 90
LONG_BYTES_MAX = 2000
SUBJECT_BYTES_MAX = 64
ALIMTALK_CHARACTERS_MAX = 1000
REFKEY_LENGTH_MAX = 32
FILES_MAX = 3
HasFile = Callable[[str], bool]


class BizppurioError(Exception):
    """The provider refuses with one of its codes."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description


def refuse(description: str) -> BizppurioError:
    """The refusal of a message that is not as documented."""
    return BizppurioError(2000, description)


def euc_kr_bytes(text: str) -> int:
    """Length as the provider counts it; a character outside its set counts as two bytes."""
    try:
        return len(text.encode("cp949"))
    except UnicodeEncodeError:
        foreign = sum(not character.encode("cp949", "ignore") for character in text)
        return len(text.encode("cp949", "ignore")) + 2 * foreign


def check_message(body: Json, has_file: HasFile) -> None:
    """Raises BizppurioError 2000 naming the first field that is not as documented."""
    kind = body.get("type")
    if kind not in MEDIA_BY_TYPE:
        raise refuse("invalid type")
    for name, length_max in (("from", 20), ("to", 20), ("refkey", REFKEY_LENGTH_MAX)):
        value = body.get(name)
        if not isinstance(value, str) or not 0 < len(value) <= length_max:
            raise refuse(f"invalid {name}")
    if not digits(body["to"]).isdigit() or not digits(body["from"]).isdigit():
        raise refuse("invalid number")
    if len(str(body.get("userinfo") or "")) > 50:
        raise refuse("invalid userinfo")
    content = part(body.get("content"), str(kind), "content")
    if kind in {"at", "ai"}:
        _check_alimtalk(content)
        _check_fallback(body, has_file)
    else:
        _check_text(str(kind), content, has_file)


def fallback_of(body: Json) -> str | None:
    """The medium of the fallback that the caller asked for: an MMS without a picture goes out as LMS."""
    first = (body.get("resend") or {}).get("first")
    if first is None:
        return None
    if first == "sms":
        return "SMS"
    return "MMS"


def text_of(body: Json, media: str) -> str:
    """The words that a phone shows when it got the message by this medium."""
    kind = str(body["type"])
    if MEDIA_BY_TYPE[kind] == media:
        return str(body["content"][kind]["message"])
    recontent = body.get("recontent") or {}
    fallback = recontent.get(str((body.get("resend") or {}).get("first"))) or {}
    return str(fallback.get("message", ""))


def part(value: Any, name: str, where: str) -> Json:
    """The object under `name`. Raises BizppurioError 2000."""
    inner = value.get(name) if isinstance(value, dict) else None
    if not isinstance(inner, dict):
        raise refuse(f"invalid {where}.{name}")
    return inner


def _check_alimtalk(content: Json) -> None:
    sender_key, template, message = (content.get(name) for name in ("senderkey", "templatecode", "message"))
    if not isinstance(sender_key, str) or len(sender_key) != 40:
        raise refuse("invalid senderkey")
    if not isinstance(template, str) or not 0 < len(template) <= 32:
        raise refuse("invalid templatecode")
    if not isinstance(message, str) or not 0 < len(message) <= ALIMTALK_CHARACTERS_MAX:
        raise refuse("invalid message length")
    buttons = content.get("button", [])
    if not isinstance(buttons, list):
        raise refuse("invalid button")
    for button in buttons:
        _check_button(button)


def _check_button(button: Any) -> None:
    if not isinstance(button, dict):
        raise refuse("invalid button")
    name = button.get("name")
    if not isinstance(name, str) or not 0 < len(name) <= 28:
        raise refuse("invalid button name")
    if button.get("type") == "WL" and not button.get("url_mobile"):
        raise refuse("invalid button url_mobile")


def _check_fallback(body: Json, has_file: HasFile) -> None:
    resend = body.get("resend")
    if resend is None:
        return
    first = resend.get("first") if isinstance(resend, dict) else None
    if first not in {"sms", "mms"}:
        raise refuse("invalid resend")
    _check_text(str(first), part(body.get("recontent"), str(first), "recontent"), has_file)


def _check_text(kind: str, content: Json, has_file: HasFile) -> None:
    message = content.get("message")
    if not isinstance(message, str) or not message:
        raise refuse("invalid message")
    if euc_kr_bytes(message) > (SMS_BYTES_MAX if kind == "sms" else LONG_BYTES_MAX):
        raise refuse("invalid message length")
    subject = content.get("subject")
    if subject is not None and (not isinstance(subject, str) or euc_kr_bytes(subject) > SUBJECT_BYTES_MAX):
        raise refuse("invalid subject length")
    files = content.get("file", [])
    if not isinstance(files, list) or len(files) > FILES_MAX:
        raise refuse("invalid file")
    for file in files:
        if not isinstance(file, dict) or not has_file(str(file.get("key"))):
            raise refuse("invalid file key")
