"""Pages as PDF, printed aside from other requests; nothing outside the page is ever fetched."""

from __future__ import annotations

from typing import Any

from gevent import get_hub, monkey


def render_pdf(page: str) -> bytes:
    """The HTML page as PDF, with the fonts of the machine embedded."""
    if not monkey.is_module_patched("threading"):
        return _print(page)
    # Printing takes a tenth of a second and more: in a native thread it does not hold up the other requests.
    printed: bytes = get_hub().threadpool.apply(_print, (page,))
    return printed


def _print(page: str) -> bytes:
    # Loading the library takes longer than most requests, and needs libraries that only printing services have.
    from PIL import ImageFile
    from weasyprint import HTML

    # The library lets the whole process accept pictures that are cut off; an uploaded one is to be noticed and refused.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    printed = HTML(string=page, url_fetcher=_refuse).write_pdf()
    if not isinstance(printed, bytes):
        raise TypeError("the page was not printed")
    return printed


def _refuse(url: str, *_: Any, **__: Any) -> Any:
    raise ValueError(f"a document fetches nothing: {url[:100]}")
