"""Pictures: kept under the digest of their content, so that an address never changes its picture, in several sizes."""

import hashlib
import re

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from catalog.application.documents import Scaled
from catalog.domain.errors import PictureUnreadable
from catalog.domain.picture import WIDTHS, PictureFormat, name_of_width
from chassis.access import public
from chassis.file_types import JPEG, PNG, UnknownFileType, sniff
from chassis.files import FileMissing, FileStore, StoredFile
from chassis.problems import FieldError, InvalidRequest, NotFound
from chassis.uploads import Upload

ENDINGS = {JPEG: "jpg", PNG: "png"}
FORMATS: dict[str, PictureFormat] = {JPEG: "JPEG", PNG: "PNG"}
IMAGE_NAME = re.compile(r"(?P<digest>[0-9a-f]{64})(-(?P<width>[0-9]{3}))?\.(?P<ending>jpg|png)")
FOLDER = "products"


class ImagePath(BaseModel):
    """The name of a picture or of one of its sizes, as products and banners tell it."""

    image_name: str = Field(max_length=80)


class Pictures:
    """The pictures of a store."""

    def __init__(self, files: FileStore, scaled: Scaled) -> None:
        self._files = files
        self._scaled = scaled

    def put(self, upload: Upload) -> str:
        """Keep a picture in its sizes and return its name.

        Raises `InvalidRequest` when it is neither jpeg nor png by its content, `PictureUnreadable`.
        """
        try:
            content_type = sniff(upload.content)
            ending = ENDINGS[content_type]
        except (UnknownFileType, KeyError):
            refusal = FieldError("file", "jpg 또는 png 파일만 등록할 수 있습니다.", "Only jpg and png files are taken.")
            raise InvalidRequest([refusal]) from None
        name = f"{hashlib.sha256(upload.content).hexdigest()}.{ending}"
        sizes = {width: self._scaled(upload.content, width, FORMATS[content_type]) for width in WIDTHS}
        for width, content in sizes.items():
            self._files.put(f"{FOLDER}/{name_of_width(name, width)}", content, content_type)
        self._files.put(f"{FOLDER}/{name}", upload.content, content_type)
        return name

    def get(self, image_name: str) -> StoredFile:
        """A picture or one of its sizes. Raises `NotFound`."""
        asked = IMAGE_NAME.fullmatch(image_name)
        if asked is None or asked["width"] not in (None, *map(str, WIDTHS)):
            raise NotFound
        try:
            return self._files.get(f"{FOLDER}/{image_name}")
        except FileMissing:
            if asked["width"] is None:
                raise NotFound from None
        # A picture from before there were sizes: its size is made when somebody asks for it.
        original = self.get(f"{asked['digest']}.{asked['ending']}")
        try:
            content = self._scaled(original.content, int(asked["width"]), FORMATS[original.content_type])
        except PictureUnreadable:
            return original
        self._files.put(f"{FOLDER}/{image_name}", content, original.content_type)
        return StoredFile(content, original.content_type)


def image_urls(image_path: str) -> dict[int, str]:
    """The addresses of a picture's sizes by width in pixels; none without a picture."""
    return {width: f"/v1/images/{name_of_width(image_path, width)}" for width in WIDTHS} if image_path else {}


def images_blueprint(pictures: Pictures) -> APIBlueprint:
    """Serving pictures, to anybody: recipients see them too."""
    blueprint = APIBlueprint("images", __name__)

    @blueprint.get("/v1/images/<string:image_name>")
    @public
    def image(path: ImagePath) -> Response:
        """A picture or one of its sizes; it never changes under its name."""
        stored = pictures.get(path.image_name)
        response = Response(stored.content, mimetype=stored.content_type)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

    return blueprint
