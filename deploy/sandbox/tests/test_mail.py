"""Mail over real SMTP into a mailbox that people and tests can read."""

from __future__ import annotations

import smtplib
import time
from email.message import EmailMessage

import pytest


def letter(
    to: str, subject: str = "가입 안내", text: str = "주소: http://127.0.0.1:9/join?token=a&b=c"
) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "쿠프비즈 <no-reply@coupbiz.test>"
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = "<key-1@coupbiz.test>"
    message.set_content(text)
    return message


def deliver(world, message: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", world.smtp_port, timeout=5) as smtp:
        smtp.send_message(message)


def received(world, to: str):
    return world.http.get("/mailbox/api/messages", params={"to": to}).json()["messages"]


def test_a_letter_lies_in_the_mailbox_of_its_recipient(world):
    deliver(world, letter("kim@company.test"))
    assert received(world, "lee@company.test") == []
    found = received(world, "KIM@company.test")[0]
    assert (found["subject"], found["from"], found["message_id"]) == (
        "가입 안내",
        "no-reply@coupbiz.test",
        "<key-1@coupbiz.test>",
    )
    assert found["links"] == ["http://127.0.0.1:9/join?token=a&b=c"]
    assert "가입 안내" in world.http.get("/mailbox").text
    assert 'href="http://127.0.0.1:9/join?token=a&amp;b=c"' in world.http.get(f"/mailbox/{found['id']}").text


def test_the_last_code_of_an_address_is_told(world):
    deliver(world, letter("kim@company.test", text="인증번호 111111"))
    deliver(world, letter("kim@company.test", text="인증번호 222222"))
    assert world.sim("/codes/kim@company.test")["code"] == "222222"
    assert received(world, "kim@company.test")[0]["code"] == "222222"
    assert world.http.get("/__sim/codes/lee@company.test").status_code == 404


def test_markup_is_kept_apart_and_its_links_are_found(world):
    message = letter("kim@company.test", text="글")
    message.add_alternative('<p>안녕 <a href="http://127.0.0.1:9/x?a=1&amp;b=2">열기</a></p>', subtype="html")
    deliver(world, message)
    found = received(world, "kim@company.test")[0]
    assert found["links"] == ["http://127.0.0.1:9/x?a=1&b=2"]
    framed = world.http.get(f"/mailbox/{found['id']}/html")
    assert "script-src 'none'" in framed.headers["Content-Security-Policy"]


def test_what_a_letter_says_cannot_become_markup_of_the_mailbox(world):
    deliver(world, letter("kim@company.test", subject="<script>alert(1)</script>", text="<b>굵게</b>"))
    number = received(world, "kim@company.test")[0]["id"]
    assert "<script>" not in world.http.get("/mailbox").text
    assert "<b>" not in world.http.get(f"/mailbox/{number}").text


@pytest.mark.parametrize(("address", "code"), [("kim+451@company.test", 451), ("kim+550@company.test", 550)])
def test_an_address_can_refuse(world, address, code):
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        deliver(world, letter(address))
    assert refusal.value.recipients[address][0] == code
    assert received(world, address) == []


def test_an_address_can_refuse_the_first_time_only(world):
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        deliver(world, letter("kim+451once@company.test"))
    deliver(world, letter("kim+451once@company.test"))
    assert len(received(world, "kim+451once@company.test")) == 1


def test_an_address_can_be_slow(world):
    began = time.monotonic()
    deliver(world, letter("kim+slow@company.test"))
    assert time.monotonic() - began >= 1.0


def test_an_address_can_take_the_letter_and_break_off(world):
    with pytest.raises(smtplib.SMTPServerDisconnected):
        deliver(world, letter("kim+drop@company.test"))
    assert len(received(world, "kim+drop@company.test")) == 1
