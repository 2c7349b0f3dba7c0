"""The message provider: token, message, file, reports by push and by polling."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, replace
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from sandbox.clock import Clock, kst_digits
from sandbox.message_desk import MessageDesk
from sandbox.message_rules import BizppurioError, check_message
from sandbox.records import Store, Table
from sandbox.settings import Settings
from sandbox.wire import Answer, Call, Vendor, Wire, Work

TOKEN_SECONDS = 24 * 3600
FILE_BYTES_MAX = 300 * 1024
POLL_ROWS_MAX = 1000
JPEG_START = b"\xff\xd8\xff"

BIZPPURIO = Vendor(
    name="bizppurio",
    failure=lambda _status: {"code": 9000, "description": "internal server error"},
    busy=Answer(400, {"code": 3008, "description": "too many connections"}),
    bad_body=Answer(400, {"code": 2000, "description": "invalid message"}),
)


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token and its end, in seconds since the epoch."""

    token: str
    expires_at: float


class Bizppurio:
    """The provider's calls under /bizppurio."""

    def __init__(self, settings: Settings, clock: Clock, store: Store, desk: MessageDesk) -> None:
        self._settings = settings
        self._clock = clock
        self._desk = desk
        self._tokens: Table[Token] = Table(store, "tokens", lambda value: Token(**value))

    def serve_on(self, wire: Wire) -> None:
        """Lay the vendor's routes."""
        for name, path, handler in (
            ("token", "/v1/token", self._token),
            ("message", "/v3/message", self._message),
            ("file", "/v1/file", self._file),
            ("result_request", "/v1/result/request", self._result_request),
            ("result_confirm", "/v1/result/confirm", self._result_confirm),
            ("report", "/v2/report", self._report),
        ):
            wire.route(BIZPPURIO, name, ("POST", path), handler, self._around)

    def expire_tokens(self) -> int:
        """End all tokens now, as the provider may; how many."""
        now = self._clock.now()
        live = [(key, token) for key, token in self._tokens.by_key().items() if token.expires_at > now]
        for key, token in live:
            self._tokens.put(key, replace(token, expires_at=now))
        return len(live)

    async def _around(self, _call: Call, work: Work) -> Answer:
        try:
            return self._coded(await work())
        except BizppurioError as error:
            status = 500 if error.code == 9000 else 400
            return self._coded(Answer(status, {"code": error.code, "description": error.description}))

    def _coded(self, answer: Answer) -> Answer:
        """Codes as numbers or, by setting, as text: the provider does both."""
        if self._settings.numeric_codes or not isinstance(answer.body, dict) or "code" not in answer.body:
            return answer
        body = {**answer.body, "code": str(answer.body["code"])}
        return Answer(answer.status, body, answer.content_type, answer.ending)

    def _token(self, call: Call) -> Answer:
        scheme, _, encoded = call.headers.get("Authorization", "").partition(" ")
        try:
            account, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise BizppurioError(3001, "invalid basic authentication") from error
        if scheme != "Basic" or not colon:
            raise BizppurioError(3001, "invalid basic authentication")
        credentials = self._settings.credentials
        if account != credentials.message_account:
            raise BizppurioError(3006, "account does not exist")
        if not hmac.compare_digest(password.encode(), credentials.message_password.encode()):
            raise BizppurioError(3007, "invalid password")
        now = self._clock.now()
        minted = hashlib.sha256(f"{credentials.message_password}|{now}|{len(self._tokens)}".encode()).hexdigest()
        self._tokens.put(minted, Token(minted, now + TOKEN_SECONDS))
        return Answer(200, {"accesstoken": minted, "type": "Bearer", "expired": kst_digits(now + TOKEN_SECONDS)})

    def _check_bearer(self, call: Call) -> None:
        scheme, _, value = call.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not value:
            raise BizppurioError(3005, "invalid bearer authentication")
        token = self._tokens.get(value)
        if token is None or token.expires_at <= self._clock.now():
            raise BizppurioError(3002, "invalid token")

    def _check_account(self, account: Any) -> None:
        if account != self._settings.credentials.message_account:
            raise BizppurioError(3004, "invalid account")

    def _message(self, call: Call) -> Answer:
        self._check_bearer(call)
        self._check_account(call.json.get("account"))
        check_message(call.json, self._desk.has_file)
        return self._desk.accept(call.json)

    def _file(self, call: Call) -> Answer:
        self._check_bearer(call)
        head = f"Content-Type: {call.headers.get('Content-Type', '')}\r\n\r\n".encode()
        parts = BytesParser(policy=HTTP).parsebytes(head + call.body)
        fields = {
            str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True)
            for part in parts.walk()
            if not part.is_multipart()
        }
        self._check_account(as_bytes(fields.get("account")).decode("utf-8", "replace").strip())
        picture = as_bytes(fields.get("file"))
        if not picture.startswith(JPEG_START) or len(picture) > FILE_BYTES_MAX:
            raise BizppurioError(2000, "invalid file")
        return Answer(200, {"filekey": self._desk.keep_file(picture)})

    def _result_request(self, call: Call) -> Answer:
        self._check_bearer(call)
        self._check_account(call.json.get("account"))
        reports = [{name.lower(): value for name, value in row.items()} for row in self._desk.polled(POLL_ROWS_MAX)]
        return Answer(200, {"code": 1000, "description": "Success", "report": reports})

    def _result_confirm(self, call: Call) -> Answer:
        self._check_bearer(call)
        self._check_account(call.json.get("account"))
        rows = call.json.get("msgid")
        if not isinstance(rows, list):
            raise BizppurioError(2000, "invalid msgid")
        self._desk.confirm([str(row.get("msgid")) for row in rows if isinstance(row, dict)])
        return Answer(200, {"code": 1000, "description": "Success"})

    def _report(self, call: Call) -> Answer:
        self._check_bearer(call)
        self._check_account(call.json.get("account"))
        self._desk.report_again(str(call.json.get("messagekey", "")))
        return Answer(200, {"code": 1000, "description": "Success"})


def as_bytes(value: object) -> bytes:
    """A part's content; a missing one is empty."""
    return value if isinstance(value, bytes) else b""
