"""The control plane: clock, faults, journal, reports, reset."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

import httpx
import pytest


def test_the_clock_is_read_as_offset_and_time(world):
    assert world.sim("/clock")["offset_seconds"] == 0.0
    world.advance(3600)
    moved = world.sim("/clock/set", {"offset_seconds": 7200})
    assert moved["offset_seconds"] == 7200
    assert moved["now"].endswith("Z")
    at = world.sim("/clock/set", {"now": "2040-01-01T00:00:00Z"})
    assert at["now"].startswith("2040-01-01T00:00:0")
    assert world.sim("/clock", {"advance_seconds": 60})["offset_seconds"] > at["offset_seconds"] + 59


def test_the_clock_does_not_go_back_but_by_a_reset(world):
    world.advance(3600)
    assert world.http.post("/__sim/clock/set", json={"offset_seconds": 0}).status_code == 409
    world.sim("/reset", {"keep": ["clock"]})
    assert world.sim("/clock")["offset_seconds"] == 3600
    world.sim("/reset", {})
    assert world.sim("/clock")["offset_seconds"] == 0.0


@pytest.mark.parametrize("body", [{}, {"now": "yesterday"}, {"seconds": "x"}, {"seconds": True}, [1]])
def test_a_clock_call_that_says_nothing_is_refused(world, body):
    assert world.http.post("/__sim/clock", json=body).status_code == 400


def test_a_fault_strikes_the_named_call_of_the_named_phone_as_often_as_told(world):
    world.sim(
        "/faults",
        {"provider": "bizppurio", "route": "message", "match": {"phone": "01000000001"}, "kind": "5xx", "times": 2},
    )
    assert world.alimtalk("01000000002", "r0").status_code == 200
    statuses = [world.alimtalk("010-0000-0001", "r1").status_code for _ in range(3)]
    assert statuses == [500, 500, 200]
    assert [row["refkey"] for row in world.sim("/journal/messages")["items"]] == ["r0", "r1"]


@pytest.mark.parametrize(("kind", "done"), [("drop_before", 0), ("drop_after", 1)])
def test_a_connection_breaks_before_or_after_the_work(world, kind, done):
    world.sim("/faults", {"provider": "giftishow", "route": "send", "match": {"tr_id": "tr-1"}, "kind": kind})
    with pytest.raises(httpx.RemoteProtocolError):
        world.issue("tr-1")
    assert len(world.sim("/journal/coupons")["items"]) == done
    entry = world.sim("/journal?provider=giftishow&route=send")["items"][0]
    assert (entry["ending"], entry["fault"]["kind"]) == ("dropped", kind)


def test_silence_and_a_failure_can_follow_the_work(world):
    world.sim("/faults", {"provider": "giftishow", "route": "send", "kind": "hang_after"})
    with pytest.raises(httpx.TimeoutException):
        world.issue("tr-1", timeout=0.3)
    world.sim("/faults", {"provider": "giftishow", "route": "send", "kind": "5xx_after", "status": 502})
    assert world.issue("tr-2").status_code == 502
    assert [coupon["tr_id"] for coupon in world.sim("/journal/coupons")["items"]] == ["tr-1", "tr-2"]


def test_a_vendors_own_refusal_can_be_scripted(world):
    body = {"status": 400, "body": {"code": 3009, "description": "account suspended"}}
    world.sim("/faults", {"provider": "bizppurio", "route": "message", "kind": "error", **body})
    answer = world.alimtalk("01000000001", "r1")
    assert (answer.status_code, answer.json()["code"]) == (400, 3009)


def test_calls_above_a_rate_are_refused_as_too_many(world):
    world.sim("/faults", {"provider": "bizppurio", "route": "message", "kind": "rate", "per_second": 1})
    codes = {world.alimtalk("01000000001", f"r{number}").json()["code"] for number in range(10)}
    assert codes == {1000, 3008}


def test_faults_are_listed_taken_back_and_checked(world):
    fault = world.sim("/faults", {"provider": "nts", "kind": "5xx", "times": None})
    assert world.status("2208102810").status_code == 500
    world.sim(f"/faults/{fault['fault_id']}", method="DELETE")
    assert world.status("2208102810").status_code == 200
    assert world.http.delete("/__sim/faults/99").status_code == 404
    for wrong in (
        {"kind": "5xx"},
        {"provider": "nts", "kind": "flood"},
        {"provider": "nts", "kind": "5xx", "tines": 2},
    ):
        assert world.http.post("/__sim/faults", json=wrong).status_code == 400


def test_reports_can_be_held_and_released_in_the_other_order(world, inbox, eventually):
    world.sim("/faults", {"provider": "bizppurio", "route": "report", "kind": "hold_report", "times": 2})
    world.alimtalk("01000000001", "r1")
    world.alimtalk("01000000002", "r2")
    assert world.sim("/idle")["held"] == 2
    assert world.sim("/reports/release", {"provider": "bizppurio", "order": "reversed"}) == {"released": 2}
    eventually(lambda: [body["REFKEY"] for body in inbox.bodies()] == ["r2", "r1"])
    eventually(lambda: world.sim("/idle")["held"] == 0)


def test_one_report_is_released_by_its_key(world, inbox, eventually):
    world.sim("/faults", {"provider": "bizppurio", "route": "report", "kind": "hold_report", "times": 2})
    world.alimtalk("01000000001", "r1")
    world.alimtalk("01000000002", "r2")
    world.sim("/reports/release", {"match": {"refkey": "r2"}})
    eventually(lambda: [body["REFKEY"] for body in inbox.bodies()] == ["r2"])


@pytest.mark.parametrize(
    ("fault", "count"),
    [
        ({"kind": "duplicate", "copies": 2}, 2),
        ({"kind": "no_report"}, 0),
        ({"kind": "late_report", "delay_seconds": 60}, 0),
    ],
)
def test_a_webhook_can_be_doubled_lost_or_late(world, inbox, eventually, fault, count):
    world.sim("/faults", {"provider": "toss", "route": "webhook", "match": {"orderId": "order-0001"}, **fault})
    world.toss("POST", "/payments/confirm", world.authenticated())
    eventually(lambda: world.sim("/idle")["idle"])
    assert len(inbox.received) == count
    ids = {headers["tosspayments-webhook-transmission-id"] for headers, _ in inbox.received}
    assert len(ids) <= 1
    if fault["kind"] == "late_report":
        world.advance(61)
        eventually(lambda: len(inbox.received) == 1)


def test_rest_tells_what_is_under_way_and_what_is_due_later(world, eventually):
    world.alimtalk("01090050001", "late")
    rest = world.sim("/idle")
    assert (rest["idle"], rest["pending"], rest["scheduled"]) == (True, 0, 1)
    assert datetime.fromisoformat(rest["next_due_at"]) > datetime.fromisoformat(world.sim("/clock")["now"])


def test_what_a_moved_clock_makes_due_is_under_way_before_the_move_is_answered(world, inbox, eventually):
    world.sim("/faults", {"provider": "toss", "route": "webhook", "kind": "late_report", "delay_seconds": 3600})
    world.authenticated("order-0001")
    world.advance(10 * 60)
    assert world.sim("/idle")["scheduled"] == 1
    world.authenticated("order-0002")
    world.alimtalk("01090050001", "late")
    due = world.sim("/reports")["items"][-1]["due_at"]
    world.sim("/clock/set", {"now": due})
    eventually(lambda: len(inbox.received) == 3)
    assert world.sim("/idle") == {"idle": True, "pending": 0, "scheduled": 0, "held": 0, "next_due_at": None}


def test_the_journal_keeps_every_call_without_secrets_and_reads_by_pages(world, settings, eventually):
    world.alimtalk("01000000001", "r1")
    world.issue("tr-1")
    world.status("2208102810")
    first = world.sim("/journal?limit=2")
    assert [entry["route"] for entry in first["items"]] == ["token", "message"]
    rest = world.sim(f"/journal?after={first['next']}")
    assert [entry["route"] for entry in rest["items"]] == ["send", "status"]
    assert rest["next"] is None
    assert rest["items"][0]["request"]["tr_id"] == "tr-1"
    assert rest["items"][0]["answer"]["code"] == "0000"
    journal = settings.data_dir / "journal.jsonl"
    eventually(lambda: len(journal.read_text().splitlines()) == 4)
    credentials = settings.credentials
    for secret in (
        credentials.message_password,
        credentials.supplier_auth_code,
        credentials.supplier_auth_token,
        credentials.tax_office_service_key,
        world.token(),
    ):
        assert secret not in journal.read_text()
    assert all(json.loads(line)["at"].endswith("Z") for line in journal.read_text().splitlines())


def test_a_message_sent_twice_shows_twice_before_the_judge(world):
    world.alimtalk("01000000001", "r1")
    world.alimtalk("01000000001", "r1")
    rows = world.sim("/journal/messages?limit=1")
    assert (rows["total"], rows["next"]) == (2, 1)
    assert world.sim("/journal/messages?after=1")["items"][0]["refkey"] == "r1"


def test_payments_are_listed_for_the_judge(world):
    world.toss("POST", "/payments/confirm", world.authenticated())
    row = world.sim("/journal/payments")["items"][0]
    assert (row["orderId"], row["confirmed"], row["totalAmount"], row["status"]) == (
        "order-0001",
        True,
        100_000,
        "DONE",
    )


def test_a_restart_keeps_accepted_work_reports_to_come_and_the_clock(open_world, settings, inbox, eventually):
    world = open_world(replace(settings, bizppurio_report_url="http://127.0.0.1:9/nobody", report_retry_scale=60.0))
    world.sim("/giftishow/goods", {"goodsCode": "G-COFFEE-30", "salePrice": 4500})
    world.advance(3600)
    confirm = world.authenticated()
    paid = world.toss("POST", "/payments/confirm", confirm, Idempotency_Key="k").json()
    world.issue("tr-1")
    world.alimtalk("01000000001", "r1")
    calls = world.sim("/journal")["total"]
    world.stop()

    again = open_world(settings)

    assert again.toss("GET", "/payments/orders/order-0001").json()["paymentKey"] == paid["paymentKey"]
    assert again.toss("POST", "/payments/confirm", confirm, Idempotency_Key="k").json()["status"] == "DONE"
    assert again.issue("tr-1").json()["code"] == "COUPON.0015"
    assert again.sim("/journal/messages")["items"][0]["refkey"] == "r1"
    assert again.sim("/clock")["offset_seconds"] == 3600
    assert again.sim("/journal")["total"] == calls + 3
    assert [report["fields"]["refkey"] for report in again.sim("/reports")["items"]] == ["r1"]


def test_a_reset_forgets_all_but_what_is_kept(world):
    world.issue("tr-1")
    world.alimtalk("01000000001", "r1")
    world.sim("/reset", {"keep": ["goods", "tokens"]})
    assert world.sim("/journal")["items"] == []
    assert world.sim("/journal/messages")["items"] == []
    assert world.http.get("/phone/api/01000000001").json()["messages"] == []
    assert len(world.sim("/giftishow/goods")["items"]) == 3
    assert world.alimtalk("01000000001", "r1").json()["code"] == 1000
    assert world.http.post("/__sim/reset", json={"keep": ["everything"]}).status_code == 400


def test_goods_may_come_from_a_file(open_world, settings, tmp_path):
    file = tmp_path / "goods.json"
    file.write_text(json.dumps([{"goodsCode": "G-TEA-90", "salePrice": 5000, "validPrdDay": "90"}]))
    world = open_world(replace(settings, goods_file=file))
    assert [goods["goodsCode"] for goods in world.sim("/giftishow/goods")["items"]] == ["G-TEA-90"]


@pytest.mark.parametrize("path", ["/", "/mailbox", "/phone", "/phone/01000000001", "/__sim/health"])
def test_every_page_opens(world, path):
    assert world.http.get(path).status_code == 200
