"""Recipients' workbooks over REST (ORD-09, ORD-11)."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient

from ordering.documents.recipient_workbooks import RecipientWorkbooks
from ordering.domain.line import Row

GOOD, BAD = Row("01012345678", "홍길동"), Row("02-1", "김")


@pytest.fixture
def send(api: FlaskClient, master: dict[str, str]) -> Any:
    """Uploads a file to an address."""

    def post(content: bytes, path: str = "/v1/recipients/uploads") -> Any:
        return api.post(path, data={"file": (io.BytesIO(content), "수신자.xlsx")}, headers=master)

    return post


@pytest.mark.rule("ORD-09")
@pytest.mark.rule("ORD-11")
def test_a_file_brings_its_good_rows_and_names_the_bad_ones(send: Any) -> None:
    content = RecipientWorkbooks().listed([GOOD, BAD])
    answer = send(content).json
    assert (answer["count"], answer["count_max"], answer["refused_count"]) == (1, 10_000, 1)
    assert answer["recipients"] == [{"phone": "01012345678", "name": "홍길동", "company": "", "title": ""}]
    assert [(row["row_no"], row["column"], row["code"]) for row in answer["refused"]] == [
        (3, "휴대전화번호", "phone_invalid")
    ]
    refused = send(content, "/v1/recipients/refused.xlsx")
    assert RecipientWorkbooks().read(refused.data) == [(2, BAD)]
    assert "filename*=UTF-8''" in refused.headers["Content-Disposition"]


@pytest.mark.rule("ORD-11")
def test_list_and_sample_are_downloaded(api: FlaskClient, master: dict[str, str], send: Any) -> None:
    rows = {"recipients": [{"phone": "01012345678", "name": "홍길동"}]}
    listed = api.post("/v1/recipients/list.xlsx", json=rows, headers=master)
    assert RecipientWorkbooks().read(listed.data) == [(2, GOOD)]
    assert send(api.get("/v1/recipients/sample.xlsx", headers=master).data).json["refused_count"] == 0


@pytest.mark.rule("ORD-11")
def test_what_is_no_workbook_too_large_or_missing_is_a_4xx(api: FlaskClient, master: dict[str, str], send: Any) -> None:
    assert send(b"%PDF-1.7").json["code"] == "workbook_unreadable"
    assert send(b"x" * 10_000_001).status_code == 413
    assert api.post("/v1/recipients/uploads", data={}, headers=master).status_code in {415, 422}
    assert api.get("/v1/recipients/sample.xlsx").status_code == 401
