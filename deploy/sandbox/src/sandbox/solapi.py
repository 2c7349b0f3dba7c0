"""The second message provider: HMAC on each call, many messages a call, lists to ask, reports by webhook."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from typing import Any

import orjson

from sandbox.clock import Clock, parse_time, utc_text
from sandbox.message_desk import MessageDesk
from sandbox.message_fate import Outcome
from sandbox.message_rules import BizppurioError, check_message
from sandbox.messages import Message, Spoken
from sandbox.phones import digits
from sandbox.records import Json
from sandbox.settings import Settings
from sandbox.wire import Answer, Call, Vendor, Wire, Work

NAME = "solapi"
SKEW_SECONDS_MAX = 15 * 60
MESSAGES_MAX = 10_000
LIST_ROWS_MAX = 500
PICTURE_BYTES_MAX = 200 * 1024
JPEG_START = b"\xff\xd8\xff"
SIGNED = re.compile(r"^HMAC-SHA256 ApiKey=([^,]+), Date=([^,]+), salt=([^,]{12,64}), signature=([0-9a-f]{64})$")
KINDS = {"ATA": "at", "SMS": "sms", "LMS": "lms", "MMS": "mms"}
ACCEPTED, DONE = "2000", "4000"
STATUS_OF = {"7000": DONE, "6600": DONE, "4100": DONE, "7305": "3000", "7318": "3104", "7204": "3103", "7327": "3103"}
"""Results of the desk as this provider's status; every other is 3058, which is our own choice."""
NOT_REACHED = "3058"

SOLAPI = Vendor(
    name=NAME,
    failure=lambda _status: {"errorCode": "InternalServerError", "errorMessage": "internal server error"},
    busy=Answer(429, {"errorCode": "TooManyRequests", "errorMessage": "too many requests"}),
    bad_body=Answer(400, {"errorCode": "ValidationError", "errorMessage": "invalid body"}),
)


class SolapiError(Exception):
    """The provider refuses the whole call."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}")
        self.answer = Answer(status, {"errorCode": code, "errorMessage": message})


class Solapi:
    """The provider's calls under /solapi, over the same desk of messages."""

    def __init__(self, settings: Settings, clock: Clock, desk: MessageDesk) -> None:
        self._settings = settings
        self._clock = clock
        self._desk = desk
        self._signatures: set[str] = set()
        desk.speak(NAME, self._spoken)

    def serve_on(self, wire: Wire) -> None:
        """Lay the vendor's routes."""
        for name, call, handler in (
            ("message", ("POST", "/messages/v4/send-many/detail"), self._send),
            ("list", ("GET", "/messages/v4/list"), self._list),
            ("file", ("POST", "/storage/v1/files"), self._file),
        ):
            wire.route(SOLAPI, name, call, handler, self._around)

    async def _around(self, call: Call, work: Work) -> Answer:
        try:
            self._check_signature(call.headers.get("Authorization", ""))
            return await work()
        except SolapiError as error:
            return error.answer

    def _check_signature(self, header: str) -> None:
        found = SIGNED.match(header)
        credentials = self._settings.credentials
        if found is None or found[1] != credentials.message_account:
            raise SolapiError(403, "InvalidAPIKey", "the API key is not known")
        _, date, salt, signature = found.groups()
        try:
            skew = abs(parse_time(date) - self._clock.now())
        except ValueError as error:
            raise SolapiError(403, "RequestTimeTooSkewed", "no date") from error
        if skew > SKEW_SECONDS_MAX:
            raise SolapiError(403, "RequestTimeTooSkewed", "the date is too far from now")
        key = credentials.message_password.encode()
        wanted = hmac.new(key, f"{date}{salt}".encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(signature, wanted):
            raise SolapiError(403, "SignatureDoesNotMatch", "the signature is not of this key")
        if signature in self._signatures:
            raise SolapiError(403, "DuplicatedSignature", "the signature was used before")
        self._signatures.add(signature)

    def _send(self, call: Call) -> Answer:
        rows = call.json.get("messages")
        if not isinstance(rows, list) or not 0 < len(rows) <= MESSAGES_MAX:
            raise SolapiError(400, "ValidationError", "messages: 1 to 10,000")
        may_repeat = call.json.get("allowDuplicates") is True
        patterns = {self._desk.pattern(_phone(row), _key(row)) for row in rows}
        if "9007" in patterns:
            return Answer(500, SOLAPI.failure(500))
        if "9009" in patterns and (struck := self._struck(rows)) is not None:
            return struck
        listed, failed, seen = [], [], set[str]()
        for number, row in enumerate(rows):
            phone = _phone(row)
            refusal = "1026" if phone in seen and not may_repeat else self._refusal(row)
            seen.add(phone)
            message = None if refusal else self._desk.take(_as_body(row, self._desk), NAME)
            message_id = message.messagekey if message else f"M4Vrefused{number}{_key(row)[:8]}"
            entry = {"messageId": message_id, "statusCode": refusal or ACCEPTED, "statusMessage": ""}
            listed.append({**entry, "customFields": row.get("customFields", {})})
            if refusal:
                failed.append({**entry, "to": phone, "from": row.get("from"), "type": row.get("type")})
        counted = {"total": len(rows), "registeredSuccess": len(rows) - len(failed), "registeredFailed": len(failed)}
        answer: Json = {
            "groupInfo": {"groupId": f"G4V{call.json.get('_', '')}{int(self._clock.now())}", "count": counted},
            "failedMessageList": failed,
        }
        if call.json.get("showMessageList") is True:
            answer["messageList"] = listed
        told = Answer(200, answer)
        return told.then("hung") if "9008" in patterns else told

    def _struck(self, rows: list[Json]) -> Answer | None:
        """The first call of a number that fails once: too many, or broken, by its last digit."""
        fresh = [row for row in rows if self._desk.strikes(_key(row))]
        if not fresh:
            return None
        return SOLAPI.busy if int(_phone(fresh[0])[-1]) % 2 == 0 else Answer(500, SOLAPI.failure(500))

    def _refusal(self, row: Json) -> str | None:
        """The status by which a message is refused alone."""
        if self._desk.pattern(_phone(row), _key(row)) == "9003":
            return "1062"
        if row.get("type") not in KINDS:
            return "1010"
        try:
            check_message(_as_body(row, self._desk), self._desk.has_file)
        except BizppurioError:
            return "1010"
        return None

    def _list(self, call: Call) -> Answer:
        limit = min(int(call.query.get("limit") or 20), LIST_ROWS_MAX)
        since = parse_time(call.query["startDate"]) if "startDate" in call.query else 0.0
        rows = sorted(
            (self._shown(message) for message in self._desk.accepted() if message.provider == NAME),
            key=lambda row: (row["dateUpdated"], row["messageId"]),
        )
        found = [row for row in rows if parse_time(row["dateUpdated"]) >= since]
        if start := call.query.get("startKey"):
            place = next((number for number, row in enumerate(found) if row["messageId"] == start), 0)
            found = found[place:]
        page, rest = found[:limit], found[limit:]
        body: Json = {"limit": limit, "messageList": {row["messageId"]: row for row in page}}
        if rest:
            body["nextKey"] = rest[0]["messageId"]
        return Answer(200, body)

    def _shown(self, message: Message) -> Json:
        due = [row for row in message.results if row["due_at"] <= self._clock.now()]
        at = max((row["due_at"] for row in due), default=message.accepted_at)
        status = _status(due[-1]["result"]) if due else ACCEPTED
        return _row(message, due[-1]["media"] if due else "KAT", status, at)

    def _file(self, call: Call) -> Answer:
        try:
            picture = base64.b64decode(str(call.json.get("file", "")), validate=True)
        except binascii.Error as error:
            raise SolapiError(400, "ValidationError", "file is no base64") from error
        if not picture.startswith(JPEG_START) or len(picture) > PICTURE_BYTES_MAX:
            raise SolapiError(400, "ValidationError", "a JPEG of at most 200 KB")
        return Answer(200, {"fileId": self._desk.keep_file(picture), "type": call.json.get("type")})

    def _spoken(self, message: Message, outcome: Outcome, at: float) -> Spoken:
        """A report as this provider pushes it: an array of one."""
        row = _row(message, outcome.media, _status(outcome.result), at)
        number = hashlib.sha256(f"{message.messagekey}{outcome.result}{at}".encode()).hexdigest()[:20]
        body = orjson.dumps([{"eventDataId": number, "retryCount": 0, "data": row}]).decode()
        secret = hashlib.sha1(self._settings.solapi_webhook_secret.encode()).hexdigest()  # noqa: S324 - the wire's own
        headers = {
            "Content-Type": "application/json",
            "X-Solapi-Event-Name": "SINGLE-REPORT",
            "X-Solapi-Secret": secret,
        }
        return Spoken(self._settings.bizppurio_report_url, body, headers)


def _phone(row: Any) -> str:
    return digits(str(row.get("to", ""))) if isinstance(row, dict) else ""


def _key(row: Json) -> str:
    return str((row.get("customFields") or {}).get("refkey", ""))


def _status(result: str) -> str:
    return STATUS_OF.get(result, NOT_REACHED)


def _row(message: Message, media: str, status: str, at: float) -> Json:
    return {
        "messageId": message.messagekey,
        "type": "ATA" if media == "KAT" else media,
        "to": message.phone,
        "from": message.sender,
        "statusCode": status,
        "dateCreated": utc_text(message.accepted_at),
        "dateUpdated": utc_text(at),
        "customFields": {"refkey": message.refkey},
    }


def _as_body(row: Json, desk: MessageDesk) -> Json:
    """The message in the desk's own terms; variables are filled by this provider."""
    kind = KINDS[str(row["type"])]
    body: Json = {"type": kind, "from": row.get("from"), "to": row.get("to"), "refkey": _key(row)}
    text, subject = str(row.get("text", "")), str(row.get("subject", ""))
    files = [{"type": "IMG", "key": row["imageId"]}] if row.get("imageId") else []
    long = {"subject": subject, "message": text, **({"file": files} if files else {})}
    if kind != "at":
        return {**body, "content": {kind: {"message": text} if kind == "sms" else long}}
    options = row.get("kakaoOptions") or {}
    template = desk.templates.get(str(options.get("templateId", "")))
    filled = template.content if template else text
    for name, value in (options.get("variables") or {}).items():
        filled = filled.replace(str(name), str(value))
    buttons = [
        {"name": each.get("buttonName"), "type": each.get("buttonType"), "url_mobile": each.get("linkMo")}
        for each in options.get("buttons", [])
    ]
    alimtalk = {"senderkey": options.get("pfId"), "templatecode": options.get("templateId"), "message": filled}
    body["content"] = {"at": {**alimtalk, **({"button": buttons} if buttons else {})}}
    if options.get("disableSms") is not True:
        body |= {"resend": {"first": "mms"}, "recontent": {"mms": long}}
    return body
