"""사업자등록증: exactly one picture or PDF, judged by content (IDN-03)."""

from dataclasses import dataclass
from datetime import datetime

from identity.domain.errors import CertificateRefusedError, CertificateTooLargeError

ALLOWED_CONTENT_TYPES = frozenset({"image/jpeg", "image/png", "application/pdf"})


@dataclass(frozen=True)
class Certificate:
    """A stored certificate: where the file is, what it is, as the applicant named it."""

    file_key: str
    file_name: str
    content_type: str
    size_bytes: int
    stored_at: datetime


def check_certificate(*, content_type: str | None, size_bytes: int, bytes_max: int) -> str:
    """The content type, when the file may be a certificate; `None` is content that nobody recognises.

    Raises `CertificateRefusedError`, `CertificateTooLargeError`.
    """
    if size_bytes > bytes_max:
        raise CertificateTooLargeError(bytes_max)
    if content_type not in ALLOWED_CONTENT_TYPES:
        raise CertificateRefusedError
    return content_type
