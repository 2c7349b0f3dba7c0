"""The file store in a bucket that speaks S3: AWS itself, or a compatible store by `endpoint`.

`s3://bucket?endpoint=https://…&region=…&prefix=…&sse=AES256`; all parameters but the bucket may be left out.
"""

from __future__ import annotations

from typing import Any, NoReturn
from urllib.parse import parse_qs, urlsplit

import boto3
from botocore.client import Config
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import SecretStr

from chassis.files import (
    FileMissing,
    FileStoreUnavailable,
    StoredFile,
    checked_content_type,
    checked_key,
    checked_seconds,
)
from chassis.settings import FileStoreSettings

_MISSING_CODES = frozenset({"NoSuchKey", "404", "NotFound"})


class S3FileStore:
    """One bucket. Puts are safe to repeat by their key, so the library's own few retries are used."""

    def __init__(
        self,
        bucket: str,
        *,
        access_key_id: SecretStr,
        secret_access_key: SecretStr,
        endpoint: str | None = None,
        region: str = "ap-northeast-2",
        prefix: str = "",
        server_side_encryption: str | None = None,
        connect_timeout_seconds: float = 3.0,
        read_timeout_seconds: float = 15.0,
    ) -> None:
        self._bucket = bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._encryption = {"ServerSideEncryption": server_side_encryption} if server_side_encryption else {}
        self._client: Any = boto3.session.Session().client(
            "s3",
            aws_access_key_id=access_key_id.get_secret_value(),
            aws_secret_access_key=secret_access_key.get_secret_value(),
            endpoint_url=endpoint,
            region_name=region,
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path" if endpoint else "auto"},
                connect_timeout=connect_timeout_seconds,
                read_timeout=read_timeout_seconds,
                retries={"mode": "standard", "total_max_attempts": 3},
                # Compatible stores do not all know the newer trailing checksums.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    @classmethod
    def from_settings(cls, settings: FileStoreSettings) -> S3FileStore:
        """Raises ValueError when the bucket or one of its keys is not set."""
        parts = urlsplit(settings.file_store_url)
        given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if not parts.netloc or settings.s3_access_key_id is None or settings.s3_secret_access_key is None:
            raise ValueError("a bucket needs its name and both keys (s3_access_key_id, s3_secret_access_key)")
        return cls(
            parts.netloc,
            access_key_id=settings.s3_access_key_id,
            secret_access_key=settings.s3_secret_access_key,
            endpoint=given.get("endpoint"),
            region=given.get("region", "ap-northeast-2"),
            prefix=given.get("prefix", ""),
            server_side_encryption=given.get("sse"),
        )

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Keep a file; the bucket shows it whole or not at all."""
        checked_content_type(content_type)
        place = self._place(key)
        try:
            self._client.put_object(**place, Body=content, ContentType=content_type, **self._encryption)
        except (ClientError, BotoCoreError) as problem:
            _unavailable(problem)

    def get(self, key: str) -> StoredFile:
        """The file. Raises FileMissing."""
        place = self._place(key)
        try:
            answer = self._client.get_object(**place)
            return StoredFile(answer["Body"].read(), answer["ContentType"])
        except ClientError as problem:
            if problem.response.get("Error", {}).get("Code") in _MISSING_CODES:
                raise FileMissing(key) from None
            _unavailable(problem)
        except BotoCoreError as problem:
            _unavailable(problem)

    def delete(self, key: str) -> None:
        """Forget a file; one that is not there is no error."""
        place = self._place(key)
        try:
            self._client.delete_object(**place)
        except (ClientError, BotoCoreError) as problem:
            _unavailable(problem)

    def link(self, key: str, expires_in_seconds: int) -> str:
        """A presigned address of the bucket itself."""
        place = self._place(key)
        seconds = checked_seconds(expires_in_seconds)
        return str(self._client.generate_presigned_url("get_object", Params=place, ExpiresIn=seconds))

    def _place(self, key: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._prefix + checked_key(key)}


def _unavailable(problem: Exception) -> NoReturn:
    """The library's errors may show addresses and signatures, so only their kind is passed on."""
    code = problem.response.get("Error", {}).get("Code", "") if isinstance(problem, ClientError) else ""
    raise FileStoreUnavailable(f"{type(problem).__name__} {code}".strip()) from None
