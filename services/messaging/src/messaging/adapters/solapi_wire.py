"""The bodies that SOLAPI's v4 API takes and gives, and what its status codes mean for us.

1xxx: refused at the door; 2xxx and 3000: on its way; 3xxx: did not get through; 4000: the recipient has it.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from messaging.adapters.bizppurio_wire import MMS_SUBJECT_BYTES_MAX, MMS_TEXT_BYTES_MAX, mms_text, within_bytes
from messaging.application.ports import Outgoing, Report, Sms
from messaging.domain.delivery import Channel
from messaging.domain.notice import Notice
from messaging.domain.template import VARIABLE

ACCEPTED = "2000"
DONE = "4000"
UNDER_WAY = frozenset({"2000", "2001", "2002", "3000"})
UNCERTAIN = frozenset({"3040"})
"""A time-out at the carrier: it may still have arrived, and a later report says so."""
LATER = frozenset({"1030", "2230"})
"""The account has no money left: somebody mends it."""
MERIT_MMS = frozenset({"3103", "3104", "3105", "3107"})
"""Kakao did not deliver: another text than the template's, no user of it, a channel that is blocked or inactive. The
alimtalk surely never arrived, and an MMS may. All others that failed end there, codes that nobody knows among them."""
COUNTRY = "82"
KEY = "refkey"


def alimtalk(outgoing: Outgoing, *, channel_id: str, sender_number: str, falls_back: bool) -> dict[str, Any]:
    """An alimtalk; when it `falls_back`, the provider itself sends a long message where it cannot be delivered."""
    delivery, template = outgoing.delivery, outgoing.template
    button = {
        "buttonType": "WL",
        "buttonName": template.button_name,
        "linkMo": delivery.link,
        "linkPc": delivery.link,
    }
    kakao = {
        "pfId": outgoing.sender_key or channel_id,
        "templateId": template.provider_code,
        "variables": variables(template.body, delivery.text),
        "disableSms": not falls_back,
        "buttons": [button],
    }
    return {
        **_message(delivery.id, delivery.phone, sender_number, "ATA"),
        **_long_text(outgoing),
        "kakaoOptions": kakao,
    }


def mms(outgoing: Outgoing, *, sender_number: str) -> dict[str, Any]:
    """The MMS in the place of an alimtalk; without a picture the networks call it LMS."""
    delivery, picture = outgoing.delivery, outgoing.picture
    return {
        **_message(delivery.id, delivery.phone, sender_number, "MMS" if picture else "LMS"),
        **_long_text(outgoing),
        **({"imageId": picture} if picture else {}),
    }


def _long_text(outgoing: Outgoing) -> dict[str, str]:
    delivery = outgoing.delivery
    return {
        "subject": within_bytes(outgoing.send_title, MMS_SUBJECT_BYTES_MAX),
        "text": mms_text(delivery.text, outgoing.template.button_name, delivery.link),
    }


def notice(notice: Notice, *, channel_id: str, sender_number: str, falls_back: bool) -> dict[str, Any]:
    """An alimtalk without a button; when it `falls_back`, the provider itself sends a long message in its place."""
    kakao = {
        "pfId": channel_id,
        "templateId": notice.provider_code,
        "variables": variables(notice.body, notice.text),
        "disableSms": not falls_back,
    }
    return {
        **_message(notice.id, notice.to, sender_number, "ATA"),
        "subject": within_bytes(notice.title, MMS_SUBJECT_BYTES_MAX),
        "text": within_bytes(notice.text, MMS_TEXT_BYTES_MAX),
        "kakaoOptions": kakao,
    }


def sms(sms: Sms, *, sender_number: str) -> dict[str, Any]:
    """A short message."""
    return {**_message(sms.key, sms.to, sender_number, "SMS"), "text": sms.text}


def variables(body: str, text: str) -> dict[str, str]:
    """Values that make this text of this template: the provider fills them in itself.

    Where a text could come of several values, any of them gives the same text. A text that is not of the template
    gets none, and the provider refuses it.
    """
    names = list(dict.fromkeys(VARIABLE.findall(body)))
    pattern, end = "", 0
    met: set[str] = set()
    for found in VARIABLE.finditer(body):
        group = f"v{names.index(found[1])}"
        pattern += re.escape(body[end : found.start()]) + (f"(?P={group})" if group in met else f"(?P<{group}>.+?)")
        met.add(group)
        end = found.end()
    matched = re.fullmatch(pattern + re.escape(body[end:]), text, re.DOTALL)
    if matched is None:
        return {}
    return {f"#{{{name}}}": matched[f"v{number}"] for number, name in enumerate(names)}


def outcomes(answer: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Status and the provider's own key by our key, as the answer to a hand-over lists them."""
    listed = answer.get("messageList")
    found = {}
    for row in listed if isinstance(listed, list) else []:
        key = _key(row)
        if key:
            found[key] = (str(row.get("statusCode", "")), str(row.get("messageId", "")))
    return found


def reports_in(body: str) -> Sequence[str]:
    """The single reports of a push, which is an array of events."""
    try:
        events = json.loads(body)
    except ValueError:
        return []
    if not isinstance(events, list):
        return []
    return [
        json.dumps(event["data"], ensure_ascii=False)
        for event in events
        if isinstance(event, dict) and isinstance(event.get("data"), dict)
    ]


def report_key(body: str) -> str | None:
    """What makes a report the same as another: message, medium and status."""
    row = _row(body)
    if not _key(row) or not row.get("messageId") or not row.get("statusCode"):
        return None
    return f"{row['messageId']}|{row.get('type', '')}|{row['statusCode']}"


def read_report(body: str) -> Report | None:
    """What a report says about one of our deliveries; None when its key is none of ours."""
    row = _row(body)
    try:
        delivery_id = UUID(hex=_key(row))
    except ValueError:
        return None
    status = str(row.get("statusCode", ""))
    provider_key = str(row.get("messageId", ""))
    if status == DONE:
        channel = Channel.ALIMTALK if row.get("type") == "ATA" else Channel.MMS
        return Report(delivery_id, reached=True, channel=channel, code=status, provider_key=provider_key)
    reached = None if status in UNDER_WAY | UNCERTAIN else False
    return Report(delivery_id, reached=reached, channel=None, code=status, provider_key=provider_key)


def is_under_way(row: Mapping[str, Any]) -> bool:
    """Whether a listed message has no result yet."""
    return str(row.get("statusCode", "")) in UNDER_WAY


def _message(key: UUID, to: str, sender_number: str, kind: str) -> dict[str, Any]:
    return {"to": to, "from": sender_number, "type": kind, "country": COUNTRY, "customFields": {KEY: key.hex}}


def _row(body: str) -> dict[str, Any]:
    try:
        row = json.loads(body)
    except ValueError:
        return {}
    return row if isinstance(row, dict) else {}


def _key(row: Any) -> str:
    fields = row.get("customFields") if isinstance(row, dict) else None
    return str(fields.get(KEY, "")) if isinstance(fields, dict) else ""
