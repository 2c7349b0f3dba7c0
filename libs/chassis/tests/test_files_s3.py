"""The file store in a bucket, over the wire: an S3 server of the tests' own that checks signatures by itself."""

import hashlib
import hmac
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import httpx
import pytest
from pydantic import SecretStr

from chassis.files import FileMissing, FileStoreUnavailable, StoredFile, UnsafeKey
from chassis.files_s3 import S3FileStore
from chassis.testing.wire import Exchange, WireServer

SECRET = "hush-hush"
ALGORITHM = "AWS4-HMAC-SHA256"


class Bucket:
    """One bucket in memory, as the protocol's description has it: path-style, signature version 4."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, str]] = {}
        self.failures: list[int] = []
        self.ahead = timedelta()

    def __call__(self, exchange: Exchange) -> None:
        path, _, query = exchange.target.partition("?")
        if self.failures:
            self._refuse(exchange, self.failures.pop(0), "SlowDown")
        elif not self._is_signed(exchange, path, query):
            self._refuse(exchange, 403, "SignatureDoesNotMatch")
        else:
            self._serve(exchange, unquote(path).removeprefix("/files/"))

    def _serve(self, exchange: Exchange, key: str) -> None:
        if exchange.method == "PUT":
            self.objects[key] = (exchange.body, exchange.headers["content-type"])
            exchange.answer(200, b"", ETag='"x"')
        elif exchange.method == "DELETE":
            self.objects.pop(key, None)
            exchange.send(b"HTTP/1.1 204 No Content\r\n\r\n")
        elif key in self.objects:
            content, content_type = self.objects[key]
            exchange.answer(200, content, Content_Type=content_type)
        else:
            self._refuse(exchange, 404, "NoSuchKey")

    def _refuse(self, exchange: Exchange, status: int, code: str) -> None:
        exchange.answer(status, f"<Error><Code>{code}</Code></Error>".encode(), Content_Type="application/xml")

    def _is_signed(self, exchange: Exchange, path: str, query: str) -> bool:
        given = dict(parse_qsl(query, keep_blank_values=True))
        if "X-Amz-Signature" in given:
            signature = given.pop("X-Amz-Signature")
            at = datetime.strptime(given["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            if at + timedelta(seconds=int(given["X-Amz-Expires"])) <= datetime.now(UTC) + self.ahead:
                return False
            scope, signed, date = given["X-Amz-Credential"], given["X-Amz-SignedHeaders"], given["X-Amz-Date"]
            payload = "UNSIGNED-PAYLOAD"
        else:
            parts = dict(re.findall(r"(\w+)=([^,\s]+)", exchange.headers.get("authorization", "")))
            if not parts:
                return False
            signature, scope, signed = parts["Signature"], parts["Credential"], parts["SignedHeaders"]
            date = exchange.headers["x-amz-date"]
            payload = exchange.headers["x-amz-content-sha256"]
            if payload not in {hashlib.sha256(exchange.body).hexdigest(), "UNSIGNED-PAYLOAD"}:
                return False
        canonical_query = "&".join(f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in sorted(given.items()))
        headers = "".join(f"{name}:{exchange.headers[name]}\n" for name in signed.split(";"))
        request = f"{exchange.method}\n{path}\n{canonical_query}\n{headers}\n{signed}\n{payload}"
        _, *credential = scope.split("/")
        text = "\n".join([ALGORITHM, date, "/".join(credential), hashlib.sha256(request.encode()).hexdigest()])
        key = f"AWS4{SECRET}".encode()
        for part in (*credential, text):
            key = hmac.digest(key, part.encode(), "sha256")
        return hmac.compare_digest(key.hex(), signature)


@pytest.fixture
def bucket() -> Bucket:
    return Bucket()


@pytest.fixture
def server(bucket: Bucket) -> Iterator[WireServer]:
    with WireServer(bucket) as server:
        yield server


def store_at(server: WireServer, secret: str = SECRET) -> S3FileStore:
    return S3FileStore(
        "files",
        access_key_id=SecretStr("id"),
        secret_access_key=SecretStr(secret),
        endpoint=server.url,
        prefix="identity",
        read_timeout_seconds=0.5,
    )


@pytest.fixture
def store(server: WireServer) -> S3FileStore:
    return store_at(server)


def test_a_file_is_kept_with_its_type_under_the_services_prefix(store: S3FileStore, bucket: Bucket) -> None:
    store.put("a/b.png", b"\x00content", "image/png")
    assert bucket.objects == {"identity/a/b.png": (b"\x00content", "image/png")}
    assert store.get("a/b.png") == StoredFile(b"\x00content", "image/png")


def test_a_missing_file_is_missing_and_need_not_be_deleted(store: S3FileStore, bucket: Bucket) -> None:
    with pytest.raises(FileMissing):
        store.get("a")
    store.delete("a")
    store.put("a", b"x", "text/plain")
    store.delete("a")
    assert bucket.objects == {}


def test_a_link_reads_its_file_until_its_time_is_over(store: S3FileStore, bucket: Bucket) -> None:
    store.put("a.png", b"content", "image/png")
    link = store.link("a.png", 60)
    answer = httpx.get(link, trust_env=False)
    assert (answer.content, answer.headers["Content-Type"]) == (b"content", "image/png")
    assert httpx.get(link.replace("a.png", "b.png"), trust_env=False).status_code == 403
    bucket.ahead = timedelta(seconds=60)
    assert httpx.get(link, trust_env=False).status_code == 403
    assert "hush" not in urlsplit(link).query


def test_a_moment_of_trouble_is_waited_out(store: S3FileStore, bucket: Bucket) -> None:
    bucket.failures = [503, 500]
    store.put("a", b"x", "text/plain")
    assert bucket.objects == {"identity/a": (b"x", "text/plain")}


def test_a_store_that_stays_away_is_unavailable(store: S3FileStore, bucket: Bucket) -> None:
    bucket.failures = [503] * 3
    with pytest.raises(FileStoreUnavailable, match="SlowDown"):
        store.put("a", b"x", "text/plain")


def test_the_wrong_key_is_told_without_showing_it(server: WireServer) -> None:
    with pytest.raises(FileStoreUnavailable, match="SignatureDoesNotMatch") as refusal:
        store_at(server, secret="wrong-hush").get("a")
    assert "hush" not in str(refusal.value)


def test_nobody_listening_is_unavailable() -> None:
    with WireServer(Exchange.answer) as server:
        store = store_at(server)
    with pytest.raises(FileStoreUnavailable):
        store.get("a")


def test_keys_types_and_seconds_are_checked_before_anything_is_sent(store: S3FileStore, server: WireServer) -> None:
    with pytest.raises(UnsafeKey):
        store.put("../a", b"x", "text/plain")
    with pytest.raises(ValueError, match="content type"):
        store.put("a", b"x", "text/plain\r\nX: y")
    with pytest.raises(ValueError, match="seconds"):
        store.link("a", 0)
    assert server.requests == []
