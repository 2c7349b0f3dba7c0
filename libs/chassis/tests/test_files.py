"""The file store in a folder: whole files only, safe keys, types by content, links that end."""

import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from flask_openapi3 import OpenAPI
from hypothesis import given
from hypothesis import strategies as st
from pydantic_settings import SettingsConfigDict

from chassis.file_links import file_link_blueprints
from chassis.files import (
    FileMissing,
    FileStore,
    FileStoreUnavailable,
    LinkInvalid,
    LocalFileStore,
    StoredFile,
    UnsafeKey,
    file_store_from,
)
from chassis.files_s3 import S3FileStore
from chassis.problems import NotFound
from chassis.settings import FileStoreSettings

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
UNSAFE_KEYS = [
    "",
    "/etc/passwd",
    "../secret",
    "a/../../secret",
    "a/./b",
    "a//b",
    "a/",
    ".hidden",
    "a/.hidden",
    "a\\b",
    "a b",
    "a\nb",
    "a\x00b",
    "사진.png",
    "a" * 501,
    "a" * 201,
]


@pytest.fixture
def store(tmp_path: Path) -> LocalFileStore:
    return LocalFileStore(tmp_path)


def test_a_file_is_kept_with_its_type(store: LocalFileStore) -> None:
    store.put("sign-ups/0190/certificate", PNG, "image/png")
    assert store.get("sign-ups/0190/certificate") == StoredFile(PNG, "image/png")


@given(content=st.binary(max_size=2000))
def test_content_comes_back_to_the_byte(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    store = LocalFileStore(tmp_path_factory.getbasetemp() / "shared")
    store.put("a", content, "text/csv; charset=utf-8")
    assert store.get("a") == StoredFile(content, "text/csv; charset=utf-8")


def test_the_same_key_again_replaces_the_file(store: LocalFileStore) -> None:
    store.put("a", b"old", "text/plain")
    store.put("a", b"new", "text/csv")
    assert store.get("a") == StoredFile(b"new", "text/csv")


def test_a_missing_file_is_missing_and_need_not_be_deleted(store: LocalFileStore) -> None:
    store.put("a/b", b"x", "text/plain")
    for key in ("c", "a", "a/b/c"):
        with pytest.raises(FileMissing):
            store.get(key)
    store.delete("c")
    store.delete("a/b")
    with pytest.raises(FileMissing):
        store.get("a/b")


@pytest.mark.parametrize("key", UNSAFE_KEYS)
def test_a_key_that_could_leave_the_folder_is_refused(key: str, store: LocalFileStore) -> None:
    for use in (
        lambda: store.put(key, b"x", "text/plain"),
        lambda: store.get(key),
        lambda: store.delete(key),
        lambda: store.link(key, 60),
    ):
        with pytest.raises(UnsafeKey):
            use()


def test_a_reader_never_sees_half_a_file(store: LocalFileStore) -> None:
    versions = [bytes([value]) * 300_000 for value in range(2)]
    store.put("a", versions[0], "text/plain")
    done = threading.Event()

    def write() -> None:
        for turn in range(60):
            store.put("a", versions[turn % 2], "text/plain")
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    while not done.is_set():
        assert store.get("a").content in versions
    writer.join()


def test_a_failed_write_leaves_the_file_as_it_was_and_no_draft(
    store: LocalFileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put("a", b"old", "text/plain")

    def disk_is_full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", disk_is_full)
    with pytest.raises(FileStoreUnavailable, match="ENOSPC"):
        store.put("a", b"new", "text/plain")
    monkeypatch.undo()
    assert store.get("a").content == b"old"
    assert [path.name for path in (tmp_path / "files").iterdir()] == ["a"]


def test_a_key_below_a_file_cannot_be_kept(store: LocalFileStore) -> None:
    store.put("a", b"x", "text/plain")
    with pytest.raises(FileStoreUnavailable):
        store.put("a/b", b"x", "text/plain")


def test_only_the_services_own_user_reads_the_folder(store: LocalFileStore, tmp_path: Path) -> None:
    store.put("a/b", b"x", "text/plain")
    store.link("a/b", 60)
    for path in (tmp_path / "files" / "a" / "b", tmp_path / "link-key"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_content_type_cannot_smuggle_a_header(store: LocalFileStore) -> None:
    for wrong in ("", "text", "text/plain\r\nX: y", "text/plain; charset=utf-8\nx"):
        with pytest.raises(ValueError, match="content type"):
            store.put("a", b"x", wrong)


def test_a_link_reads_its_file_until_its_time_is_over(tmp_path: Path) -> None:
    now = [1_000_000.0]
    store = LocalFileStore(tmp_path, link_base="/admin/identity/files", wall_clock=lambda: now[0])
    store.put("a/b.png", PNG, "image/png")
    link = store.link("a/b.png", 60)
    base, _, token = link.rpartition("/")
    assert base == "/admin/identity/files"
    now[0] += 59
    assert store.read_link(token) == ("a/b.png", StoredFile(PNG, "image/png"))
    now[0] += 1
    with pytest.raises(LinkInvalid):
        store.read_link(token)


def test_a_changed_link_reads_nothing(store: LocalFileStore, tmp_path: Path) -> None:
    store.put("a", b"x", "text/plain")
    token = store.link("a", 60).rpartition("/")[2]
    elsewhere = LocalFileStore(tmp_path / "elsewhere").link("a", 60).rpartition("/")[2]
    for wrong in ("", "x", token[:-1], token + "x", elsewhere, "한글", token.partition(".")[0]):
        with pytest.raises(LinkInvalid):
            store.read_link(wrong)


def test_processes_that_start_together_sign_with_one_key(tmp_path: Path) -> None:
    stores = [LocalFileStore(tmp_path) for _ in range(8)]
    stores[0].put("a", b"x", "text/plain")
    together = threading.Barrier(8)
    tokens: list[str] = []

    def sign(store: LocalFileStore) -> None:
        together.wait()
        tokens.append(store.link("a", 60).rpartition("/")[2])

    threads = [threading.Thread(target=sign, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [LocalFileStore(tmp_path).read_link(token)[0] for token in tokens] == ["a"] * 8


def test_a_link_lives_at_most_a_week(store: LocalFileStore) -> None:
    for seconds in (0, -1, 7 * 24 * 3600 + 1):
        with pytest.raises(ValueError, match="seconds"):
            store.link("a", seconds)


def test_links_are_served_without_letting_content_run(store: LocalFileStore) -> None:
    app = OpenAPI("probe")
    for blueprint in file_link_blueprints(store, path="/v1/files"):
        app.register_api(blueprint)
    app.register_error_handler(NotFound, lambda _: ("", 404))
    store.put("a/b.png", PNG, "image/png")
    store.put("a/c.html", b"<script>", "text/html")
    client = app.test_client()
    shown = client.get(store.link("a/b.png", 60))
    assert (shown.status_code, shown.data, shown.content_type) == (200, PNG, "image/png")
    assert shown.headers["Content-Disposition"] == 'inline; filename="b.png"'
    assert shown.headers["Cache-Control"] == "private, no-store"
    saved = client.get(store.link("a/c.html", 60))
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in saved.headers["Content-Security-Policy"]
    assert client.get("/v1/files/forged").status_code == 404
    gone = store.link("a/b.png", 60)
    store.delete("a/b.png")
    assert client.get(gone).status_code == 404


class Settings(FileStoreSettings):
    model_config = SettingsConfigDict(env_prefix="PROBE_")


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> Callable[..., FileStore]:
    def choose(url: str, **keys: str) -> FileStore:
        monkeypatch.setenv("PROBE_FILE_STORE_URL", url)
        for name, value in keys.items():
            monkeypatch.setenv(f"PROBE_{name}", value)
        return file_store_from(Settings())

    return choose


def test_the_store_is_chosen_by_its_address(chosen: Callable[..., FileStore], tmp_path: Path) -> None:
    local = chosen(f"file://{tmp_path}/%ED%95%9C")
    assert isinstance(local, LocalFileStore)
    assert (tmp_path / "한").is_dir()
    bucket = chosen("s3://files?endpoint=http://127.0.0.1:1", S3_ACCESS_KEY_ID="a", S3_SECRET_ACCESS_KEY="b")
    assert isinstance(bucket, S3FileStore)
    assert file_link_blueprints(bucket, path="/v1/files") == ()


@pytest.mark.parametrize(
    "url", ["files", "file://", "file:///", "file://host/folder", "ftp://x/y", "s3://files", "s3:///x"]
)
def test_an_address_that_names_no_store_is_refused(url: str, chosen: Callable[..., FileStore]) -> None:
    with pytest.raises(ValueError, match=r"file_store_url|bucket"):
        chosen(url)
