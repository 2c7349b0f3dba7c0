"""Files: a port, the local folder behind it, and the short-lived links by which files are read.

The store is chosen by setting: `file:///folder`, or a bucket (`files_s3`). A service has a folder or bucket of its
own. Content types are the caller's word; `sniff` finds them by content.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Protocol
from urllib.parse import unquote, urlsplit

from itsdangerous import BadData, URLSafeSerializer

from chassis.file_types import UnknownFileType, sniff
from chassis.settings import FileStoreSettings

__all__ = [
    "FileMissing",
    "FileStore",
    "FileStoreUnavailable",
    "LinkInvalid",
    "LocalFileStore",
    "StoredFile",
    "UnknownFileType",
    "UnsafeKey",
    "file_store_from",
    "sniff",
]

KEY_LENGTH_MAX = 500
LINK_SECONDS_MAX = 7 * 24 * 3600
"""A bucket signs no longer link either."""

_NOT_THERE = (FileNotFoundError, IsADirectoryError, NotADirectoryError)

_SEGMENT = r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}"
_KEY = re.compile(rf"{_SEGMENT}(/{_SEGMENT})*")
_CONTENT_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+(; ?charset=[a-z0-9-]+)?")


class UnsafeKey(ValueError):
    """Keys are ours to make: ASCII letters, digits, `_`, `-` and `.`, in segments that do not begin with a dot."""


class FileMissing(LookupError):
    """The store has no file under the key."""

    def __init__(self, key: str) -> None:
        super().__init__(f"no file {key!r}")
        self.key = key


class FileStoreUnavailable(RuntimeError):
    """The store did not do it; the same again later may work."""


class LinkInvalid(ValueError):
    """The link is not ours, or its time is over."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as it was put."""

    content: bytes = field(repr=False)
    content_type: str


class FileStore(Protocol):
    """Where files are kept. Every method raises UnsafeKey, and FileStoreUnavailable when the store is away."""

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Keep a file whole or not at all; the same key again replaces it."""
        ...

    def get(self, key: str) -> StoredFile:
        """The file. Raises FileMissing."""
        ...

    def delete(self, key: str) -> None:
        """Forget a file; one that is not there is no error."""
        ...

    def link(self, key: str, expires_in_seconds: int) -> str:
        """An address that reads the file without further proof until its time is over, by the machine's clock."""
        ...


class LocalFileStore:
    """Files in a folder of this machine: one file each, its content type in the first line.

    The key that signs links is made by the first process that needs it, and lies in the folder.
    """

    def __init__(
        self, folder: Path, *, link_base: str = "/v1/files", wall_clock: Callable[[], float] = time.time
    ) -> None:
        self._files = folder / "files"
        self._link_key_file = folder / "link-key"
        self._link_base = link_base.rstrip("/")
        self._wall_clock = wall_clock
        self._files.mkdir(parents=True, exist_ok=True, mode=0o700)

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Write beside the place, then rename: no reader and no crash ever sees half a file."""
        path = self._path(key)
        checked_content_type(content_type)
        with _refusals_of_the_disk():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write_whole(path, content_type.encode() + b"\n" + content, replace=True)

    def get(self, key: str) -> StoredFile:
        """The file. Raises FileMissing."""
        path = self._path(key)
        try:
            with _refusals_of_the_disk():
                stored = path.read_bytes()
        except _NOT_THERE:
            raise FileMissing(key) from None
        content_type, _, content = stored.partition(b"\n")
        return StoredFile(content, content_type.decode())

    def delete(self, key: str) -> None:
        """Forget a file; one that is not there is no error."""
        with suppress(*_NOT_THERE), _refusals_of_the_disk():
            self._path(key).unlink()

    def link(self, key: str, expires_in_seconds: int) -> str:
        """An address under `link_base`, which `file_links.file_link_blueprints` serves."""
        checked_key(key)
        expires_at = int(self._wall_clock()) + checked_seconds(expires_in_seconds)
        return f"{self._link_base}/{self._links().dumps([key, expires_at])}"

    def read_link(self, token: str) -> tuple[str, StoredFile]:
        """The key and file that a link's last part names. Raises LinkInvalid and FileMissing."""
        try:
            key, expires_at = self._links().loads(token)
        except (BadData, ValueError, TypeError):
            raise LinkInvalid("not a link of ours") from None
        if self._wall_clock() >= expires_at:
            raise LinkInvalid("its time is over")
        return key, self.get(key)

    def _path(self, key: str) -> Path:
        return self._files / checked_key(key)

    def _links(self) -> URLSafeSerializer:
        if not self._link_key_file.exists():
            with suppress(FileExistsError):
                _write_whole(self._link_key_file, secrets.token_bytes(32), replace=False)
        return URLSafeSerializer(self._link_key_file.read_bytes(), salt="file-link")


def file_store_from(settings: FileStoreSettings, *, link_base: str = "/v1/files") -> FileStore:
    """The store that the setting names. Raises ValueError for a setting that names none."""
    parts = urlsplit(settings.file_store_url)
    if parts.scheme == "file" and parts.path.strip("/") and not parts.netloc:
        return LocalFileStore(Path(unquote(parts.path)), link_base=link_base)
    if parts.scheme == "s3":
        # Loading the bucket's library takes longer than everything else here together.
        from chassis.files_s3 import S3FileStore

        return S3FileStore.from_settings(settings)
    raise ValueError("file_store_url is file:///folder or s3://bucket?endpoint=…&region=…")


def checked_key(key: str) -> str:
    """The key itself. Raises UnsafeKey."""
    if len(key) > KEY_LENGTH_MAX or not _KEY.fullmatch(key):
        raise UnsafeKey("the key has characters or segments that are not allowed")
    return key


def checked_content_type(content_type: str) -> str:
    """The content type itself. Raises ValueError."""
    if not _CONTENT_TYPE.fullmatch(content_type):
        raise ValueError("not a content type")
    return content_type


def checked_seconds(expires_in_seconds: int) -> int:
    """The seconds themselves. Raises ValueError."""
    if not 1 <= expires_in_seconds <= LINK_SECONDS_MAX:
        raise ValueError(f"a link lives from 1 to {LINK_SECONDS_MAX} seconds")
    return expires_in_seconds


@contextmanager
def _refusals_of_the_disk() -> Iterator[None]:
    """A full or failing disk is the store being away; a file that is not there is for the caller to judge."""
    try:
        yield
    except _NOT_THERE:
        raise
    except OSError as problem:
        raise FileStoreUnavailable(errno.errorcode.get(problem.errno or 0, "OSError")) from None


def _write_whole(path: Path, content: bytes, *, replace: bool) -> None:
    """Write a file that appears complete, and survives a power cut. Without `replace` raises FileExistsError."""
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as draft:
        try:
            draft.write(content)
            draft.flush()
            os.fsync(draft.fileno())
            if replace:
                Path(draft.name).replace(path)
            else:
                path.hardlink_to(draft.name)
        finally:
            Path(draft.name).unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
