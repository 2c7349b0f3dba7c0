"""사업자등록증 (manual 2-1: .jpg, jpeg, pdf, png 첨부 가능 / 최대 10MB)."""

import pytest

from identity.domain.certificate import check_certificate
from identity.domain.errors import CertificateRefusedError, CertificateTooLargeError

pytestmark = pytest.mark.rule("IDN-03")


@pytest.mark.parametrize("content_type", ["image/jpeg", "image/png", "application/pdf"])
def test_pictures_and_pdf_are_certificates(content_type: str) -> None:
    assert check_certificate(content_type=content_type, size_bytes=10, bytes_max=10) == content_type


@pytest.mark.parametrize("content_type", ["image/gif", "application/zip", "text/html", None])
def test_other_content_is_none_whatever_its_name(content_type: str | None) -> None:
    with pytest.raises(CertificateRefusedError):
        check_certificate(content_type=content_type, size_bytes=10, bytes_max=10)


def test_one_byte_more_than_allowed_is_too_large() -> None:
    with pytest.raises(CertificateTooLargeError) as refused:
        check_certificate(content_type="image/png", size_bytes=10 * 1_048_576 + 1, bytes_max=10 * 1_048_576)
    assert refused.value.megabytes_max == 10
