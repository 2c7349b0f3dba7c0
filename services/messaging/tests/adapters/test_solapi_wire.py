"""SOLAPI's bodies: our key, values that make the text, statuses, and pushes of many reports."""

import json
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.adapters.solapi_wire import outcomes, read_report, report_key, reports_in, variables
from messaging.domain.template import filled

BODY = "#{이름}님, #{회사}입니다.\n#{이름}님께 #{기념일} 선물을 드립니다."
VALUES = st.text(min_size=1, max_size=20)


@given(name=VALUES, company=VALUES, day=VALUES)
def test_the_values_found_make_the_very_text_again(name: str, company: str, day: str) -> None:
    text = filled(BODY, {"이름": name, "회사": company, "기념일": day})
    found = variables(BODY, text)
    assert set(found) == {"#{이름}", "#{회사}", "#{기념일}"}
    again = {variable.removeprefix("#{").removesuffix("}"): value for variable, value in found.items()}
    assert filled(BODY, again) == text


def test_a_text_that_is_not_of_the_template_has_no_values() -> None:
    assert variables(BODY, "다른 글입니다.") == {}
    assert variables("변수가 없습니다.", "변수가 없습니다.") == {}


@pytest.mark.rule("MSG-01")
@pytest.mark.parametrize(
    ("kind", "status", "reached", "channel"),
    [
        ("ATA", "4000", True, "alimtalk"),
        ("MMS", "4000", True, "mms"),
        ("LMS", "4000", True, "mms"),
        ("ATA", "2000", None, None),
        ("ATA", "3000", None, None),
        ("ATA", "3040", None, None),
        ("ATA", "3104", False, None),
        ("MMS", "3058", False, None),
        ("ATA", "1062", False, None),
    ],
)
def test_what_a_status_means(kind: str, status: str, reached: bool | None, channel: str | None) -> None:
    key = uuid4()
    row = {"messageId": "M4V1", "type": kind, "statusCode": status, "customFields": {"refkey": key.hex}}
    report = read_report(json.dumps(row))
    assert report is not None
    assert (report.delivery_id, report.reached, report.channel, report.code) == (key, reached, channel, status)
    assert report.provider_key == "M4V1"


def test_a_push_of_many_is_read_one_by_one() -> None:
    rows = [{"messageId": f"M{n}", "statusCode": "4000", "customFields": {"refkey": uuid4().hex}} for n in range(3)]
    pushed = json.dumps([{"eventDataId": str(n), "data": row} for n, row in enumerate(rows)])
    assert [json.loads(body) for body in reports_in(pushed)] == rows
    assert len({report_key(body) for body in reports_in(pushed)}) == 3


@pytest.mark.parametrize("body", ["", "{}", "null", "[1]", '[{"data": 1}]', "{", '{"data": {}}'])
def test_rubbish_is_no_report(body: str) -> None:
    assert list(reports_in(body)) == []
    assert report_key(body) is None
    assert read_report(body) is None


def test_outcomes_are_found_by_our_key_whatever_the_order() -> None:
    listed = [{"messageId": "M1", "statusCode": "2000", "customFields": {"refkey": "a"}}, {"messageId": "M2"}, 3]
    assert outcomes({"messageList": listed}) == {"a": ("2000", "M1")}
    assert outcomes({}) == outcomes({"messageList": "x"}) == {}
