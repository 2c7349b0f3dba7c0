"""The bodies that Bizppurio's v3 API takes and gives."""

import json
from typing import Any
from uuid import UUID

from messaging.adapters.bizppurio_codes import DELIVERED, MEDIA_CHANNEL, UNCERTAIN
from messaging.application.ports import Outgoing, Report, Sms
from messaging.domain.notice import Notice

MMS_SUBJECT_BYTES_MAX = 64
MMS_TEXT_BYTES_MAX = 2_000
WIRE_CHARACTERS = "cp949"
"""The provider counts in EUC-KR; CP949 is what phones and networks really use of it."""


def alimtalk(
    outgoing: Outgoing, *, account: str, sender_key: str, fallback_number: str, falls_back: bool
) -> dict[str, Any]:
    """An alimtalk; when it `falls_back`, the provider itself sends an MMS where it cannot be delivered."""
    delivery, template = outgoing.delivery, outgoing.template
    button = {"name": template.button_name, "type": "WL", "url_mobile": delivery.link, "url_pc": delivery.link}
    return {
        "account": account,
        "type": "at",
        "from": fallback_number,
        "to": delivery.phone,
        "refkey": refkey(delivery.id),
        "content": {
            "at": {
                "senderkey": outgoing.sender_key or sender_key,
                "templatecode": template.provider_code,
                "message": delivery.text,
                "button": [button],
            }
        },
        **({"resend": {"first": "mms"}, "recontent": {"mms": _mms_content(outgoing)}} if falls_back else {}),
    }


def mms(outgoing: Outgoing, *, account: str, fallback_number: str) -> dict[str, Any]:
    """The MMS in the place of an alimtalk; without a picture the networks call it LMS."""
    kind = "mms" if outgoing.picture else "lms"
    return {
        "account": account,
        "type": kind,
        "from": fallback_number,
        "to": outgoing.delivery.phone,
        "refkey": refkey(outgoing.delivery.id),
        "content": {kind: _mms_content(outgoing)},
    }


def _mms_content(outgoing: Outgoing) -> dict[str, Any]:
    delivery = outgoing.delivery
    return {
        "subject": within_bytes(outgoing.send_title, MMS_SUBJECT_BYTES_MAX),
        "message": mms_text(delivery.text, outgoing.template.button_name, delivery.link),
        **({"file": [{"type": "IMG", "key": outgoing.picture}]} if outgoing.picture else {}),
    }


def notice(notice: Notice, *, account: str, sender_key: str, fallback_number: str, falls_back: bool) -> dict[str, Any]:
    """An alimtalk without a button; when it `falls_back`, the provider itself sends an MMS in its place."""
    mms = {
        "subject": within_bytes(notice.title, MMS_SUBJECT_BYTES_MAX),
        "message": within_bytes(notice.text, MMS_TEXT_BYTES_MAX),
    }
    return {
        "account": account,
        "type": "at",
        "from": fallback_number,
        "to": notice.to,
        "refkey": refkey(notice.id),
        "content": {
            "at": {"senderkey": sender_key, "templatecode": notice.provider_code, "message": notice.text},
        },
        **({"resend": {"first": "mms"}, "recontent": {"mms": mms}} if falls_back else {}),
    }


def sms(sms: Sms, *, account: str, sender_number: str) -> dict[str, Any]:
    """A short message."""
    return {
        "account": account,
        "type": "sms",
        "from": sender_number,
        "to": sms.to,
        "refkey": refkey(sms.key),
        "content": {"sms": {"message": sms.text}},
    }


def mms_text(text: str, button_name: str, link: str) -> str:
    """The text of the fallback: an MMS has no button, so the link stands below; the text gives way, never the link."""
    ending = f"\n\n{button_name}\n{link}"
    return within_bytes(text, MMS_TEXT_BYTES_MAX - len(ending.encode(WIRE_CHARACTERS, "replace"))) + ending


def within_bytes(text: str, bytes_max: int) -> str:
    """The longest beginning of a text that fits; what the character set lacks counts as it is sent, as one '?'."""
    encoded = text.encode(WIRE_CHARACTERS, "replace")
    return text if len(encoded) <= bytes_max else encoded[:bytes_max].decode(WIRE_CHARACTERS, "ignore")


def refkey(key: UUID) -> str:
    """Our key in the 32 characters that the provider takes."""
    return key.hex


def code_of(body: Any) -> str:
    """The result code of an answer, which comes as a number or as a text; empty when there is none."""
    code = body.get("code") if isinstance(body, dict) else None
    return str(code) if isinstance(code, int | str) and not isinstance(code, bool) else ""


def message_key(body: Any) -> str:
    """The provider's own key of a message that it took."""
    return str(body.get("messagekey") or "") if isinstance(body, dict) else ""


def report_fields(body: str) -> dict[str, str]:
    """The fields of a pushed or fetched report by their upper-case names; none when it is no report."""
    try:
        read = json.loads(body)
    except ValueError:
        return {}
    if not isinstance(read, dict):
        return {}
    return {str(name).upper(): str(value) for name, value in read.items() if value is not None}


def report_key(body: str) -> str | None:
    """What makes a report the same as another: message, medium and results."""
    fields = report_fields(body)
    if not fields.get("REFKEY") or not fields.get("RESULT"):
        return None
    names = ("REFKEY", "CMSGID", "MEDIA", "RESULT", "KAORES", "TELRES")
    return "|".join(fields.get(name, "") for name in names)


def read_report(body: str) -> Report | None:
    """What a report says about one of our deliveries; None when its key is none of ours."""
    fields = report_fields(body)
    try:
        delivery_id = UUID(hex=fields.get("REFKEY", ""))
    except ValueError:
        return None
    result, provider_key = fields.get("RESULT", ""), fields.get("CMSGID", "")
    if result in DELIVERED:
        channel = MEDIA_CHANNEL.get(fields.get("MEDIA", ""), DELIVERED[result])
        return Report(delivery_id, reached=True, channel=channel, code=result, provider_key=provider_key)
    if result in UNCERTAIN:
        return Report(delivery_id, reached=None, channel=None, code=result, provider_key=provider_key)
    return Report(delivery_id, reached=False, channel=None, code=result, provider_key=provider_key)
