"""Pictures of tests."""

import io

from PIL import Image


def a_picture(width: int = 1_000, height: int = 500, kind: str = "PNG") -> bytes:
    """A picture of one colour."""
    content = io.BytesIO()
    Image.new("RGB", (width, height), (200, 30, 60)).save(content, kind)
    return content.getvalue()
