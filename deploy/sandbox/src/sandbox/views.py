"""Pages for people and JSON for tests: the mailbox, and what is on a phone."""

from __future__ import annotations

from aiohttp import web

from sandbox.clock import utc_text
from sandbox.mail import MailSink
from sandbox.message_desk import MessageDesk
from sandbox.messages import Message
from sandbox.pages import LINK, escaped, linked, page
from sandbox.phones import code_in, digits
from sandbox.records import Json
from sandbox.wire import Answer

CHANNEL_NAMES = {"KAT": "알림톡", "MMS": "MMS", "LMS": "LMS", "SMS": "SMS"}


class Views:
    """/mailbox, /phone and their APIs; read only."""

    def __init__(self, mail: MailSink, desk: MessageDesk) -> None:
        self._mail = mail
        self._desk = desk

    def serve_on(self, app: web.Application) -> None:
        """Lay the routes."""
        app.router.add_get("/", self._front)
        app.router.add_get("/mailbox", self._mailbox)
        app.router.add_get("/mailbox/", self._mailbox)
        app.router.add_get("/mailbox/api/messages", self._letters)
        app.router.add_get("/mailbox/{letter_id}", self._letter)
        app.router.add_get("/mailbox/{letter_id}/html", self._letter_markup)
        app.router.add_get("/phone", self._phones)
        app.router.add_get("/phone/api/{number}", self._phone_messages)
        app.router.add_get("/phone/{number}", self._phone)
        app.router.add_get("/picture/{key}", self._picture)

    async def _front(self, _request: web.Request) -> web.Response:
        links = (
            ("/mailbox", "메일함 Mailbox"),
            ("/phone", "휴대폰 Phones"),
            ("/__sim/journal", "기록 Journal"),
            ("/__sim/clock", "시계 Clock"),
        )
        body = "".join(f'<p><a href="{address}">{name}</a></p>' for address, name in links)
        return rendered(page("샌드박스", body))

    async def _mailbox(self, request: web.Request) -> web.Response:
        rows = "".join(
            f'<tr><td><a href="/mailbox/{letter.letter_id}">{escaped(letter.subject or "(제목 없음)")}</a></td>'
            f"<td>{escaped(', '.join(letter.recipients))}</td>"
            f"<td><small>{utc_text(letter.received_at)}</small></td></tr>"
            for letter in self._mail.of_recipient(request.query.get("to"))
        )
        return rendered(page("메일함", f"<table><tr><th>제목</th><th>받는 이</th><th>받은 때</th></tr>{rows}</table>"))

    async def _letters(self, request: web.Request) -> web.Response:
        letters = self._mail.of_recipient(request.query.get("to"))
        return web.json_response({"messages": [letter.shown() for letter in letters]})

    async def _letter(self, request: web.Request) -> web.Response:
        letter = self._mail.letters.get(request.match_info["letter_id"])
        if letter is None:
            return rendered(page("메일", "<p>없는 메일입니다. No such letter.</p>", 404))
        head = f"<p>{escaped(letter.sender)} → {escaped(', '.join(letter.recipients))}</p>"
        text = f"<article>{linked(letter.text)}</article>" if letter.text else ""
        # The frame runs no script of the letter; its links open beside the mailbox.
        address = f"/mailbox/{letter.letter_id}/html"
        frame = f'<iframe sandbox="allow-popups" src="{address}"></iframe>' if letter.html else ""
        return rendered(page(letter.subject, head + text + frame))

    async def _letter_markup(self, request: web.Request) -> web.Response:
        letter = self._mail.letters.get(request.match_info["letter_id"])
        if letter is None:
            return rendered(page("메일", "<p>없는 메일입니다. No such letter.</p>", 404))
        policy = {"Content-Security-Policy": "script-src 'none'; sandbox allow-popups"}
        markup = f'<base target="_blank">{letter.html}'
        return web.Response(text=markup, content_type="text/html", headers=policy)

    async def _phones(self, _request: web.Request) -> web.Response:
        rows = "".join(f'<p><a href="/phone/{phone}">{phone}</a></p>' for phone in self._desk.phones()[-500:])
        return rendered(page("휴대폰", rows or "<p>아직 메시지가 없습니다. No messages yet.</p>"))

    async def _phone_messages(self, request: web.Request) -> web.Response:
        number = digits(request.match_info["number"])
        messages = [message_shown(message) for message in self._desk.on_phone(number)]
        return web.json_response({"phone": number, "messages": messages})

    async def _phone(self, request: web.Request) -> web.Response:
        number = digits(request.match_info["number"])
        articles = "".join(message_markup(message) for message in self._desk.on_phone(number))
        return rendered(page(f"휴대폰 {number}", articles or "<p>아직 메시지가 없습니다. No messages yet.</p>"))

    async def _picture(self, request: web.Request) -> web.StreamResponse:
        key = request.match_info["key"]
        if not self._desk.has_file(key):
            return web.Response(status=404)
        return web.FileResponse(self._desk.file_path(key), headers={"Content-Type": "image/jpeg"})


def rendered(answer: Answer) -> web.Response:
    """A page as a response."""
    return web.Response(status=answer.status, body=answer.encoded(), content_type="text/html", charset="utf-8")


def message_shown(message: Message) -> Json:
    """A message on a phone as JSON, newest code and links picked out."""
    buttons = [{"name": button.get("name"), "url": button.get("url_mobile")} for button in message.buttons]
    return {
        "messagekey": message.messagekey,
        "refkey": message.refkey,
        "channel": message.arrives_by,
        "from": message.sender,
        "text": message.text,
        "buttons": buttons,
        "files": message.files,
        "links": links_of(message),
        "code": code_in(message.text),
        "template": message.template,
        "at": utc_text(message.arrives_at or message.accepted_at),
    }


def links_of(message: Message) -> list[str]:
    """Addresses in the text, then those of the buttons, each once."""
    from_buttons = [str(button["url_mobile"]) for button in message.buttons if button.get("url_mobile")]
    return list(dict.fromkeys([*LINK.findall(message.text), *from_buttons]))


def message_markup(message: Message) -> str:
    """A message as a phone shows it."""
    channel = CHANNEL_NAMES.get(message.arrives_by, message.arrives_by)
    pictures = "".join(f'<img src="/picture/{escaped(key)}" alt="">' for key in message.files)
    buttons = "".join(
        f'<p><a href="{escaped(str(button.get("url_mobile")))}">[{escaped(str(button.get("name")))}]</a></p>'
        for button in message.buttons
        if str(button.get("url_mobile", "")).startswith(("http://", "https://"))
    )
    when = utc_text(message.arrives_at or message.accepted_at)
    return (
        f"<article>{pictures}{linked(message.text)}{buttons}<small>{channel} · {escaped(message.sender)} · {when}"
        "</small></article>"
    )
