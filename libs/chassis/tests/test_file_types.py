"""Types of files, judged by content and never by a name."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.file_types import UnknownFileType, sniff

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def archive(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for name in names:
            # A time of its own: archives stand in the tests' names, which all workers of a run have to agree on.
            target.writestr(zipfile.ZipInfo(name, (2026, 3, 2, 9, 0, 0)), "x")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (PNG, "image/png"),
        (b"%PDF-1.7\n", "application/pdf"),
        (archive("a.txt"), "application/zip"),
        (
            archive("[Content_Types].xml", "xl/workbook.xml"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "Workbook".encode("utf-16-le"),
            "application/vnd.ms-excel",
        ),
    ],
)
def test_a_type_is_judged_by_content(content: bytes, content_type: str) -> None:
    assert sniff(content) == content_type


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"certificate.png",
        b"\x89PNG",
        b"GIF89a",
        b"<html>%PDF-1.7",
        b"MZ\x90\x00",
        b"PK\x03\x04 and then nothing",
        archive("a.txt")[:-10],
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le"),
    ],
)
def test_what_is_of_no_known_type_is_refused(content: bytes) -> None:
    with pytest.raises(UnknownFileType):
        sniff(content)


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"%PDF-", b"\xff\xd8\xff"]))
def test_any_content_is_judged_or_refused(content: bytes, start: bytes) -> None:
    try:
        assert sniff(start + content).partition("/")[0] in {"image", "application"}
    except UnknownFileType:
        assert start in {b"", b"PK\x03\x04"}
