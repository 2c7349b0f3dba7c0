"""What printing a page leaves behind in its process."""

import io

import pytest
from PIL import Image

from chassis.documents import render_pdf


def test_after_a_page_was_printed_a_picture_that_is_cut_off_is_still_noticed() -> None:
    whole = io.BytesIO()
    Image.effect_noise((64, 64), 50).save(whole, "PNG")
    assert render_pdf("<p>가</p>").startswith(b"%PDF")
    with pytest.raises(OSError, match="truncated"):
        Image.open(io.BytesIO(whole.getvalue()[:500])).load()
