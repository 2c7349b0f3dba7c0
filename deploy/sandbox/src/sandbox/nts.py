"""The tax office: state of business numbers and check of their registration."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sandbox.records import Json, Store, Table
from sandbox.settings import Settings
from sandbox.wire import Answer, Call, Vendor, Wire, Work

NUMBERS_MAX = 100
NUMBER = re.compile(r"^\d{10}$")
WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
UNREGISTERED = "국세청에 등록되지 않은 사업자등록번호입니다."
STATE_NAMES = {"01": "계속사업자", "02": "휴업자", "03": "폐업자"}

# The four digits before the check digit say how the office behaves. Any other serial is a going business.
STATE_BY_SERIAL = {"9002": "02", "9003": "03", "9004": ""}
BROKEN_SERIAL = "9005"
SILENT_SERIAL = "9006"
BROKEN_ONCE_SERIAL = "9007"
NO_JSON_SERIAL = "9008"

NTS = Vendor(
    name="nts",
    failure=lambda _status: {"status_code": "INTERNAL_ERROR"},
    busy=Answer(429, {"code": -22, "msg": "LIMITED_NUMBER_OF_SERVICE_REQUESTS_EXCEEDS_ERROR"}),
    bad_body=Answer(400, {"status_code": "BAD_JSON_REQUEST"}),
)


@dataclass(frozen=True, slots=True)
class Business:
    """A business set through the control plane. An empty state means that it is not registered."""

    b_no: str
    b_stt_cd: str = "01"
    p_nm: str = ""
    start_dt: str = ""
    end_dt: str = ""
    tax_type: str = "부가가치세 일반과세자"
    tax_type_cd: str = "01"


class TaxOffice:
    """The calls under /nts/api/nts-businessman/v1."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.businesses: Table[Business] = Table(store, "businesses", lambda value: Business(**value))
        self._struck: Table[int] = Table(store, "nts_struck", int)
        self._service_key = settings.credentials.tax_office_service_key

    def serve_on(self, wire: Wire) -> None:
        """Lay the vendor's routes."""
        base = "/api/nts-businessman/v1"
        wire.route(NTS, "status", ("POST", f"{base}/status"), self._status, self._around)
        wire.route(NTS, "validate", ("POST", f"{base}/validate"), self._validate, self._around)

    def business(self, b_no: str) -> Business:
        """What the office knows of a number; one whose check digit is wrong was never given out."""
        known = self.businesses.get(b_no)
        if known is not None:
            return known
        state = STATE_BY_SERIAL.get(b_no[5:9], "01") if has_valid_check_digit(b_no) else ""
        return Business(b_no, state, end_dt="20240131" if state == "03" else "")

    async def _around(self, call: Call, work: Work) -> Answer:
        if call.query.get("serviceKey") != self._service_key:
            return Answer(401, {"code": -401, "msg": "유효하지 않은 인증키 입니다."})
        return await work()

    def _status(self, call: Call) -> Answer:
        numbers = call.json.get("b_no")
        if not isinstance(numbers, list) or not numbers or not all(is_number(number) for number in numbers):
            return Answer(411, {"status_code": "REQUEST_DATA_MALFORMED"})
        if len(numbers) > NUMBERS_MAX:
            return Answer(413, {"status_code": "TOO_LARGE_REQUEST"})
        rows = [status_row(self.business(number)) for number in numbers]
        body: Json = {"status_code": "OK", "request_cnt": len(numbers), "data": rows}
        if matched := sum(bool(row["b_stt_cd"]) for row in rows):
            body["match_cnt"] = matched
        return self._troubled(numbers, Answer(200, body))

    def _validate(self, call: Call) -> Answer:
        rows = call.json.get("businesses")
        if not isinstance(rows, list) or not rows or not all(is_application(row) for row in rows):
            return Answer(411, {"status_code": "REQUEST_DATA_MALFORMED"})
        if len(rows) > NUMBERS_MAX:
            return Answer(413, {"status_code": "TOO_LARGE_REQUEST"})
        data = [self._validated(row) for row in rows]
        body: Json = {"status_code": "OK", "request_cnt": len(rows), "data": data}
        if valid := sum(row["valid"] == "01" for row in data):
            body["valid_cnt"] = valid
        return self._troubled([row["b_no"] for row in rows], Answer(200, body))

    def _validated(self, row: Json) -> Json:
        business = self.business(row["b_no"])
        agrees = (
            business.b_stt_cd != ""
            and business.p_nm in {"", row["p_nm"]}
            and business.start_dt in {"", row["start_dt"]}
        )
        if not agrees:
            return {"b_no": row["b_no"], "valid": "02", "valid_msg": "확인할 수 없습니다.", "request_param": row}
        return {"b_no": row["b_no"], "valid": "01", "request_param": row, "status": status_row(business)}

    def _troubled(self, numbers: list[str], answer: Answer) -> Answer:
        serials = {number[5:9] for number in numbers}
        if BROKEN_SERIAL in serials:
            return Answer(500, NTS.failure(500))
        if SILENT_SERIAL in serials:
            return answer.then("hung")
        if NO_JSON_SERIAL in serials:
            return Answer(200, b"<html>error</html>", "text/html")
        fresh = [number for number in numbers if number[5:9] == BROKEN_ONCE_SERIAL and number not in self._struck]
        for number in fresh:
            self._struck.put(number, 1)
        return Answer(500, NTS.failure(500)) if fresh else answer


def is_number(value: Any) -> bool:
    """Ten digits and nothing else."""
    return isinstance(value, str) and NUMBER.match(value) is not None


def is_application(row: Any) -> bool:
    """Whether a row of validate has what the office asks for: number, start date, representative."""
    if not isinstance(row, dict) or not is_number(row.get("b_no")):
        return False
    start = row.get("start_dt")
    return isinstance(start, str) and len(start) == 8 and start.isdigit() and bool(row.get("p_nm"))


def status_row(business: Business) -> Json:
    """The office's row for a number."""
    known = business.b_stt_cd != ""
    return {
        "b_no": business.b_no,
        "b_stt": STATE_NAMES.get(business.b_stt_cd, ""),
        "b_stt_cd": business.b_stt_cd,
        "tax_type": business.tax_type if known else UNREGISTERED,
        "tax_type_cd": business.tax_type_cd if known else "",
        "end_dt": business.end_dt,
        "utcc_yn": "N" if known else "",
        "tax_type_change_dt": "",
        "invoice_apply_dt": "",
        "rbf_tax_type": "해당없음" if known else "",
        "rbf_tax_type_cd": "99" if known else "",
    }


def check_digit(first_nine: str) -> int:
    """The tenth digit that belongs to the first nine."""
    total = sum(int(digit) * weight for digit, weight in zip(first_nine, WEIGHTS, strict=True))
    return (10 - (total + int(first_nine[8]) * 5 // 10) % 10) % 10


def has_valid_check_digit(b_no: str) -> bool:
    """Whether the number is well formed; all zeros is not, though its sum agrees."""
    return b_no[:3] >= "101" and b_no[3:5] != "00" and int(b_no[9]) == check_digit(b_no[:9])


def number_for(serial: str, place: int) -> str:
    """A well-formed number with this serial (four digits); `place` from 0 gives different ones."""
    first_nine = f"{110 + place // 19:03d}{81 + place % 19:02d}{serial}"
    return f"{first_nine}{check_digit(first_nine)}"
