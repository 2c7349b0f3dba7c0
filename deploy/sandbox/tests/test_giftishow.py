"""The coupon supplier as the adapter meets it."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import zxingcpp
from PIL import Image


def code_of(answer):
    return answer.json()["code"]


def inner_code_of(answer):
    return answer.json()["result"]["code"]


def issued(answer):
    body = answer.json()
    assert (body["code"], body["result"]["code"]) == ("0000", "0000")
    return body["result"]["result"]


def coupon_info(world, tr_id):
    return world.giftishow("0201", "/coupons", tr_id=tr_id).json()["result"][0]["couponInfoList"][0]


def balance(world):
    return int(world.giftishow("0301", "/bizmoney", user_id="coupbiz").json()["result"]["balance"])


def test_goods_come_by_pages_and_one_by_one(world):
    first = world.giftishow("0101", "/goods", start="1", size="2").json()["result"]
    second = world.giftishow("0101", "/goods", start="2", size="2").json()["result"]
    assert (first["listNum"], second["listNum"]) == (2, 1)
    assert [goods["goodsCode"] for goods in second["goodsList"]] == ["G-CAKE-30"]
    detail = world.giftishow("0111", "/goods/G-COFFEE-60").json()["result"]["goodsDetail"]
    assert (detail["goodsName"], detail["validPrdDay"], detail["goodsStateCd"]) == ("아메리카노", "60", "SALE")
    assert world.giftishow("0102", "/brands").json()["result"]["listNum"] == 1
    assert code_of(world.giftishow("0112", "/brands/BR00000")) == "0000"


def test_a_page_may_repeat_for_ever(world):
    world.sim("/faults", {"provider": "giftishow", "route": "goods", "kind": "page_repeat"})
    repeated = world.giftishow("0101", "/goods", start="2", size="2").json()["result"]
    assert repeated["goodsList"][0]["goodsCode"] == "G-COFFEE-30"


def test_a_coupon_is_issued_with_a_pin_and_paid_from_the_balance(world):
    before = balance(world)
    coupon = issued(world.issue("tr-1"))
    assert coupon["pinNo"].isdigit()
    assert len(coupon["pinNo"]) == 12
    assert before - balance(world) == 4000
    info = coupon_info(world, "tr-1")
    assert (info["pinStatusCd"], info["pinStatusNm"], info["goodsCd"]) == ("01", "발행", "G-COFFEE-30")


def test_pins_are_never_given_twice(world):
    pins = {issued(world.issue(f"tr-{number}"))["pinNo"] for number in range(50)}
    assert len(pins) == 50


def test_the_same_tr_id_issues_nothing_more(world):
    issued(world.issue("tr-1"))
    assert code_of(world.issue("tr-1")) == "COUPON.0015"
    assert len(world.sim("/journal/coupons")["items"]) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"tr_id": "t" * 21}, "COUPON.0003"),
        ({"tr_id": ""}, "COUPON.0003"),
        ({"phone_no": "0212345678"}, "COUPON.0005"),
        ({"callback_no": ""}, "COUPON.0010"),
        ({"goods_code": "G-NONE"}, "COUPON.0011"),
        ({"mms_title": "열한 글자가 넘는 제목"}, "E9999"),
        ({"gubun": "X"}, "E9999"),
    ],
)
def test_a_send_that_is_not_as_documented_is_refused_with_http_200(world, changes, code):
    answer = world.issue(changes.pop("tr_id", "tr-1"), changes.pop("phone_no", "01000000001"), **changes)
    assert (answer.status_code, code_of(answer)) == (200, code)


@pytest.mark.parametrize(
    ("field", "code"), [("custom_auth_code", "E0008"), ("custom_auth_token", "E0009"), ("api_code", "E0006")]
)
def test_wrong_credentials_are_refused(world, field, code):
    form = {
        "api_code": "0301",
        "custom_auth_code": "auth-code",
        "custom_auth_token": "auth-token",
        "dev_yn": "N",
        "user_id": "coupbiz",
        field: "wrong",
    }
    assert code_of(world.http.post("/giftishow/bizApi/bizmoney", data=form)) == code


def test_goods_off_sale_are_refused_and_a_new_price_is_charged(world):
    world.sim("/giftishow/goods", [{"goodsCode": "G-COFFEE-30", "goodsStateCd": "SUS"}])
    assert code_of(world.issue("tr-1")) == "COUPON.0011"
    world.sim("/giftishow/goods", [{"goodsCode": "G-COFFEE-30", "goodsStateCd": "SALE", "discountPrice": 4200}])
    before = balance(world)
    issued(world.issue("tr-1"))
    assert before - balance(world) == 4200


def test_an_empty_balance_issues_nothing(world):
    world.sim("/giftishow/bizmoney", {"balance_krw": 3999})
    assert code_of(world.issue("tr-1")) == "E0010"
    assert world.sim("/journal/coupons")["items"] == []


def test_a_coupon_lasts_through_the_nth_day_after_its_issue_in_korea(world):
    world.sim("/clock/set", {"now": "2030-03-01T14:30:00Z"})
    issued(world.issue("tr-1"))
    assert coupon_info(world, "tr-1")["validPrdEndDt"] == "20300331235959"
    world.sim("/clock/set", {"now": "2030-03-31T14:59:00Z"})
    assert coupon_info(world, "tr-1")["pinStatusCd"] == "01"
    world.sim("/clock/set", {"now": "2030-03-31T15:00:00Z"})
    assert coupon_info(world, "tr-1")["pinStatusCd"] == "08"


def test_a_cancel_pays_back_once(world):
    before = balance(world)
    issued(world.issue("tr-1"))
    assert code_of(world.giftishow("0202", "/cancel", tr_id="tr-1", user_id="coupbiz")) == "0000"
    assert balance(world) == before
    assert coupon_info(world, "tr-1")["pinStatusCd"] == "07"
    assert code_of(world.giftishow("0202", "/cancel", tr_id="tr-1", user_id="coupbiz")) == "COUPON.0008"
    assert balance(world) == before


def test_an_exchanged_coupon_cannot_be_canceled(world):
    pin = issued(world.issue("tr-1"))["pinNo"]
    world.sim("/giftishow/coupons/exchange", {"pin": pin})
    assert coupon_info(world, "tr-1")["pinStatusCd"] == "02"
    assert code_of(world.giftishow("0202", "/cancel", tr_id="tr-1", user_id="coupbiz")) == "COUPON.0007"


@pytest.mark.parametrize(("end", "state"), [("expire", "08"), ("discard", "04")])
def test_a_coupon_can_be_ended_from_outside(world, end, state):
    issued(world.issue("tr-1"))
    world.sim(f"/giftishow/coupons/{end}", {"tr_id": "tr-1"})
    assert coupon_info(world, "tr-1")["pinStatusCd"] == state
    assert code_of(world.giftishow("0202", "/cancel", tr_id="tr-1", user_id="coupbiz")) == "COUPON.0006"


def test_an_unknown_tr_id_has_no_coupon(world):
    answer = world.giftishow("0201", "/coupons", tr_id="tr-none").json()
    assert (answer["code"], answer["result"]) == ("0000", [])
    assert code_of(world.giftishow("0202", "/cancel", tr_id="tr-none", user_id="coupbiz")) == "ERR0208"
    assert code_of(world.giftishow("0205", "/sendFail/cancel", tr_id="tr-none", user_id="coupbiz")) == "ERR0208"


def test_9011_has_a_goods_error_outside_or_inside_the_success(world):
    assert code_of(world.issue("tr-1", "01090110002")) == "COUPON.0011"
    inside = world.issue("tr-2", "01090110001")
    assert (code_of(inside), inner_code_of(inside)) == ("0000", "COUPON.0011")
    assert world.sim("/journal/coupons")["items"] == []


def test_9012_issues_and_stays_silent_and_the_coupon_is_found_by_its_tr_id(world):
    with pytest.raises(httpx.TimeoutException):
        world.issue("tr-1", "01090120001", timeout=0.3)
    assert coupon_info(world, "tr-1")["pinStatusCd"] == "01"


def test_9013_takes_the_money_without_a_pin_until_it_is_asked_back(world):
    before = balance(world)
    assert code_of(world.issue("tr-1", "01090130001")) == "E9999"
    assert before - balance(world) == 4000
    assert world.giftishow("0201", "/coupons", tr_id="tr-1").json()["result"] == []
    assert code_of(world.giftishow("0205", "/sendFail/cancel", tr_id="tr-1", user_id="coupbiz")) == "0000"
    assert balance(world) == before
    assert code_of(world.issue("tr-1", "01090130001")) == "COUPON.0015"


def test_a_message_pattern_does_not_touch_the_supplier(world):
    for pattern in range(9001, 9011):
        issued(world.issue(f"tr-{pattern}", f"010{pattern}0001"))


def test_the_inside_of_a_success_can_be_made_to_fail(world):
    world.sim("/faults", {"provider": "giftishow", "route": "send", "kind": "inner_error", "code": "COUPON.0011"})
    inside = world.issue("tr-1")
    assert (code_of(inside), inner_code_of(inside)) == ("0000", "COUPON.0011")
    issued(world.issue("tr-1"))


def test_an_answer_that_is_no_json_comes_after_the_work(world):
    world.sim("/faults", {"provider": "giftishow", "route": "send", "kind": "malformed"})
    answer = world.issue("tr-1")
    assert (answer.status_code, answer.text[:6]) == (200, "<html>")
    assert coupon_info(world, "tr-1")["pinStatusCd"] == "01"


def test_the_vendor_can_send_the_coupon_itself_and_again(world):
    issued(world.issue("tr-1", "01000000007", gubun="N"))
    pin = world.sim("/journal/coupons")["items"][0]["pin"]
    assert code_of(world.giftishow("0203", "/resend", tr_id="tr-1", sms_flag="Y", user_id="coupbiz")) == "0000"
    texts = [message["text"] for message in world.http.get("/phone/api/01000000007").json()["messages"]]
    assert len(texts) == 2
    assert all(pin in text for text in texts)
    assert world.sim("/journal/messages")["items"] == []


def test_the_picture_of_a_coupon_scans_as_its_pin(world):
    coupon = issued(world.issue("tr-1", gubun="I"))
    picture = world.http.get(coupon["couponImgUrl"])
    assert picture.headers["Content-Type"] == "image/png"
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.content)))
    assert [code.text for code in found] == [coupon["pinNo"]]


def test_issue_times_follow_the_moved_clock(world):
    world.advance(86_400)
    issued(world.issue("tr-1"))
    at = datetime.fromisoformat(world.sim("/journal/coupons")["items"][0]["issued_at"])
    assert at > datetime.now(UTC) + timedelta(hours=23)
