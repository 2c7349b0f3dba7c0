"""Pictures made smaller."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from catalog.domain.errors import PictureUnreadable
from catalog.domain.picture import PIXELS_MAX, PictureFormat

_QUALITY = 85


def scaled(content: bytes, width: int, kind: PictureFormat) -> bytes:
    """The picture at most so many pixels wide, upright, without what its camera noted. Raises `PictureUnreadable`."""
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(content), formats=[kind]) as opened:
            # The size stands in the head; nothing is unpacked before it is known to be bearable.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            if opened.width * opened.height > PIXELS_MAX:
                raise PictureUnreadable
            picture = ImageOps.exif_transpose(opened)
            if picture.width > width:
                picture = picture.resize((width, max(1, picture.height * width // picture.width)))
            if kind == "JPEG" and picture.mode not in ("RGB", "L"):
                picture = picture.convert("RGB")
            output = io.BytesIO()
            picture.save(output, kind, optimize=True, **({"quality": _QUALITY} if kind == "JPEG" else {}))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning):
        raise PictureUnreadable from None
    return output.getvalue()
