"""Files in requests: read whole, within a limit. What a file is, `files` judges by its content, never by its name."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from chassis.bodies import MULTIPART, is_sound
from chassis.problems import BodyTooLarge, FieldError, InvalidRequest, UnsupportedMediaType

FILE_NAME_LENGTH_MAX = 255


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a request. The name is the client's word: to be shown, never to be a path."""

    file_name: str
    content: bytes


def read_upload(field: str = "file", *, bytes_max: int) -> Upload:
    """The file in a field of the multipart body.

    Raises `UnsupportedMediaType`, `InvalidRequest` when there is none or an empty one, `BodyTooLarge`.
    """
    if request.mimetype != MULTIPART:
        raise UnsupportedMediaType(MULTIPART)
    stored = request.files.get(field)
    if stored is None:
        raise InvalidRequest([FieldError(field, "파일이 필요합니다.", "A file is needed.")])
    content = stored.stream.read(bytes_max + 1)
    if len(content) > bytes_max:
        raise BodyTooLarge(bytes_max)
    if not content:
        raise InvalidRequest([FieldError(field, "빈 파일입니다.", "The file is empty.")])
    file_name = (stored.filename or "").replace("\\", "/").rpartition("/")[2]
    if not is_sound(file_name) or len(file_name) > FILE_NAME_LENGTH_MAX:
        raise InvalidRequest([FieldError(field, "파일 이름이 올바르지 않습니다.", "The file's name is not valid.")])
    return Upload(file_name, content)
