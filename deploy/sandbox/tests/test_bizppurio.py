"""The message provider as the adapter meets it, phone pattern by phone pattern."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

BUTTON = {"name": "보기", "type": "WL", "url_mobile": "http://127.0.0.1:9/"}
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 100


def results(inbox):
    return [(body["MEDIA"], body["RESULT"], body["KAORES"]) for body in inbox.bodies()]


def test_a_token_lives_a_day_and_is_asked_for_with_account_and_password(world):
    assert world.http.post("/bizppurio/v1/token", auth=("coupbiz", "wrong")).json()["code"] == 3007
    assert world.http.post("/bizppurio/v1/token", auth=("nobody", "wrong")).json()["code"] == 3006
    assert world.http.post("/bizppurio/v1/token").json()["code"] == 3001
    assert world.alimtalk("01000000001", "r1").json()["code"] == 1000

    world.advance(24 * 3600)

    refused = world.alimtalk("01000000001", "r2")
    assert (refused.status_code, refused.json()["code"]) == (400, 3002)


def test_tokens_can_be_ended_early(world):
    world.alimtalk("01000000001", "r1")
    world.sim("/bizppurio/tokens/expire", {})
    assert world.alimtalk("01000000001", "r2").json()["code"] == 3002


def test_a_message_without_a_token_or_of_another_account_is_refused(world):
    assert world.http.post("/bizppurio/v3/message", json={}).json()["code"] == 3005
    assert world.alimtalk("01000000001", "r1", account="other").json()["code"] == 3004


def test_an_accepted_message_is_reported_and_shown_on_the_phone(world, inbox, eventually):
    accepted = world.alimtalk("010-0000-0001", "r1").json()
    assert (accepted["code"], accepted["refkey"]) == (1000, "r1")
    eventually(lambda: len(inbox.received) == 1)
    report = inbox.bodies()[0]
    assert (report["CMSGID"], report["REFKEY"]) == (accepted["messagekey"], "r1")
    assert (report["MEDIA"], report["RESULT"], report["DEVICE"]) == ("KAT", "7000", "AT")

    shown = world.http.get("/phone/api/01000000001").json()["messages"][0]
    assert shown["channel"] == "KAT"
    assert shown["links"] == ["http://127.0.0.1:9/c/token"]
    page = world.http.get("/phone/010-0000-0001").text
    assert '<a href="http://127.0.0.1:9/c/token">' in page


@pytest.mark.parametrize(
    ("phone", "told"),
    [
        ("01000001234", ([("KAT", "7000", "7000")], "KAT")),
        ("01090011234", ([("MMS", "6600", "7318")], "MMS")),
        ("01090021234", ([("MMS", "6606", "7318")], None)),
        ("01090061234", ([("KAT", "7000", "7000")] * 3, "KAT")),
        ("01090111234", ([("KAT", "7000", "7000")], "KAT")),
    ],
)
def test_the_phone_decides_what_is_reported(world, inbox, eventually, phone, told):
    expected, channel = told
    assert world.alimtalk(phone, "r1").json()["code"] == 1000
    eventually(lambda: results(inbox) == expected)
    eventually(lambda: world.sim("/idle")["idle"])
    shown = world.http.get(f"/phone/api/{phone}").json()["messages"]
    assert [message["channel"] for message in shown] == ([channel] if channel else [])


def test_9001_without_a_fallback_is_reported_as_failed_alimtalk(world, inbox, eventually):
    world.alimtalk("01090011234", "r1", resend=None)
    eventually(lambda: results(inbox) == [("KAT", "7318", "7318")])


def test_9003_is_refused_at_the_door(world):
    answer = world.alimtalk("01090031234", "r1")
    assert (answer.status_code, answer.json()["code"]) == (400, 2000)
    assert world.sim("/journal/messages")["items"] == []


def test_9004_is_accepted_and_never_reported(world, inbox):
    assert world.alimtalk("01090041234", "r1").json()["code"] == 1000
    assert world.sim("/idle")["idle"] is True
    world.advance(30 * 86_400)
    assert world.sim("/reports")["items"] == []
    assert inbox.received == []


def test_9005_is_reported_hours_later(world, inbox, eventually):
    world.alimtalk("01090051234", "r1")
    rest = world.sim("/idle")
    assert (rest["idle"], rest["scheduled"]) == (True, 1)
    assert world.http.get("/phone/api/01090051234").json()["messages"] == []
    world.advance(6 * 3600 + 1)
    eventually(lambda: results(inbox) == [("KAT", "7000", "7000")])
    assert len(world.http.get("/phone/api/01090051234").json()["messages"]) == 1


def test_9007_fails_before_the_work_every_time(world):
    for _ in range(2):
        answer = world.alimtalk("01090071234", "r1")
        assert (answer.status_code, answer.json()["code"]) == (500, 9000)
    assert world.sim("/journal/messages")["items"] == []


def test_9008_sends_and_stays_silent(world, inbox, eventually):
    with pytest.raises(httpx.TimeoutException):
        world.alimtalk("01090081234", "r1", timeout=0.3)
    eventually(lambda: [body["REFKEY"] for body in inbox.bodies()] == ["r1"])
    assert [row["refkey"] for row in world.sim("/journal/messages")["items"]] == ["r1"]


def test_9009_fails_the_first_time_only(world):
    assert world.alimtalk("01090091231", "odd").status_code == 500
    assert world.alimtalk("01090091231", "odd").json()["code"] == 1000
    assert world.alimtalk("01090091232", "even").status_code == 429
    assert world.alimtalk("01090091232", "even").json()["code"] == 1000


def test_9010_is_uncertain_first_and_delivered_then(world, inbox, eventually):
    world.alimtalk("01090101234", "r1")
    eventually(lambda: [row[1] for row in results(inbox)] == ["7305"])
    world.advance(3)
    eventually(lambda: [row[1] for row in results(inbox)] == ["7305", "7000"])


def test_a_text_message_brings_the_last_code(world, inbox, eventually):
    world.sms("01000000001", "[쿠프비즈] 인증번호 111111", "s1")
    world.sms("01000000001", "[쿠프비즈] 인증번호 222222", "s2")
    assert world.sim("/codes/010-0000-0001")["code"] == "222222"
    assert world.http.get("/__sim/codes/01000000002").status_code == 404
    eventually(lambda: results(inbox) == [("SMS", "4100", "")] * 2)


@pytest.mark.parametrize(
    ("text", "code"), [("가" * 45, 1000), ("가" * 45 + "a", 2000), ("a" * 90, 1000), ("a" * 91, 2000)]
)
def test_a_text_message_holds_ninety_bytes_of_euc_kr(world, text, code):
    assert world.sms("01000000001", text, "s1").json()["code"] == code


def alimtalk_content(**changes):
    return {"at": {"senderkey": "s" * 40, "templatecode": "t-1", "message": "홍길동님 안녕하세요", **changes}}


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "fax"},
        {"refkey": "r" * 33},
        {"refkey": ""},
        {"to": "notaphone"},
        {"content": {}},
        {"content": alimtalk_content(senderkey="short")},
        {"content": alimtalk_content(message="가" * 1001)},
        {"content": alimtalk_content(button=[{"name": "보기", "type": "WL"}])},
        {"resend": {"first": "fax"}},
        {"recontent": {"mms": {"message": "가" * 1001}}},
        {"recontent": {"mms": {"subject": "가" * 33, "message": "쿠폰"}}},
        {"recontent": {"mms": {"message": "쿠폰", "file": [{"type": "IMG", "key": "unknown"}]}}},
    ],
)
def test_a_message_that_is_not_as_documented_is_refused(world, changes):
    answer = world.alimtalk(**{"to": "01000000001", "refkey": "r1", **changes})
    assert (answer.status_code, answer.json()["code"]) == (400, 2000)


@pytest.mark.parametrize(
    ("sent", "result"),
    [
        ({"message": "홍길동님 안녕하세요", "button": [BUTTON]}, "7000"),
        ({"message": "홍길동님 잘 가세요", "button": [BUTTON]}, "7204"),
        ({"message": "홍길동님 안녕하세요", "button": []}, "7327"),
    ],
)
def test_a_registered_template_is_held_to(world, inbox, eventually, sent, result):
    template = {"templatecode": "t-1", "content": "#{이름}님 안녕하세요", "buttons": [{"name": "보기", "type": "WL"}]}
    world.sim("/bizppurio/templates", [template])
    world.alimtalk("01000000001", "r1", content=alimtalk_content(**sent), resend=None)
    eventually(lambda: [row[1] for row in results(inbox)] == [result])


def test_a_picture_is_uploaded_and_shown_with_the_fallback(world):
    headers = {"Authorization": f"Bearer {world.token()}"}
    files = {"file": ("coupon.jpg", JPEG, "image/jpeg")}
    uploaded = world.http.post("/bizppurio/v1/file", data={"account": "coupbiz"}, files=files, headers=headers)
    key = uploaded.json()["filekey"]
    recontent = {"mms": {"message": "쿠폰", "file": [{"type": "IMG", "key": key}]}}
    assert world.alimtalk("01090010001", "r1", recontent=recontent).json()["code"] == 1000
    assert f"/picture/{key}" in world.http.get("/phone/01090010001").text
    assert world.http.get(f"/picture/{key}").content == JPEG
    png = {"file": ("coupon.png", b"\x89PNG", "image/png")}
    refused = world.http.post("/bizppurio/v1/file", data={"account": "coupbiz"}, files=png, headers=headers)
    assert refused.json()["code"] == 2000


def test_what_a_message_says_cannot_become_markup_of_the_phone(world):
    world.sms("01000000001", "<script>alert(1)</script> 123456", "s1")
    assert "<script>" not in world.http.get("/phone/01000000001").text


def test_without_a_report_address_reports_wait_to_be_fetched_and_confirmed(open_world, settings, eventually):
    world = open_world(replace(settings, bizppurio_report_url=""))
    world.alimtalk("01000000001", "r1")

    def fetched():
        return world.bizppurio("/v1/result/request", {"account": "coupbiz"}).json()["report"]

    eventually(lambda: len(fetched()) == 1)
    row = fetched()[0]
    assert (row["refkey"], row["result"]) == ("r1", "7000")
    world.bizppurio("/v1/result/confirm", {"account": "coupbiz", "msgid": [{"msgid": row["msgid"]}]})
    assert fetched() == []


def test_unfetched_reports_are_dropped_after_three_days(open_world, settings, eventually):
    world = open_world(replace(settings, bizppurio_report_url=""))
    world.alimtalk("01000000001", "r1")
    eventually(lambda: world.bizppurio("/v1/result/request", {"account": "coupbiz"}).json()["report"] != [])
    world.advance(3 * 86_400 + 1)
    fresh = {"Authorization": f"Bearer {world.token()}"}
    answer = world.http.post("/bizppurio/v1/result/request", json={"account": "coupbiz"}, headers=fresh)
    assert answer.json()["report"] == []


def test_a_report_can_be_asked_for_again(world, inbox, eventually):
    key = world.alimtalk("01000000001", "r1").json()["messagekey"]
    eventually(lambda: len(inbox.received) == 1)
    assert world.bizppurio("/v2/report", {"account": "coupbiz", "messagekey": key}).json()["code"] == 1000
    eventually(lambda: len(inbox.received) == 2)
    unknown = world.bizppurio("/v2/report", {"account": "coupbiz", "messagekey": "no"})
    assert unknown.json()["code"] == 3012
    late = world.alimtalk("01090050001", "r2").json()["messagekey"]
    assert world.bizppurio("/v2/report", {"account": "coupbiz", "messagekey": late}).json()["code"] == 3013


def test_a_report_is_pushed_again_until_it_is_taken(world, inbox, eventually):
    inbox.answers[:] = [503, 503]
    world.alimtalk("01000000001", "r1")
    eventually(lambda: len(inbox.received) == 3)
    eventually(lambda: world.sim("/reports")["items"] == [])


def test_codes_come_as_text_when_the_provider_feels_like_it(open_world, settings):
    world = open_world(replace(settings, numeric_codes=False))
    assert world.alimtalk("01000000001", "r1").json()["code"] == "1000"
    assert world.alimtalk("01090030001", "r2").json()["code"] == "2000"


def test_odds_decide_by_the_senders_key_and_spare_the_numbers_that_are_always_well(world):
    world.sim("/odds", {"bizppurio": {"9003": 50}})
    codes = [world.alimtalk("01012345678", f"r{number}").json()["code"] for number in range(40)]
    assert {1000, 2000} == set(codes)
    again = [world.alimtalk("01012345678", f"r{number}").json()["code"] for number in range(40)]
    assert again == codes
    assert {world.alimtalk("01000000001", f"r{number}").json()["code"] for number in range(20)} == {1000}
