"""Pictures of products: kept under the digest of their content, so that an address never changes its picture."""

import hashlib
import re

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from chassis.access import public
from chassis.file_types import JPEG, PNG, UnknownFileType, sniff
from chassis.files import FileMissing, FileStore
from chassis.problems import FieldError, InvalidRequest, NotFound
from chassis.uploads import Upload

ENDINGS = {JPEG: "jpg", PNG: "png"}
IMAGE_NAME = re.compile(r"[0-9a-f]{64}\.(jpg|png)")
FOLDER = "products"


class ImagePath(BaseModel):
    """The name of a picture, as products tell it."""

    image_name: str = Field(max_length=80)


def put_image(files: FileStore, upload: Upload) -> str:
    """Keep a picture and return its name. Raises `InvalidRequest` when it is neither jpeg nor png by its content."""
    try:
        ending = ENDINGS[sniff(upload.content)]
    except (UnknownFileType, KeyError):
        refusal = FieldError("file", "jpg 또는 png 파일만 등록할 수 있습니다.", "Only jpg and png files are taken.")
        raise InvalidRequest([refusal]) from None
    name = f"{hashlib.sha256(upload.content).hexdigest()}.{ending}"
    files.put(f"{FOLDER}/{name}", upload.content, sniff(upload.content))
    return name


def images_blueprint(files: FileStore) -> APIBlueprint:
    """Serving pictures, to anybody: recipients see them too."""
    blueprint = APIBlueprint("images", __name__)

    @blueprint.get("/v1/images/<string:image_name>")
    @public
    def image(path: ImagePath) -> Response:
        """A picture; it never changes under its name."""
        if not IMAGE_NAME.fullmatch(path.image_name):
            raise NotFound
        try:
            stored = files.get(f"{FOLDER}/{path.image_name}")
        except FileMissing:
            raise NotFound from None
        response = Response(stored.content, mimetype=stored.content_type)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

    return blueprint
