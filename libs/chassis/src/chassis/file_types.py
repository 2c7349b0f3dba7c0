"""What a file is, judged by its content; a name or a declared type is never asked."""

from __future__ import annotations

import io
import zipfile

JPEG = "image/jpeg"
PNG = "image/png"
PDF = "application/pdf"
ZIP = "application/zip"
XLS = "application/vnd.ms-excel"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OCTETS = "application/octet-stream"

_JPEG_START = b"\xff\xd8\xff"
_PNG_START = b"\x89PNG\r\n\x1a\n"
_PDF_START = b"%PDF-"
_ZIP_START = b"PK\x03\x04"
_OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_XLS_STREAMS = ("Workbook".encode("utf-16-le"), "Book\0".encode("utf-16-le"))
"""Names of the stream that makes a compound file a workbook: of Excel 97 and later, and of Excel 5."""


class UnknownFileType(ValueError):
    """The content is of none of the types that we know."""


def sniff(content: bytes) -> str:
    """The content type: jpeg, png, pdf, xls, xlsx or zip. Raises UnknownFileType."""
    if content.startswith(_JPEG_START):
        return JPEG
    if content.startswith(_PNG_START):
        return PNG
    if content.startswith(_PDF_START):
        return PDF
    if content.startswith(_OLE_START) and any(name in content for name in _XLS_STREAMS):
        return XLS
    if content.startswith(_ZIP_START):
        return _kind_of_archive(content)
    raise UnknownFileType("the content is of no known type")


def _kind_of_archive(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return XLSX if "xl/workbook.xml" in archive.namelist() else ZIP
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise UnknownFileType("the archive is damaged") from None
