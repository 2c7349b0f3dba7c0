"""Bizppurio v3: alimtalk, with the provider's own fallback to MMS or without, MMS, SMS, and reports by push and asking.

One recipient a call. The provider neither refuses a repeated key nor can be asked by it: whatever is not clearly taken
or refused is lost, and only a report with our key settles it.
"""

import base64
import json
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from chassis.answers import Answer, NotSent, Response, UnreadableAnswerError
from chassis.chunks import Call, ChunkCaller
from chassis.http import RETRY, HttpClient
from messaging.adapters import bizppurio_wire as wire
from messaging.adapters.bizppurio_codes import ACCEPTED, LATER, MERIT_MMS, REFUSED, TOKEN_REFUSED
from messaging.adapters.rates import Rate, Rates
from messaging.application.ports import Accepted, HandOver, Later, Lost, Outgoing, Refused, Report, Sms
from messaging.domain.delivery import Channel
from messaging.domain.notice import Notice

logger = logging.getLogger(__name__)

TOO_MANY_REQUESTS = 429


@dataclass(frozen=True)
class BizppurioAccount:
    """Who we are at the provider, and how fast it takes messages."""

    base_url: str
    account: str
    password: str = field(repr=False)
    sender_key: str = field(repr=False)
    fallback_number: str
    falls_back: bool
    """Whether the provider is told to send an MMS in the place of an alimtalk that it cannot deliver."""
    in_flight_max: int
    rates: Rates
    timeout_seconds: float


class Bizppurio:
    """`MessageProvider` over Bizppurio's wire protocol."""

    name = "bizppurio"

    def __init__(self, account: BizppurioAccount, caller: ChunkCaller) -> None:
        self.falls_back = account.falls_back
        self._account = account
        self._caller = caller
        self._client = HttpClient(account.base_url, name="bizppurio", read_timeout_seconds=account.timeout_seconds)
        self._token = ""
        self._lock = threading.Lock()

    def send(self, messages: Sequence[Outgoing]) -> list[HandOver]:
        """Hand messages of one channel over, each once; the outcomes in the same order."""
        account = self._account
        if all(outgoing.delivery.sent_as is Channel.MMS for outgoing in messages):
            bodies = [
                wire.mms(outgoing, account=account.account, fallback_number=account.fallback_number)
                for outgoing in messages
            ]
            return self._send(bodies, account.rates.mms)
        bodies = [
            wire.alimtalk(
                outgoing,
                account=account.account,
                sender_key=account.sender_key,
                fallback_number=account.fallback_number,
                falls_back=account.falls_back,
            )
            for outgoing in messages
        ]
        return self._send(bodies, account.rates.alimtalk)

    def merits_mms(self, code: str) -> bool:
        """Whether an alimtalk that ended with this code surely never arrived, and an MMS may."""
        return code in MERIT_MMS

    def upload(self, picture: bytes) -> str | None:
        """The provider's key of a picture; None when it does not take one now."""
        token = self._token_now()
        if not token:
            return None
        answer = self._client.request(
            "POST",
            "/v1/file",
            form={"account": self._account.account},
            files={"file": ("card.jpg", picture, "image/jpeg")},
            headers={"Authorization": f"Bearer {token}"},
        )
        read = self._read(answer)
        if wire.code_of(read) in TOKEN_REFUSED:
            self._token_now(instead_of=token)
        key = read.get("filekey")
        return key if isinstance(key, str) and key else None

    def send_sms(self, messages: Sequence[Sms]) -> list[HandOver]:
        """Hand SMSs over side by side, each once; the outcomes in the same order."""
        account = self._account
        bodies = [wire.sms(sms, account=account.account, sender_number=account.fallback_number) for sms in messages]
        return self._send(bodies, account.rates.sms)

    def send_notice(self, notice: Notice) -> HandOver:
        """Hand a member's alimtalk over, by the service's own profile."""
        body = wire.notice(
            notice,
            account=self._account.account,
            sender_key=self._account.sender_key,
            fallback_number=self._account.fallback_number,
            falls_back=self._account.falls_back,
        )
        return self._send([body], self._account.rates.alimtalk)[0]

    def _send(self, bodies: Sequence[dict[str, Any]], rate: Rate) -> list[HandOver]:
        token = self._token_now()
        if not token:
            return [Later("no_token")] * len(bodies)
        outcomes = self._call(bodies, token, rate)
        worn_out = [position for position, outcome in enumerate(outcomes) if outcome == Later("token")]
        if worn_out and (fresh := self._token_now(instead_of=token)):
            again = self._call([bodies[position] for position in worn_out], fresh, rate)
            for position, outcome in zip(worn_out, again, strict=True):
                outcomes[position] = outcome
        return outcomes

    def _call(self, bodies: Sequence[dict[str, Any]], token: str, rate: Rate) -> list[HandOver]:
        headers = {"Authorization": f"Bearer {token}"}
        calls = [
            Call(
                "POST",
                f"{self._account.base_url}/v3/message",
                headers=headers,
                json=body,
                timeout_seconds=self._account.timeout_seconds,
            )
            for body in bodies
        ]
        answers = self._caller.call_all(
            calls, in_flight_max=self._account.in_flight_max, per_second_max=rate.per_second_max, lane=rate.lane
        )
        return [_hand_over(answer) for answer in answers]

    def pushed(self, body: str, header: Callable[[str], str | None]) -> Sequence[str]:  # noqa: ARG002 - nothing is signed
        """The one report of a push; the provider signs nothing, and the address is its secret."""
        return [body]

    def read_report(self, body: str) -> Report | None:
        """What a raw report says; None when it is about nothing of ours."""
        return wire.read_report(body)

    def report_key(self, body: str) -> str | None:
        """What makes a report the same as another; None for what is no report."""
        return wire.report_key(body)

    def fetch_reports(self) -> Sequence[tuple[str, str]]:
        """Reports that can be fetched: key and raw body; an empty list when the provider does not answer."""
        listed = self._ask("/v1/result/request", {"account": self._account.account}).get("report")
        bodies = [json.dumps(report, ensure_ascii=False) for report in listed] if isinstance(listed, list) else []
        return [(key, body) for body in bodies if (key := wire.report_key(body)) is not None]

    def confirm_reports(self, bodies: Sequence[str]) -> None:
        """Tell the provider that these were stored; unconfirmed ones come again."""
        ids = [fields["MSGID"] for fields in map(wire.report_fields, bodies) if fields.get("MSGID")]
        if ids:
            body = {"account": self._account.account, "msgid": [{"msgid": each} for each in ids]}
            self._ask("/v1/result/confirm", body)

    def _ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        token = self._token_now()
        if not token:
            return {}
        read = self._read(self._client.request("POST", path, json=body, headers={"Authorization": f"Bearer {token}"}))
        if wire.code_of(read) in TOKEN_REFUSED:
            self._token_now(instead_of=token)
        return read

    def _token_now(self, *, instead_of: str = "") -> str:
        """The access token, fetched when there is none or another is asked for; empty when there is none to be had."""
        with self._lock:
            if self._token and self._token != instead_of:
                return self._token
            basic = f"{self._account.account}:{self._account.password}".encode()
            answer = self._client.request(
                "POST", "/v1/token", headers={"Authorization": f"Basic {_base64(basic)}"}, retry=RETRY, idempotent=True
            )
            token = self._read(answer).get("accesstoken")
            self._token = token if isinstance(token, str) else ""
            if not self._token:
                logger.warning("the message provider gives no token")
            return self._token

    @staticmethod
    def _read(answer: Answer) -> dict[str, Any]:
        if not isinstance(answer, Response):
            return {}
        try:
            body = answer.json()
        except UnreadableAnswerError:
            return {}
        return body if isinstance(body, dict) else {}


def _hand_over(answer: Answer) -> HandOver:
    if isinstance(answer, NotSent):
        return Later(answer.reason)
    if not isinstance(answer, Response):
        return Lost(answer.reason)
    if answer.status == TOO_MANY_REQUESTS:
        return Later(str(TOO_MANY_REQUESTS))
    return _judged(answer, _code(answer))


def _judged(answer: Response, code: str) -> HandOver:
    if code == ACCEPTED and answer.ok:
        return Accepted(wire.message_key(answer.json()))
    if code in TOKEN_REFUSED:
        return Later("token")
    if code in LATER:
        return Later(code)
    if code in REFUSED:
        return Refused(code)
    return Lost(code or str(answer.status))


def _code(answer: Response) -> str:
    try:
        return wire.code_of(answer.json())
    except UnreadableAnswerError:
        return ""


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()
