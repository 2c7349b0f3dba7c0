"""SOLAPI v4: alimtalk, with the provider's own fallback or without, MMS, SMS, reports by webhook and by asking.

A chunk is one call, signed anew each time. The provider does not refuse a repeated key, but it can be asked: its list
of messages names our keys, so that a hand-over whose answer was lost is settled by the next look at the list.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chassis.answers import Answer, NotSent, Response, UnreadableAnswerError
from chassis.chunks import Call, ChunkCaller
from chassis.http import HttpClient
from messaging.adapters import solapi_wire as wire
from messaging.adapters.rates import Rate, Rates
from messaging.application.ports import Accepted, HandOver, Later, Lost, Outgoing, Refused, Report, Sms
from messaging.domain.delivery import Channel
from messaging.domain.notice import Notice

SEND_PATH = "/messages/v4/send-many/detail"
LIST_PATH = "/messages/v4/list"
FILE_PATH = "/storage/v1/files"
LIST_ROWS = 500
LOOKS_BACK = timedelta(days=3)
"""How far the first look at the list goes back: as long as a report is waited for."""
OVERLAP = timedelta(minutes=1)
STORED_KEPT = 20 * LIST_ROWS
SALT_BYTES = 16
TOO_MANY_REQUESTS, FORBIDDEN, BROKEN = 429, 403, 500


@dataclass(frozen=True)
class SolapiAccount:
    """Who we are at the provider, and how fast it takes messages."""

    base_url: str
    api_key: str
    api_secret: str = field(repr=False)
    channel_id: str = field(repr=False)
    sender_number: str
    webhook_secret: str = field(repr=False)
    falls_back: bool
    """Whether the provider is told to send a long message in the place of an alimtalk that it cannot deliver."""
    in_flight_max: int
    rates: Rates
    timeout_seconds: float


class Solapi:
    """`MessageProvider` over SOLAPI's wire protocol."""

    name = "solapi"

    def __init__(self, account: SolapiAccount, caller: ChunkCaller, now: Callable[[], datetime]) -> None:
        self.falls_back = account.falls_back
        self._account = account
        self._caller = caller
        self._now = now
        self._client = HttpClient(account.base_url, name="solapi", read_timeout_seconds=account.timeout_seconds)
        self._list = _Place()

    def send(self, messages: Sequence[Outgoing]) -> list[HandOver]:
        """Hand messages of one channel over, each once; the outcomes in the same order."""
        account = self._account
        if all(each.delivery.sent_as is Channel.MMS for each in messages):
            return self._send(
                [wire.mms(each, sender_number=account.sender_number) for each in messages], account.rates.mms
            )
        bodies = [
            wire.alimtalk(
                each,
                channel_id=account.channel_id,
                sender_number=account.sender_number,
                falls_back=account.falls_back,
            )
            for each in messages
        ]
        return self._send(bodies, account.rates.alimtalk)

    def merits_mms(self, code: str) -> bool:
        """Whether an alimtalk that ended with this code surely never arrived, and an MMS may."""
        return code in wire.MERIT_MMS

    def upload(self, picture: bytes) -> str | None:
        """The provider's key of a picture; None where it does not take one now.

        What the provider sends by itself in the place of an alimtalk is text alone, and needs none.
        """
        if self.falls_back:
            return None
        body = {"file": base64.b64encode(picture).decode(), "type": "MMS"}
        key = _read(self._client.request("POST", FILE_PATH, json=body, headers={"Authorization": self._signed()})).get(
            "fileId"
        )
        return key if isinstance(key, str) and key else None

    def send_sms(self, messages: Sequence[Sms]) -> list[HandOver]:
        """Hand SMSs over, each once; the outcomes in the same order."""
        bodies = [wire.sms(sms, sender_number=self._account.sender_number) for sms in messages]
        return self._send(bodies, self._account.rates.sms)

    def send_notice(self, notice: Notice) -> HandOver:
        """Hand a member's alimtalk over, by the service's own channel."""
        account = self._account
        body = wire.notice(
            notice,
            channel_id=account.channel_id,
            sender_number=account.sender_number,
            falls_back=account.falls_back,
        )
        return self._send([body], account.rates.alimtalk)[0]

    def _send(self, bodies: Sequence[dict[str, Any]], rate: Rate) -> list[HandOver]:
        (answer,) = self._call([bodies], rate)
        if _is_refused_whole(answer) and len(bodies) > 1:
            # Surely nothing of it was done, and one bad message must not cost the others.
            answers = self._call([[body] for body in bodies], rate)
            return [self._judged(each, [body])[0] for each, body in zip(answers, bodies, strict=True)]
        return self._judged(answer, bodies)

    def _call(self, chunks: Sequence[Sequence[dict[str, Any]]], rate: Rate) -> list[Answer]:
        calls = [
            Call(
                "POST",
                f"{self._account.base_url}{SEND_PATH}",
                headers={"Authorization": self._signed()},
                # Repeated phones are the orderer's to allow, and each is a recipient of its own.
                json={"messages": list(chunk), "allowDuplicates": True, "showMessageList": True},
                timeout_seconds=self._account.timeout_seconds,
            )
            for chunk in chunks
        ]
        return self._caller.call_all(
            calls, in_flight_max=self._account.in_flight_max, per_second_max=rate.per_second_max, lane=rate.lane
        )

    def _judged(self, answer: Answer, bodies: Sequence[dict[str, Any]]) -> list[HandOver]:
        if isinstance(answer, NotSent):
            return [Later(answer.reason)] * len(bodies)
        if not isinstance(answer, Response):
            return [Lost(answer.reason)] * len(bodies)
        read = _read(answer)
        if not answer.ok:
            return [_refusal(answer.status, str(read.get("errorCode", "")))] * len(bodies)
        listed = wire.outcomes(read)
        return [_outcome(listed.get(body["customFields"][wire.KEY])) for body in bodies]

    def pushed(self, body: str, header: Callable[[str], str | None]) -> Sequence[str]:
        """The single reports of a push; none when it does not carry our secret."""
        expected = hashlib.sha1(self._account.webhook_secret.encode()).hexdigest()  # noqa: S324 - the wire's own
        given = header("X-Solapi-Secret") or ""
        return wire.reports_in(body) if hmac.compare_digest(given.encode(), expected.encode()) else []

    def read_report(self, body: str) -> Report | None:
        """What a raw report says; None when it is about nothing of ours."""
        return wire.read_report(body)

    def report_key(self, body: str) -> str | None:
        """What makes a report the same as another; None for what is no report."""
        return wire.report_key(body)

    def fetch_reports(self) -> Sequence[tuple[str, str]]:
        """Messages of the list that have a result we did not fetch yet: key and raw body."""
        looked_at = self._now()
        since = self._list.since or looked_at - LOOKS_BACK
        params = {"startDate": since.isoformat(), "dateType": "UPDATED", "limit": str(LIST_ROWS)}
        if self._list.next_key:
            params["startKey"] = self._list.next_key
        read = _read(self._client.request("GET", LIST_PATH, params=params, headers={"Authorization": self._signed()}))
        rows = read.get("messageList")
        if not isinstance(rows, dict):
            return []
        bodies = [json.dumps(row, ensure_ascii=False) for row in rows.values() if not wire.is_under_way(row)]
        keyed = [(key, body) for body in bodies if (key := wire.report_key(body)) is not None]
        self._list.turn(str(read.get("nextKey") or ""), looked_at - OVERLAP)
        return self._list.unstored(keyed)

    def confirm_reports(self, bodies: Sequence[str]) -> None:
        """These were stored: they are not fetched again by this process."""
        self._list.stored(key for body in bodies if (key := wire.report_key(body)) is not None)

    def _signed(self) -> str:
        date, salt = self._now().isoformat(), secrets.token_hex(SALT_BYTES)
        secret = self._account.api_secret.encode()
        signature = hmac.new(secret, f"{date}{salt}".encode(), hashlib.sha256).hexdigest()
        return f"HMAC-SHA256 ApiKey={self._account.api_key}, Date={date}, salt={salt}, signature={signature}"


class _Place:
    """How far the list was read. Another process begins anew, and the store knows what it has."""

    def __init__(self) -> None:
        self.since: datetime | None = None
        self.next_key = ""
        self._until: datetime | None = None
        self._stored: dict[str, None] = {}
        self._waiting: dict[str, str] = {}

    def turn(self, next_key: str, since: datetime) -> None:
        """On to the next page, or to what changed after the last page's first look."""
        self._until = self._until or since
        self.next_key = next_key
        if not next_key:
            self.since, self._until = self._until, None

    def unstored(self, keyed: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """These and earlier ones that were not stored yet."""
        self._waiting |= {key: body for key, body in keyed if key not in self._stored}
        return list(self._waiting.items())

    def stored(self, keys: Iterable[str]) -> None:
        """Remember what need not be stored again, the latest of it."""
        for key in keys:
            self._waiting.pop(key, None)
            self._stored[key] = None
        for old in list(self._stored)[: max(0, len(self._stored) - STORED_KEPT)]:
            del self._stored[old]


def _is_refused_whole(answer: Answer) -> bool:
    return (
        isinstance(answer, Response)
        and not answer.ok
        and answer.status < BROKEN
        and answer.status not in {TOO_MANY_REQUESTS, FORBIDDEN}
    )


def _refusal(status: int, code: str) -> HandOver:
    if status in {TOO_MANY_REQUESTS, FORBIDDEN}:
        return Later(code or str(status))
    return Refused(code or str(status)) if status < BROKEN else Lost(code or str(status))


def _outcome(listed: tuple[str, str] | None) -> HandOver:
    if listed is None:
        return Lost("not_listed")
    status, provider_key = listed
    if status.startswith(("2", "3", "4")):
        return Accepted(provider_key)
    return Later(status) if status in wire.LATER else Refused(status)


def _read(answer: Answer) -> Mapping[str, Any]:
    if not isinstance(answer, Response):
        return {}
    try:
        body = answer.json()
    except UnreadableAnswerError:
        return {}
    return body if isinstance(body, dict) else {}
