"""Whatever a client sends, the answer is a problem document with the right 4xx, in both languages."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest

GOOD = {"label": "가위", "weight_grams": 100}


def assert_problem(response: Any, status: int, code: str) -> dict[str, Any]:
    assert (response.status_code, response.content_type) == (status, "application/problem+json")
    document: dict[str, Any] = response.get_json()
    assert document["code"] == code
    assert document["type"] == f"urn:problem:{code}"
    assert document["status"] == status
    assert document["message"]["ko"]
    assert document["message"]["en"]
    assert document["correlation_id"] == response.headers["X-Correlation-Id"]
    return document


@pytest.fixture
def post(service: Any) -> Any:
    headers = service.issuer.headers() | {"Idempotency-Key": "key-1"}

    def send(data: bytes | str, content_type: str | None = "application/json") -> Any:
        return service.api.post("/v1/things", data=data, content_type=content_type, headers=headers)

    return send


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"label": "가위", "weight_grams": 1',
        "{'label': 1}",
        '{"weight_grams": NaN}',
        '{"weight_grams": Infinity}',
        "[1,]",
        b"\xff\xfe{}",
        b'{"label": "\xed\xa0\x80"}',
        b"\xef\xbb\xbf{}",
        "[" * 100_000,
        '{"label": ' + "[" * 500 + "]" * 500 + "}",
        '{"weight_grams": ' + "9" * 5_000 + "}",
        '{"label": "\x00"}',
    ],
)
def test_what_is_no_json_is_a_400(service: Any, text: bytes | str) -> None:
    service.app.api.config["MAX_CONTENT_LENGTH"] = 1_000_000
    headers = service.issuer.headers() | {"Idempotency-Key": "key-1"}
    response = service.api.post("/v1/things", data=text, content_type="application/json", headers=headers)
    document = response.get_json()
    # A number with thousands of digits is JSON by the grammar: which of the two it is called does not matter.
    assert (response.status_code, document["code"]) in {(400, "malformed_json"), (422, "invalid_request")}
    assert response.status_code == 400 or b"999" in (text if isinstance(text, bytes) else text.encode())


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("[]", ""),
        ("null", ""),
        ("1", ""),
        ('"text"', ""),
        (r'"{\"label\":\"가위\",\"weight_grams\":1}"', ""),
        ('{"label": "가위"}', "weight_grams"),
        ('{"label": "가위", "weight_grams": "100"}', "weight_grams"),
        ('{"label": "가위", "weight_grams": 1.5}', "weight_grams"),
        ('{"label": "가위", "weight_grams": 1.0}', "weight_grams"),
        ('{"label": "가위", "weight_grams": true}', "weight_grams"),
        ('{"label": "가위", "weight_grams": 0}', "weight_grams"),
        ('{"label": "가위", "weight_grams": 99999999999999999999999}', "weight_grams"),
        ('{"label": 7, "weight_grams": 1}', "label"),
        ('{"label": "", "weight_grams": 1}', "label"),
        ('{"label": "가위", "weight_grams": 1, "tags": "x"}', "tags"),
        ('{"label": "가위", "weight_grams": 1, "tags": ["x", 1]}', "tags.1"),
        ('{"label": "가위", "weight_grams": 1, "parent_id": "no id"}', "parent_id"),
        ('{"label": "가위", "weight_grams": 1, "colour": "red"}', "colour"),
        (r'{"label": "\u0000", "weight_grams": 1}', "label"),
        (r'{"label": "\ud800", "weight_grams": 1}', "label"),
        (r'{"label": "\udc00\ud800", "weight_grams": 1}', "label"),
        (r'{"label": "가위", "weight_grams": 1, "tags": ["a", "\u0000"]}', "tags.1"),
    ],
)
def test_a_wrong_field_is_named_in_both_languages(post: Any, body: str, field: str) -> None:
    document = assert_problem(post(body), 422, "invalid_request")
    (error,) = document["errors"]
    assert error["field"] == field
    assert error["ko"]
    assert error["en"]
    assert any("가" <= character <= "힣" for character in error["ko"])


def test_a_bad_character_in_a_field_name_is_refused(post: Any) -> None:
    assert_problem(post(r'{"label": "가위", "weight_grams": 1, "\u0000": 1}'), 422, "invalid_request")


def test_a_surrogate_pair_and_an_escaped_backslash_are_welcome(post: Any) -> None:
    response = post(r'{"label": "\ud83d\ude00 \\u0000", "weight_grams": 1}')
    assert response.status_code == 201
    assert response.get_json()["label"] == "😀 \\u0000"


def test_a_million_errors_are_answered_with_a_page(service: Any, post: Any) -> None:
    document = assert_problem(post('{"tags": [' + ",".join(["1"] * 5_000) + "]}"), 422, "invalid_request")
    assert len(document["errors"]) <= 50


def test_the_value_that_was_wrong_is_not_repeated(post: Any) -> None:
    response = post('{"label": "가위", "weight_grams": "01012345678"}')
    assert "01012345678" not in response.get_data(as_text=True)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None]
)
def test_another_content_type_is_a_415(post: Any, content_type: str | None) -> None:
    assert_problem(post("{}", content_type), 415, "unsupported_media_type")


def test_a_body_that_says_it_is_too_large_is_a_413(post: Any) -> None:
    document = assert_problem(post(b" " * 20_001), 413, "body_too_large")
    assert "20,000" in document["message"]["ko"]


@pytest.mark.parametrize("thing_id", ["x", "1", "%00", "%ff", "..%2f..", "00000000-0000-0000-0000-00000000000g", "가"])
def test_an_id_that_is_none_is_a_404(service: Any, thing_id: str) -> None:
    headers = service.issuer.headers()
    assert_problem(service.api.get(f"/v1/things/{thing_id}", headers=headers), 404, "not_found")
    assert_problem(service.api.put(f"/v1/things/{thing_id}/picture", headers=headers), 404, "not_found")


def test_an_unknown_id_and_an_unknown_address_are_404s(service: Any) -> None:
    headers = service.issuer.headers()
    assert_problem(service.api.get(f"/v1/things/{uuid4()}", headers=headers), 404, "not_found")
    assert_problem(service.api.get("/v1/nothing"), 404, "not_found")
    assert_problem(service.api.get("//v1/things"), 404, "not_found")
    assert_problem(service.api.get("/admin/things"), 404, "not_found")
    assert_problem(service.api.get("/healthz/live"), 404, "not_found")


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
def test_another_method_is_a_405_that_says_which_are_taken(service: Any, method: str) -> None:
    response = service.api.open("/v1/things", method=method)
    assert_problem(response, 405, "method_not_allowed")
    assert "POST" in response.headers["Allow"]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "limit=", "cursor=%00", "limit=1&x=%00", "cursor=" + "a" * 600]
)
def test_a_bad_query_is_a_422(service: Any, query: str) -> None:
    response = service.api.get(f"/v1/things?{query}", headers=service.issuer.headers())
    assert assert_problem(response, 422, "invalid_request")["errors"]


@pytest.mark.parametrize("cursor", ["x", "e30", "W10", "WzEsMl0", "bnVsbA", "====", "가", "WyJhIiwiYiJd"])
def test_what_is_no_cursor_of_the_list_is_a_422(service: Any, cursor: str) -> None:
    response = service.api.get("/v1/things", query_string={"cursor": cursor}, headers=service.issuer.headers())
    document = assert_problem(response, 422, "invalid_request")
    assert document["errors"][0]["field"] == "cursor"


@pytest.mark.parametrize("key", ["", " ", "a b", "키", "x" * 256, "a\tb"])
def test_a_key_that_is_none_is_a_400(service: Any, key: str) -> None:
    headers = service.issuer.headers() | {"Idempotency-Key": key.encode().decode("latin-1")}
    response = service.api.post("/v1/things", json=GOOD, headers=headers)
    assert response.status_code == 400
    assert response.get_json()["code"] in {"idempotency_key_missing", "idempotency_key_invalid"}


def test_a_write_without_its_key_is_a_400(service: Any) -> None:
    response = service.api.post("/v1/things", json=GOOD, headers=service.issuer.headers())
    assert_problem(response, 400, "idempotency_key_missing")


class TestUploads:
    @pytest.fixture
    def put(self, service: Any) -> Any:
        headers = service.issuer.headers()
        return lambda **kwargs: service.api.put(f"/v1/things/{uuid4()}/picture", headers=headers, **kwargs)

    def test_a_file_is_read_and_its_name_loses_its_folders(self, put: Any) -> None:
        response = put(data={"file": (BytesIO(b"abc"), "../../etc/사진.png")})
        assert response.get_json() == {"file_name": "사진.png", "size_bytes": 3}

    def test_a_file_that_is_too_large_is_a_413(self, put: Any) -> None:
        assert_problem(put(data={"file": (BytesIO(b"x" * 1_001), "a.png")}), 413, "body_too_large")
        assert put(data={"file": (BytesIO(b"x" * 1_000), "a.png")}).status_code == 200

    def test_no_file_and_an_empty_file_are_422s_that_name_the_field(self, put: Any) -> None:
        for data in ({"caption": "x"}, {"file": (BytesIO(b""), "a.png")}, {"caption": "\x00"}):
            response = put(data=data, content_type="multipart/form-data")
            assert assert_problem(response, 422, "invalid_request")["errors"]

    def test_a_part_without_a_name_is_a_422(self, put: Any) -> None:
        for disposition in ("form-data", 'form-data; filename="a.png"'):
            data = f"--x\r\nContent-Disposition: {disposition}\r\n\r\nabc\r\n--x--\r\n".encode()
            assert_problem(put(data=data, content_type="multipart/form-data; boundary=x"), 422, "invalid_request")

    def test_another_content_type_is_a_415(self, put: Any) -> None:
        assert_problem(put(json={}), 415, "unsupported_media_type")

    def test_a_broken_multipart_body_is_a_4xx(self, put: Any) -> None:
        for content_type in ("multipart/form-data", "multipart/form-data; boundary=x"):
            response = put(data=b"--x\r\ngarbage", content_type=content_type)
            assert 400 <= response.status_code < 500
            assert response.content_type == "application/problem+json"
