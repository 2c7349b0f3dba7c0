"""Behind the message provider's door: messages taken, their reports, the polling queue, what phones show."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson

from sandbox.clock import Clock, kst_digits
from sandbox.message_fate import MEDIA_BY_TYPE, Fate, Outcome, Template, fate_of
from sandbox.message_rules import BizppurioError, fallback_of, refuse, text_of
from sandbox.messages import Message, Polled, Speech, Spoken
from sandbox.phones import digits, pattern_of
from sandbox.records import Json, Store, Table
from sandbox.reports import Report, ReportOutbox
from sandbox.settings import Settings
from sandbox.wire import Answer

PUSH_RETRY_AFTER_SECONDS = [1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0]
POLL_KEPT_SECONDS = 3 * 86_400
MESSAGE_KEPT_SECONDS = 35 * 86_400


class MessageDesk:
    """Accepts messages, decides their fate by the phone's pattern, and reports it."""

    def __init__(self, settings: Settings, clock: Clock, store: Store, reports: ReportOutbox) -> None:
        self.odds: Table[float] = Table(store, "message_odds", float)
        self.templates: Table[Template] = Table(store, "templates", lambda value: Template(**value))
        self._messages: Table[Message] = Table(store, "messages", lambda value: Message(**value))
        self._polled: Table[Polled] = Table(store, "polled", lambda value: Polled(**value))
        self._struck: Table[int] = Table(store, "message_struck", int)
        self._files: Table[int] = Table(store, "files", int)
        self._settings = settings
        self._clock = clock
        self._reports = reports
        self._files_dir = settings.data_dir / "files"
        self._by_phone: dict[str, list[str]] = {}
        self._speech: dict[str, Speech] = {"bizppurio": self._spoken}
        self.reindex()
        reports.on_undelivered("bizppurio", self._queue_for_polling)

    def reindex(self) -> None:
        """Find the phones' messages anew, after a start or a reset."""
        self._by_phone = {}
        for message in self._messages:
            self._by_phone.setdefault(message.phone, []).append(message.messagekey)

    def accept(self, body: Json) -> Answer:
        """Take a checked message, or do to it what the phone's pattern says."""
        phone, refkey = digits(str(body["to"])), str(body["refkey"])
        pattern = self.pattern(phone, refkey)
        if pattern == "9003":
            raise refuse("invalid message")
        if pattern == "9007":
            raise BizppurioError(9000, "internal server error")
        if pattern == "9009" and self.strikes(refkey):
            if int(phone[-1]) % 2 == 0:
                return Answer(429, {"code": 3008, "description": "too many connections"})
            raise BizppurioError(9000, "internal server error")
        message = self.take(body, "bizppurio")
        answer = Answer(
            200,
            {"code": 1000, "description": "Success", "refkey": refkey, "messagekey": message.messagekey},
        )
        return answer.then("hung") if pattern == "9008" else answer

    def pattern(self, phone: str, key: str) -> str:
        """The pattern by which this recipient is treated, or "" for well."""
        return pattern_of(phone, key, self.odds.by_key())

    def strikes(self, key: str) -> bool:
        """Whether this is the first time that a message of this key is to fail."""
        if key in self._struck:
            return False
        self._struck.put(key, 1)
        return True

    def speak(self, provider: str, speech: Speech) -> None:
        """How this provider says its reports."""
        self._speech[provider] = speech

    def drop_in(self, phone: str, text: str, key: str) -> None:
        """Put a message on a phone that another vendor sent by itself; nobody gets a report of it."""
        now = self._clock.now()
        self._keep(
            Message(
                messagekey=f"vendor-{key}-{len(self._messages)}",
                refkey=key,
                kind="vendor",
                phone=digits(phone),
                sender="",
                template="",
                text=text,
                buttons=[],
                files=[],
                accepted_at=now,
                arrives_at=now,
                arrives_by="MMS",
            )
        )

    def accepted(self) -> list[Message]:
        """Messages the provider answered for with 1000, in their order."""
        return [message for message in self._messages if message.kind != "vendor"]

    def on_phone(self, phone: str) -> list[Message]:
        """What has arrived on this phone by now, newest first."""
        now = self._clock.now()
        found = [self._messages.get(key) for key in self._by_phone.get(digits(phone), [])]
        arrived = [
            message
            for message in found
            if message is not None and message.arrives_at is not None and message.arrives_at <= now
        ]
        return sorted(arrived, key=lambda message: message.arrives_at or 0.0)[::-1]

    def phones(self) -> list[str]:
        """Numbers that were ever written to."""
        return list(self._by_phone)

    def keep_file(self, picture: bytes) -> str:
        """Keep an uploaded picture; its key."""
        key = hashlib.sha256(picture).hexdigest()[:32]
        self._files_dir.mkdir(parents=True, exist_ok=True)
        self.file_path(key).write_bytes(picture)
        self._files.put(key, len(picture))
        return key

    def file_path(self, key: str) -> Path:
        """Where the picture of a key lies."""
        return self._files_dir / f"{key}.jpg"

    def has_file(self, key: str) -> bool:
        """Whether a picture of this key was uploaded."""
        return key in self._files

    def polled(self, rows_max: int) -> list[Json]:
        """Reports to fetch, oldest first; those nobody confirmed for three days are gone."""
        now = self._clock.now()
        for key, entry in self._polled.by_key().items():
            if now - entry.since > POLL_KEPT_SECONDS:
                self._polled.drop(key)
        return [entry.row for entry in self._polled][:rows_max]

    def confirm(self, msgids: Iterable[str]) -> None:
        """Take fetched reports off the queue; unknown ones are passed over."""
        for msgid in msgids:
            self._polled.drop(msgid)

    def report_again(self, messagekey: str) -> None:
        """Send a message's last report once more. Raises BizppurioError 3012 or 3013."""
        message = self._messages.get(messagekey)
        if message is None or self._clock.now() - message.accepted_at > MESSAGE_KEPT_SECONDS:
            raise BizppurioError(3012, "message not found")
        reported = [row for row in message.results if row["due_at"] <= self._clock.now()]
        if not reported:
            raise BizppurioError(3013, "result not ready")
        row = reported[-1]
        self._report(message, Outcome(row["media"], row["result"], row["kakao_result"]), 1, f"again{self._clock.now()}")

    def take(self, body: Json, provider: str) -> Message:
        """Take a checked message of this provider, and plan what will be reported of it."""
        now = self._clock.now()
        phone, refkey = digits(str(body["to"])), str(body["refkey"])
        kind = str(body["type"])
        content = body["content"][kind]
        fallback = fallback_of(body)
        template = self.templates.get(str(content.get("templatecode", "")))
        buttons = content.get("button", [])
        objection = None if template is None else template.objection(content["message"], buttons)
        fate = fate_of(self.pattern(phone, refkey), kind, fallback, objection, self._settings.late_report_seconds)
        arrives_by = fate.arrives_by or ""
        is_alimtalk = arrives_by == "KAT"
        number = len(self._messages) + 1
        by_fallback = bool(arrives_by) and arrives_by != MEDIA_BY_TYPE[kind]
        shown = body["recontent"][body["resend"]["first"]] if by_fallback else content
        message = Message(
            messagekey=f"{kst_digits(now)[2:]}{number:06d}#sb{hashlib.sha256(refkey.encode()).hexdigest()[:12]}",
            refkey=refkey,
            kind=kind,
            phone=phone,
            sender=str(body["from"]),
            template=str(content.get("templatecode", "")),
            text=text_of(body, arrives_by or MEDIA_BY_TYPE[kind]),
            buttons=buttons if is_alimtalk else [],
            files=[str(file["key"]) for file in shown.get("file", [])],
            accepted_at=now,
            arrives_at=now + fate.arrives_after_seconds if arrives_by else None,
            arrives_by=arrives_by,
            results=[self._planned(outcome, now) for outcome in fate.outcomes],
            provider=provider,
        )
        self._keep(message)
        self._report_all(message, fate)
        return message

    def _keep(self, message: Message) -> None:
        self._messages.put(message.messagekey, message)
        self._by_phone.setdefault(message.phone, []).append(message.messagekey)

    def _planned(self, outcome: Outcome, now: float) -> Json:
        due_at = now + self._settings.report_delay_seconds + outcome.delay_seconds
        return {
            "media": outcome.media,
            "result": outcome.result,
            "kakao_result": outcome.kakao_result,
            "due_at": due_at,
        }

    def _report_all(self, message: Message, fate: Fate) -> None:
        for number, outcome in enumerate(fate.outcomes):
            self._report(message, outcome, fate.copies, str(number))

    def _report(self, message: Message, outcome: Outcome, copies: int, number: str) -> None:
        due_at = self._clock.now() + self._settings.report_delay_seconds + outcome.delay_seconds
        spoken = self._speech[message.provider](message, outcome, due_at)
        self._reports.add(
            Report(
                report_id=f"{message.messagekey}-{number}",
                provider=message.provider,
                route="report",
                url=spoken.url,
                body=spoken.body,
                headers=spoken.headers,
                fields={
                    "refkey": message.refkey,
                    "key": message.refkey,
                    "phone": message.phone,
                    "result": outcome.result,
                },
                due_at=due_at,
                retry_after_seconds=PUSH_RETRY_AFTER_SECONDS,
                copies=copies,
            )
        )

    def _spoken(self, message: Message, outcome: Outcome, at: float) -> Spoken:
        body = orjson.dumps(self._row(message, outcome, at)).decode()
        return Spoken(self._settings.bizppurio_report_url, body, {"Content-Type": "application/json"})

    def _row(self, message: Message, outcome: Outcome, at: float) -> dict[str, Any]:
        kakao = outcome.media == "KAT"
        msgid = hashlib.sha256(f"{message.messagekey}{outcome.result}{at}".encode()).hexdigest()[:20]
        return {
            "DEVICE": "AT" if message.kind in {"at", "ai"} else message.kind.upper(),
            "CMSGID": message.messagekey,
            "MSGID": msgid,
            "PHONE": message.phone,
            "MEDIA": outcome.media,
            "UNIXTIME": str(int(at)),
            "RESULT": outcome.result,
            "USERDATA": "",
            "WAPINFO": "KAO" if kakao else "SKT",
            "TELRES": "" if kakao else outcome.result,
            "TELTIME": "" if kakao else kst_digits(at),
            "KAORES": outcome.result if kakao else outcome.kakao_result,
            "KAOTIME": kst_digits(at) if kakao or outcome.kakao_result else "",
            "RETRY_FLAG": "N",
            "RESEND_FLAG": "Y" if outcome.kakao_result else "N",
            "REFKEY": message.refkey,
        }

    def _queue_for_polling(self, report: Report) -> None:
        row = orjson.loads(report.body)
        self._polled.put(row["MSGID"], Polled(row, self._clock.now()))
