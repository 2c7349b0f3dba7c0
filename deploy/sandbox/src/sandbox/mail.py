"""Mail: an SMTP sink whose addresses can refuse, stall or break off, and the letters it took."""

from __future__ import annotations

import asyncio
import html
import re
from dataclasses import asdict, dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr

from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.clock import Clock, utc_text
from sandbox.pages import LINK
from sandbox.phones import code_in
from sandbox.records import Json, Store, Table

LETTER_BYTES_MAX = 30 * 1024 * 1024
TAG = re.compile(r"<[^>]+>")
HREF = re.compile(r"""href=["']([^"']+)["']""")


@dataclass(frozen=True, slots=True)
class Letter:
    """A received mail; `recipients` are the envelope's."""

    letter_id: str
    message_id: str
    sender: str
    recipients: list[str]
    subject: str
    text: str
    html: str
    attachments: list[str]
    received_at: float

    def shown(self) -> Json:
        """As JSON, with the links of text and markup in their order, and the code if it brings one."""
        letter = asdict(self)
        marked = [html.unescape(link) for link in HREF.findall(self.html)]
        links = dict.fromkeys([*marked, *LINK.findall(self.text)])
        return {
            **letter,
            "id": letter.pop("letter_id"),
            "from": letter.pop("sender"),
            "to": self.recipients,
            "received_at": utc_text(self.received_at),
            "code": code_in(self.text or TAG.sub(" ", self.html)),
            "links": [link for link in links if link.startswith(("http://", "https://"))],
        }


class MailSink:
    """Receives for everyone. `+451@` and `+550@` refuse the recipient, `+451once@` the first time only,
    `+slow@` answers late, `+drop@` takes the letter and breaks the connection without an answer.
    """

    def __init__(self, clock: Clock, store: Store, slow_seconds: float) -> None:
        self.letters: Table[Letter] = Table(store, "letters", lambda value: Letter(**value))
        self._struck: Table[int] = Table(store, "mail_struck", int)
        self._clock = clock
        self._slow_seconds = slow_seconds

    def protocol(self) -> SMTP:
        """An SMTP conversation for one connection."""
        return SMTP(self, data_size_limit=LETTER_BYTES_MAX, enable_SMTPUTF8=True, ident="sandbox", hostname="sandbox")

    def of_recipient(self, address: str | None) -> list[Letter]:
        """Letters to an address, or all; newest first."""
        wanted = None if address is None else address.strip().lower()
        found = [letter for letter in self.letters if wanted is None or wanted in map(str.lower, letter.recipients)]
        return found[::-1]

    async def handle_RCPT(  # noqa: N802 - the name is aiosmtpd's.
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient or refuse it, by the tag in its address."""
        tag = tag_of(address)
        if tag == "451":
            return "451 4.3.0 Try again later"
        if tag == "550":
            return "550 5.1.1 User unknown"
        if tag == "451once" and address not in self._struck:
            self._struck.put(address, 1)
            return "451 4.3.0 Try again later"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the name is aiosmtpd's.
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Take the letter."""
        tags = {tag_of(address) for address in envelope.rcpt_tos}
        if "slow" in tags:
            await asyncio.sleep(self._slow_seconds)
        self._keep(envelope)
        if "drop" in tags and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        return "250 OK: accepted"

    def _keep(self, envelope: Envelope) -> None:
        content = envelope.content or b""
        raw = content.encode() if isinstance(content, str) else content
        parsed = message_from_bytes(raw, _class=EmailMessage, policy=default)
        letter_id = str(len(self.letters) + 1)
        self.letters.put(
            letter_id,
            Letter(
                letter_id=letter_id,
                message_id=str(parsed.get("Message-ID", "")),
                sender=parseaddr(str(parsed.get("From", envelope.mail_from or "")))[1],
                recipients=list(envelope.rcpt_tos),
                subject=str(parsed.get("Subject", "")),
                text=body_of(parsed, "plain"),
                html=body_of(parsed, "html"),
                attachments=[part.get_filename() or "" for part in parsed.iter_attachments()],
                received_at=self._clock.now(),
            ),
        )


def tag_of(address: str) -> str:
    """What stands between the last plus and the at of an address."""
    local = address.rpartition("@")[0]
    return local.rpartition("+")[2] if "+" in local else ""


def body_of(parsed: EmailMessage, kind: str) -> str:
    """The plain or the marked-up body, empty when the letter has none."""
    part = parsed.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""
