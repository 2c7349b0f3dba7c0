"""The tax office as the adapter meets it."""

from __future__ import annotations

import httpx
import pytest

UNREGISTERED = "국세청에 등록되지 않은 사업자등록번호입니다."


@pytest.mark.parametrize("number", ["2208102810", "1168200276", "1348672683", "1208800767"])
def test_a_true_number_is_a_going_business(world, number):
    body = world.status(number).json()
    assert (body["status_code"], body["request_cnt"], body["match_cnt"]) == ("OK", 1, 1)
    assert (body["data"][0]["b_stt_cd"], body["data"][0]["b_stt"]) == ("01", "계속사업자")


@pytest.mark.parametrize("number", ["1234567890", "0000000000", "2208102811"])
def test_a_number_whose_check_digit_is_wrong_was_never_registered(world, number):
    body = world.status(number).json()
    assert "match_cnt" not in body
    assert (body["data"][0]["b_stt_cd"], body["data"][0]["tax_type"]) == ("", UNREGISTERED)


@pytest.mark.parametrize(
    ("serial", "state", "ended"), [("9002", "02", ""), ("9003", "03", "20240131"), ("9004", "", "")]
)
def test_the_serial_decides_the_state(world, serial, state, ended):
    row = world.status(world.number(serial)).json()["data"][0]
    assert (row["b_stt_cd"], row["end_dt"]) == (state, ended)


def test_the_serial_calls_for_trouble(world):
    assert world.status(world.number("9005")).status_code == 500
    with pytest.raises(httpx.TimeoutException):
        world.status(world.number("9006"), timeout=0.3)
    once = world.number("9007")
    assert [world.status(once).status_code for _ in range(2)] == [500, 200]
    assert world.status(world.number("9008")).text.startswith("<html>")


def test_a_hundred_numbers_are_answered_and_one_more_is_too_large(world):
    numbers = world.sim("/nts/numbers?serial=1000&count=101")["numbers"]
    assert len(set(numbers)) == 101
    assert len(world.status(*numbers[:100]).json()["data"]) == 100
    answer = world.status(*numbers)
    assert (answer.status_code, answer.json()["status_code"]) == (413, "TOO_LARGE_REQUEST")


@pytest.mark.parametrize("key", ["", "wrong", "key%2Bwith%2Fsigns%3D%3D"])
def test_a_wrong_or_doubly_encoded_key_is_refused(world, key):
    answer = world.status("2208102810", key=key)
    assert (answer.status_code, answer.json()["code"]) == (401, -401)


def test_malformed_requests_are_refused(world):
    query = {"serviceKey": "key+with/signs=="}
    path = "/nts/api/nts-businessman/v1/status"
    assert world.http.post(path, params=query, content=b"{").json() == {"status_code": "BAD_JSON_REQUEST"}
    malformed = world.http.post(path, params=query, json={"b_no": ["220-81-02810"]})
    assert (malformed.status_code, malformed.json()["status_code"]) == (411, "REQUEST_DATA_MALFORMED")


def test_the_table_overrules_the_digits(world):
    world.sim("/nts/businesses", {"b_no": "2208102810", "b_stt_cd": "03", "end_dt": "20251231"})
    row = world.status("2208102810").json()["data"][0]
    assert (row["b_stt"], row["end_dt"]) == ("폐업자", "20251231")


def test_validation_compares_representative_and_start_date(world):
    world.sim("/nts/businesses", {"b_no": "2208102810", "p_nm": "김대표", "start_dt": "20000101"})

    def valid(**changes):
        row = {"b_no": "2208102810", "start_dt": "20000101", "p_nm": "김대표", **changes}
        answer = world.http.post(
            "/nts/api/nts-businessman/v1/validate",
            params={"serviceKey": "key+with/signs=="},
            json={"businesses": [row]},
        )
        return answer.json()["data"][0]["valid"]

    assert valid() == "01"
    assert valid(p_nm="다른이") == "02"
    assert valid(start_dt="20000102") == "02"
